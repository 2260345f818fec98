// SPDX-License-Identifier: BSD-2-Clause
#include "probe.h"

#include <algorithm>
#include <fstream>
#include <iterator>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sys/utsname.h>

#include "barebpf/probe.h"
#include "matrix.h"
#include "names.h"
#include "quote.h"

namespace barebpf::tool
{
namespace
{

std::string text_of(const std::string &path)
{
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

host this_host()
{
    utsname name{};
    uname(&name);
    return {name.release, text_of(std::string("/boot/config-") + name.release), is_filtered()};
}

// "02000000 04000000", without the zeros at the end.
std::string hexadecimal(const void *bytes, uint32_t size)
{
    const auto *at = static_cast<const unsigned char *>(bytes);
    while (size && !at[size - 1])
        size--;
    std::string text;
    for (uint32_t i = 0; i < (size + 3) / 4 * 4; i++)
        text += fmt::format("{}{:02x}", i && i % 4 == 0 ? " " : "", i < size ? at[i] : 0);
    return text;
}

void keep_call(void *context, const barebpf_probe_call *call)
{
    std::string text = call->name;
    if (call->size)
        text += fmt::format(" {} bytes", call->size);
    if (call->attr)
        text += fmt::format(" {{{}}}", hexadecimal(call->attr, call->size));
    const char *name = call->result < 0 ? barebpf_errno_name(call->result) : nullptr;
    text += name ? fmt::format(" = {}", name) : fmt::format(" = {}", call->result);
    static_cast<std::vector<std::string> *>(context)->push_back(text);
}

// Asks for one fact with one of the library's functions, and keeps the calls it made.
template <typename F> void ask(fact *one, F probe)
{
    barebpf_probe_opts opts{};
    opts.sz = sizeof(opts);
    opts.on_call = keep_call;
    opts.context = &one->calls;
    one->answer = probe(&opts);
}

using facts = std::vector<fact>;

// The groups and the map types to ask about; everything when there are none.
using selection = std::vector<std::string>;

bool has(const selection &wanted, const char *group, uint32_t type)
{
    const auto given = [&](const char *word) { return std::ranges::find(wanted, word) != wanted.end(); };
    return wanted.empty() || given(group) || (type && given(barebpf_map_type_name(type)));
}

facts types(const selection &wanted)
{
    facts all;
    for (uint32_t type = 0; barebpf_map_type_name(type); type++) {
        const uint32_t since = barebpf_map_type_since(type);
        if (!since || !has(wanted, "types", type))
            continue;
        all.push_back({"type", barebpf_map_type_name(type), since, 0, type, 0, {}});
        ask(&all.back(), [&](auto *opts) { return barebpf_probe_map_type(type, opts); });
    }
    return all;
}

facts flags_of(uint32_t type)
{
    facts all;
    for (uint32_t bit = 0; bit < 32; bit++) {
        const uint32_t since = barebpf_map_flag_since(type, bit);
        if (!since)
            continue;
        const std::string name =
            fmt::format("{} {}", barebpf_map_type_name(type), barebpf_map_flag_name(bit));
        all.push_back({"flag", name, since, 0, type, 0, {}});
        ask(&all.back(), [&](auto *opts) { return barebpf_probe_map_flag(type, bit, opts); });
    }
    return all;
}

facts flags(const selection &wanted)
{
    facts all;
    for (uint32_t type = 0; barebpf_map_type_name(type); type++)
        if (has(wanted, "flags", type))
            std::ranges::move(flags_of(type), std::back_inserter(all));
    return all;
}

facts fields(const selection &wanted)
{
    facts all;
    for (uint32_t i = 0; has(wanted, "fields", 0) && barebpf_map_field_name(i); i++) {
        const std::string name = barebpf_map_field_name(i);
        const bool is_of_struct_ops = name == "btf_vmlinux_value_type_id";
        all.push_back({"field",
                       name,
                       barebpf_map_field_since(i),
                       0,
                       is_of_struct_ops ? BAREBPF_MAP_TYPE_STRUCT_OPS : 0,
                       0,
                       {}});
        ask(&all.back(), [&](auto *opts) { return barebpf_probe_map_field(i, opts); });
    }
    return all;
}

facts features(const selection &wanted)
{
    facts all;
    for (uint32_t i = 0; has(wanted, "features", 0) && barebpf_feature_name(i); i++) {
        all.push_back({"feature",
                       barebpf_feature_name(i),
                       barebpf_feature_since(i),
                       barebpf_feature_until(i),
                       0,
                       0,
                       {}});
        ask(&all.back(), [&](auto *opts) { return barebpf_probe_feature(i, opts); });
    }
    return all;
}

selection read_selection(const std::vector<const char *> &words)
{
    selection known = {"types", "flags", "fields", "features"};
    for (uint32_t type = 0; barebpf_map_type_name(type); type++)
        if (barebpf_map_type_since(type))
            known.emplace_back(barebpf_map_type_name(type));
    selection wanted;
    for (const char *word : words) {
        wanted.push_back(bare_name(word));
        if (std::ranges::find(known, wanted.back()) == known.end())
            throw failure{
                usage, fmt::format("probe: unknown argument {}{}; known are types, flags, fields, features "
                                   "and the names of map types",
                                   in_quotes(word), did_you_mean(word, known))};
    }
    return wanted;
}

facts ask_for(const selection &wanted)
{
    facts all;
    for (const auto group : {types, flags, fields, features})
        std::ranges::move(group(wanted), std::back_inserter(all));
    return all;
}

// The options a mainline kernel needs for it.
std::vector<std::string> options_of(const fact &one, const host &here)
{
    const uint32_t needed = barebpf_map_type_config(one.map_type, here.mainline());
    std::vector<std::string> options;
    for (uint32_t bit = 0; barebpf_config_name(bit); bit++)
        if (needed >> bit & 1)
            options.push_back(std::string("CONFIG_") + barebpf_config_name(bit));
    return options;
}

std::string bounds(const fact &one)
{
    std::string text = fmt::format("mainline has it since {}", release_text(one.since));
    return one.until ? text + fmt::format(" and until {}", release_text(one.until)) : text;
}

// Why a kernel lacks what mainline has, as far as its configuration shows.
std::string cause(const fact &one, const host &here)
{
    std::vector<std::string> options = options_of(one, here);
    if (!here.config.empty())
        std::erase_if(options, [&](const std::string &option) {
            return here.config.find("\n" + option + "=y\n") != std::string::npos;
        });
    if (options.empty())
        return "because of the machine, a sandbox or a patched kernel";
    if (!here.config.empty())
        return fmt::format("{} not set", fmt::join(options, " and "));
    return fmt::format("{} not set, or because of the machine, a sandbox or a patched kernel",
                       fmt::join(options, " or "));
}

const char *word_of(int answer)
{
    return answer < 0 ? "unknown" : answer ? "yes" : "no";
}

std::string line(const fact &one, const host &here, bool verbose)
{
    const std::string remarked = remark(one, here);
    std::string text = fmt::format("{:7}  {:38}  {}", one.kind, one.name, word_of(one.answer));
    text += remarked.empty() ? "\n" : fmt::format(": {}\n", remarked);
    for (size_t i = 0; verbose && i < one.calls.size(); i++)
        text += fmt::format("\t{}\n", one.calls[i]);
    return text;
}

json document(const fact &one, const host &here, bool verbose)
{
    json entry = {{"kind", one.kind}, {"name", one.name}};
    entry["supported"] = one.answer < 0 ? json(nullptr) : json(one.answer == 1);
    if (one.answer < 0) {
        const char *name = barebpf_errno_name(one.answer);
        entry["error"] = name ? json(name) : json(-one.answer);
    }
    entry["since"] = release_text(one.since);
    if (one.until)
        entry["until"] = release_text(one.until);
    entry["expected"] = expected(one, here);
    if (const std::string text = remark(one, here); !text.empty())
        entry["remark"] = text;
    if (verbose)
        entry["calls"] = one.calls;
    return entry;
}

struct counts {
    size_t yes = 0;
    size_t no = 0;
    size_t unknown = 0;
    size_t different = 0; // from mainline
    size_t calls = 0;
};

counts count(const facts &all, const host &here)
{
    counts sum;
    for (const fact &one : all) {
        (one.answer < 0 ? sum.unknown : one.answer ? sum.yes : sum.no)++;
        sum.different += one.answer >= 0 && one.answer != expected(one, here);
        sum.calls += one.calls.size();
    }
    return sum;
}

std::string text_of(const facts &all, const host &here, bool verbose)
{
    std::string text;
    for (const fact &one : all)
        text += line(one, here, verbose);
    const counts sum = count(all, here);
    return text + fmt::format("{}: {} yes, {} no, {} unknown; {} differ from mainline {}; {} calls\n",
                              visible(here.release), sum.yes, sum.no, sum.unknown, sum.different,
                              release_text(here.mainline()), sum.calls);
}

// One document, and in compact form one line a fact.
std::string json_text_of(const facts &all, const host &here, bool verbose, format form)
{
    json entries = json::array();
    for (const fact &one : all)
        entries.push_back(document(one, here, verbose));
    const json head = {{"kernel", json_text(here.release)}, {"mainline", release_text(here.mainline())}};
    if (form == format::pretty_json) {
        json whole = head;
        whole["facts"] = entries;
        return written(whole, form);
    }
    std::vector<std::string> lines;
    for (const json &entry : entries)
        lines.push_back(entry.dump());
    const std::string opened = head.dump();
    return fmt::format("{},\"facts\":[\n{}\n]}}\n", opened.substr(0, opened.size() - 1),
                       fmt::join(lines, ",\n"));
}

} // namespace

bool is_filtered()
{
    return text_of("/proc/self/status").find("\nSeccomp:\t2") != std::string::npos;
}

uint32_t host::mainline() const
{
    return release_in(release) & ~0xffu;
}

bool expected(const fact &one, const host &here)
{
    return one.since && one.since <= here.mainline() && (!one.until || here.mainline() < one.until);
}

std::string remark(const fact &one, const host &here)
{
    if (one.answer < 0)
        return fmt::format("{}{}; {}", errno_text(one.answer),
                           here.filtered ? ", and a seccomp filter is in force" : "", bounds(one));
    if (one.answer == expected(one, here))
        return "";
    // What ended in a later release is missing because that was carried back.
    const bool carried_back = one.answer == 1 || one.until;
    return fmt::format("{}; {}", carried_back ? "a backport" : cause(one, here), bounds(one));
}

bool probe(const std::vector<const char *> &words, bool verbose, format form)
{
    const selection wanted = read_selection(words);
    const host here = this_host();
    const facts all = ask_for(wanted);
    print(form == format::text ? text_of(all, here, verbose) : json_text_of(all, here, verbose, form));
    return std::ranges::none_of(all, [](const fact &one) { return one.answer < 0; });
}

} // namespace barebpf::tool
