// SPDX-License-Identifier: BSD-2-Clause
#include "check.h"

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <optional>

#include <fmt/format.h>

#include "attr.h"
#include "description.h"
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

// A map to check, and where it stands: "maps.txt:3", empty for the command line.
struct entry {
    std::string place;
    description wanted;
    std::vector<std::string> words; // `wanted` points into them
};

// What consecutive releases do with a map, for one reason.
struct stretch {
    uint32_t first, last;
    bool taken;
    std::string text; // why the last of them refuses it
    std::string remedy;
    json members; // in the form of reason_json()
};

std::vector<const char *> pointers_to(const std::vector<std::string> &words)
{
    std::vector<const char *> pointers;
    for (const std::string &word : words)
        pointers.push_back(word.c_str());
    return pointers;
}

// Of `map create PIN …`, `create PIN …` or `PIN …` the last.
std::vector<std::string> without_command(std::vector<std::string> words)
{
    if (words.size() > 1 && words[0] == "map" && words[1] == "create")
        words.erase(words.begin());
    if (words[0] == "create")
        words.erase(words.begin());
    else if (words[0] == "map")
        throw failure{usage, "only lines with `map create` can be checked"};
    return words;
}

entry entry_of(const std::string &place, std::vector<std::string> words)
{
    words = without_command(std::move(words));
    const description wanted(pointers_to(words), page_size);
    if (wanted.read.offload_dev)
        throw failure{usage, "offload_dev: what a device takes depends on its driver and cannot be checked"};
    return {place, wanted, std::move(words)};
}

// With the lines that a backslash joins as one; the number is that of the last.
bool read_line(std::ifstream *file, std::string *line, size_t *number)
{
    line->clear();
    for (std::string part; std::getline(*file, part);) {
        ++*number;
        *line += part;
        if (!line->ends_with('\\'))
            return true;
        line->back() = ' ';
    }
    return !line->empty();
}

std::vector<entry> entries_of_file(const char *path)
{
    std::ifstream file(path);
    std::vector<entry> entries;
    size_t number = 0;
    if (!file || file.peek() == std::ifstream::traits_type::eof())
        throw failure{usage, fmt::format("check: cannot read {}: {}", in_quotes(path),
                                         file ? "it is empty" : errno_text(errno))};
    for (std::string line; read_line(&file, &line, &number);) {
        const std::string place = fmt::format("{}:{}", visible(path), number);
        try {
            const std::vector<std::string> words = words_of_line(line);
            if (!words.empty())
                entries.push_back(entry_of(place, words));
        } catch (const failure &why) {
            throw failure{why.code, fmt::format("{}: {}", place, why.text)};
        }
    }
    if (entries.empty())
        throw failure{usage, fmt::format("check: {} has no map", in_quotes(path))};
    return entries;
}

std::vector<entry> entries_of(const std::vector<const char *> &words)
{
    if (words.empty())
        throw failure{usage, "check: give a file, or the words of a map"};
    if (words.size() == 1)
        return entries_of_file(words[0]);
    std::vector<entry> entries;
    entries.push_back(entry_of("", {words.begin(), words.end()}));
    return entries;
}

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

// The types of key and value are taken to be right, given or not, where the kernel has the map type.
void assume_btf(barebpf_map_spec *spec, const barebpf_map_words &read, uint32_t release)
{
    const bool is_known = (release & ~0xffu) >= barebpf_map_type_since(spec->map_type);
    const bool is_needed = needs_btf(spec->map_type) && is_known;
    if (spec->map_type == BAREBPF_MAP_TYPE_STRUCT_OPS) {
        spec->btf_vmlinux_value_type_id = is_known ? 1 : 0;
        return;
    }
    if (!read.btf && !is_needed)
        return;
    spec->btf_key_type_id = spec->btf_key_type_id || read.key_type || is_needed ? 1 : 0;
    spec->btf_value_type_id = 2;
}

// So is a token that a word asks for.
void assume_token(barebpf_map_spec *spec, const barebpf_map_words &read)
{
    if (read.token)
        spec->map_flags |= BAREBPF_F_TOKEN_FD;
}

