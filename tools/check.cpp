// SPDX-License-Identifier: BSD-2-Clause
#include "check.h"

#include <algorithm>
#include <optional>

#include <fmt/format.h>

#include "description.h"
#include "map_files.h"
#include "map_set.h"
#include "names.h"
#include "objects.h"
#include "quote.h"
#include "reason.h"
#include "requirement.h"
#include "rule_text.h"

namespace barebpf::tool
{
namespace
{

constexpr uint32_t page_size = 4096; // of the machine that is taken for common

// A map to check.
struct entry {
    std::string place = {}; // "net.maps:3:1", empty for the command line
    barebpf_map_spec spec;
    object_names objects;
    uint32_t since = 0;    // the first release that is to have it
    bool optional = false; // left out where it is refused
};

// What consecutive releases do with a map, for one reason.
struct stretch {
    uint32_t first, last;
    bool taken;
    bool left_out;    // as the line allows
    std::string text; // why the last of them refuses it
    std::string remedy;
    json members; // in the form of reason_json()
};

// What becomes of a map on all releases.
struct verdict {
    std::string label; // for people
    json about;        // place, type and name
    std::vector<stretch> ranges;
};

// A kernel as mainline is by default, with all that can be built into it.
barebpf_surroundings kernel_of(uint32_t release, const check_scope &scope)
{
    constexpr uint32_t disabled_by_default = 5 << 16 | 16 << 8;
    barebpf_surroundings surroundings{};
    surroundings.sz = sizeof(surroundings);
    surroundings.known = BAREBPF_KNOWN_RELEASE | BAREBPF_KNOWN_PAGE_SIZE | BAREBPF_KNOWN_CAPABILITIES |
                         BAREBPF_KNOWN_UNPRIVILEGED;
    surroundings.release = release;
    surroundings.page_size = page_size;
    surroundings.capabilities = scope.capabilities;
    surroundings.unprivileged_bpf_disabled = release >= disabled_by_default ? 2 : 0;
    surroundings.offline = 1;
    return surroundings;
}

// The objects that are named are taken to be right, and so are the types that the map type needs, given or
// not, where the kernel has the map type.
void assume(const entry &one, uint32_t release, barebpf_map_spec *spec)
{
    assume_objects(one.objects, spec);
    if (!needs_btf(spec->map_type))
        return;
    const bool is_known = (release & ~0xffu) >= barebpf_map_type_since(spec->map_type);
    if (spec->map_type == BAREBPF_MAP_TYPE_STRUCT_OPS) {
        spec->btf_vmlinux_value_type_id = is_known ? 1 : 0;
    } else if (is_known) {
        spec->btf_key_type_id = 1;
        spec->btf_value_type_id = 2;
    }
}

stretch refused_by(uint32_t release, const entry &one, const json &members)
{
    return {release, release, false, one.optional, members["text"], members["remedy"], members};
}

stretch answer_of(uint32_t release, const entry &one, const check_scope &scope)
{
    if (release < one.since)
        return {release, release, false, true, "since " + whole_release(one.since), "", json::object()};
    const barebpf_surroundings surroundings = kernel_of(release, scope);
    const std::string name = cut_name(one.spec.name);
    barebpf_map_spec spec = one.spec;
    spec.name = spec.name ? name.c_str() : nullptr;
    assume(one, release, &spec);
    const reason why = find_reason(spec, {0, 0, "", &surroundings});
    if (!why.is_made())
        return refused_by(release, one, reason_json(spec, why));
    const std::optional<failure> unmet =
        needs_btf(spec.map_type) ? std::nullopt : unmet_requirement(spec.map_type, one.objects);
    if (unmet)
        return refused_by(release, one, unmet->members);
    return {release, release, true, false, "", "", json::object()};
}

bool are_one(const stretch &a, const stretch &b)
{
    const auto same = [&](const char *member) {
        return a.members.value(member, json()) == b.members.value(member, json());
    };
    return a.taken == b.taken && a.left_out == b.left_out && same("cause") && same("errno");
}

std::vector<stretch> stretches_of(const entry &one, const check_scope &scope)
{
    std::vector<stretch> all;
    for (const uint32_t release : scope.releases.empty() ? mainline_releases() : scope.releases) {
        stretch next = answer_of(release, one, scope);
        if (!all.empty() && are_one(all.back(), next)) {
            next.first = all.back().first;
            all.pop_back();
        }
        all.push_back(std::move(next));
    }
    return all;
}

bool is_taken(const stretch &one)
{
    return one.taken;
}

// "taken", "refused", "left out", "taken from Linux 5.8 on", "taken by some".
std::string summary(const std::vector<stretch> &all)
{
    if (std::ranges::all_of(all, is_taken))
        return "taken";
    if (std::ranges::none_of(all, is_taken))
        return std::ranges::all_of(all, &stretch::left_out) ? "left out" : "refused";
    const bool begins = std::ranges::count_if(all, is_taken) == 1 && all.back().taken;
    return begins ? "taken from Linux " + whole_release(all.back().first) + " on" : "taken by some";
}

std::string span_of(const stretch &one)
{
    const std::string first = whole_release(one.first);
    return one.first == one.last ? first : fmt::format("{} to {}", first, whole_release(one.last));
}

std::string label_of(const entry &one)
{
    std::string text = one.place.empty() ? "" : one.place + ": ";
    text += type_text(one.spec.map_type);
    return one.spec.name ? fmt::format("{} {}", text, in_quotes(one.spec.name)) : text;
}

json about(const entry &one)
{
    json document = json::object();
    if (!one.place.empty())
        document["place"] = json_text(one.place);
    document["type"] = type_text(one.spec.map_type);
    if (one.spec.name)
        document["name"] = json_text(one.spec.name);
    return document;
}

// "taken", "left out: since 5.8", "EINVAL: ..."
std::string text_of(const stretch &part)
{
    if (part.taken)
        return "taken";
    const std::string why = part.members.empty()
                                ? part.text
                                : fmt::format("{}: {}", errno_name(part.members["errno"]), part.text);
    return part.left_out ? "left out: " + why : why;
}

std::string text_of(const verdict &one)
{
    std::string text = fmt::format("{}: {}\n", one.label, summary(one.ranges));
    for (const stretch &part : one.ranges) {
        text += fmt::format("  {:12}  {}\n", span_of(part), text_of(part));
        if (!part.remedy.empty())
            text += fmt::format("  {:12}  try: {}\n", "", part.remedy);
    }
    return text;
}

json json_of(const verdict &one)
{
    json ranges = json::array();
    for (const stretch &part : one.ranges) {
        json range = {
            {"from", whole_release(part.first)}, {"to", whole_release(part.last)}, {"taken", part.taken}};
        if (part.left_out)
            range["left_out"] = true;
        range.update(part.members);
        ranges.push_back(range);
    }
    json document = one.about;
    const stretch &last = one.ranges.back();
    document["taken"] = std::ranges::all_of(one.ranges, is_taken);
    document["since"] = last.taken ? json(whole_release(last.first)) : json(nullptr);
    document["ranges"] = ranges;
    return document;
}

bool is_right(const std::vector<stretch> &all, const check_scope &scope)
{
    const auto is_fine = [](const stretch &one) { return one.taken || one.left_out; };
    return scope.releases.empty() ? std::ranges::any_of(all, is_fine) : std::ranges::all_of(all, is_fine);
}

verdict verdict_on(const entry &one, const check_scope &scope)
{
    if (one.objects.offload_dev)
        throw failure{usage, fmt::format("{}{}offload_dev: what a device takes depends on its driver and "
                                         "cannot be checked",
                                         one.place, one.place.empty() ? "" : ": ")};
    return {label_of(one), about(one), stretches_of(one, scope)};
}

// All that is wrong, the first of it as the headline.
failure failure_of(const std::vector<problem> &problems)
{
    json list = json::array();
    failure all{usage, fmt::format("{}: {}", problems[0].place, problems[0].text)};
    for (const problem &one : problems) {
        const std::string text = fmt::format("{}: {}", one.place, one.text);
        list.push_back(json_text(text));
        if (&one != &problems[0])
            all.lines.push_back(text);
    }
    all.members["wrong"] = list;
    return all;
}

// A word that is no file may be meant as another command line.
std::vector<std::string> files_of(const char *path)
{
    try {
        return find_map_files({path});
    } catch (const failure &why) {
        throw failure{usage, "check: " + why.text};
    }
}

std::vector<verdict> verdicts_on_file(const char *path, const check_scope &scope)
{
    const map_set set(files_of(path), page_size);
    if (!set.problems.empty())
        throw failure_of(set.problems);
    if (set.entries.empty())
        throw failure{usage, fmt::format("check: {} has no map", in_quotes(path))};
    std::vector<verdict> all;
    for (const barebpf_map_plan_entry &one : set.entries) {
        map_reader reader(set.texts[one.file].text, set.cpus, page_size);
        reader.go_to(one);
        if (reader.next() != 1 || reader.line.kind != BAREBPF_LINE_MAP)
            throw failure{broken, "the line is gone"};
        all.push_back(verdict_on({set.place(one), reader.spec, objects_of(reader.line), reader.line.since,
                                  reader.line.optional != 0},
                                 scope));
    }
    return all;
}

std::vector<verdict> verdicts_on(const std::vector<const char *> &words, const check_scope &scope)
{
    if (words.empty())
        throw failure{usage, "check: give a file, or the words of a map"};
    if (words.size() == 1)
        return verdicts_on_file(words[0], scope);
    const description wanted(words, page_size);
    return {verdict_on({.spec = wanted.spec, .objects = objects_of(wanted.read)}, scope)};
}

} // namespace

bool check(const std::vector<const char *> &words, const check_scope &scope, format form)
{
    bool right = true;
    std::string text;
    json maps = json::array();
    for (const verdict &one : verdicts_on(words, scope)) {
        right &= is_right(one.ranges, scope);
        text += text_of(one);
        maps.push_back(json_of(one));
    }
    print(form == format::text ? text : written({{"taken", right}, {"maps", maps}}, form));
    return right;
}

} // namespace barebpf::tool