stretch answer_of(uint32_t release, const entry &one, const check_scope &scope)
{
    const barebpf_surroundings surroundings = kernel_of(release, scope);
    const std::string name = cut_name(one.wanted.spec.name);
    barebpf_map_spec spec = one.wanted.spec;
    spec.name = spec.name ? name.c_str() : nullptr;
    assume_btf(&spec, one.wanted.read, release);
    assume_token(&spec, one.wanted.read);
    const reason why = find_reason(spec, {0, 0, "", &surroundings});
    if (!why.is_made())
        return {release, release, false, why.text, why.remedy, reason_json(spec, why)};
    const std::optional<failure> unmet = needs_btf(spec.map_type)
                                             ? std::nullopt
                                             : unmet_requirement(spec.map_type, objects_of(one.wanted.read));
    if (!unmet)
        return {release, release, true, "", "", json::object()};
    return {release, release, false, unmet->members["text"], unmet->members["remedy"], unmet->members};
}

bool are_one(const stretch &a, const stretch &b)
{
    return a.taken == b.taken && (a.taken || (a.members["cause"] == b.members["cause"] &&
                                              a.members["errno"] == b.members["errno"]));
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

// "taken", "refused", "taken from Linux 5.8 on", "taken by some".
std::string summary(const std::vector<stretch> &all)
{
    if (std::ranges::all_of(all, is_taken))
        return "taken";
    if (std::ranges::none_of(all, is_taken))
        return "refused";
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
    const barebpf_map_spec &spec = one.wanted.spec;
    std::string text = one.place.empty() ? "" : one.place + ": ";
    text += type_text(spec.map_type);
    return spec.name ? fmt::format("{} {}", text, in_quotes(spec.name)) : text;
}

std::string text_of(const entry &one, const std::vector<stretch> &all)
{
    std::string text = fmt::format("{}: {}\n", label_of(one), summary(all));
    for (const stretch &part : all) {
        const std::string span = span_of(part);
        if (part.taken) {
            text += fmt::format("  {:12}  taken\n", span);
            continue;
        }
        text += fmt::format("  {:12}  {}: {}\n", span, errno_name(part.members["errno"]), part.text);
        if (!part.remedy.empty())
            text += fmt::format("  {:12}  try: {}\n", "", part.remedy);
    }
    return text;
}

json json_of(const entry &one, const std::vector<stretch> &all)
{
    json ranges = json::array();
    for (const stretch &part : all) {
        json range = {
            {"from", whole_release(part.first)}, {"to", whole_release(part.last)}, {"taken", part.taken}};
        range.update(part.members);
        ranges.push_back(range);
    }
    json document = json::object();
    if (!one.place.empty())
        document["place"] = json_text(one.place);
    document["type"] = type_text(one.wanted.spec.map_type);
    if (one.wanted.spec.name)
        document["name"] = json_text(one.wanted.spec.name);
    document["taken"] = std::ranges::all_of(all, is_taken);
    document["since"] = all.back().taken ? json(whole_release(all.back().first)) : json(nullptr);
    document["ranges"] = ranges;
    return document;
}

bool is_right(const std::vector<stretch> &all, const check_scope &scope)
{
    return scope.releases.empty() ? std::ranges::any_of(all, is_taken) : std::ranges::all_of(all, is_taken);
}

} // namespace

std::vector<std::string> words_of_line(const std::string &line)
{
    std::vector<std::string> words;
    for (size_t at = line.find_first_not_of(" \t\r"); at != line.npos && line[at] != '#';
         at = line.find_first_not_of(" \t\r", at)) {
        const bool quoted = line[at] == '\'' || line[at] == '"';
        const size_t end =
            quoted ? line.find(line[at], at + 1) : std::min(line.find_first_of(" \t\r#", at), line.size());
        if (end == line.npos)
            throw failure{usage, fmt::format("the quote {} does not end", in_quotes(line.substr(at)))};
        words.push_back(quoted ? line.substr(at + 1, end - at - 1) : line.substr(at, end - at));
        at = end + quoted;
    }
    return words;
}

bool check(const std::vector<const char *> &words, const check_scope &scope, format form)
{
    bool right = true;
    std::string text;
    json maps = json::array();
    for (const entry &one : entries_of(words)) {
        const std::vector<stretch> all = stretches_of(one, scope);
        right &= is_right(all, scope);
        text += text_of(one, all);
        maps.push_back(json_of(one, all));
    }
    print(form == format::text ? text : written({{"taken", right}, {"maps", maps}}, form));
    return right;
}

} // namespace barebpf::tool
