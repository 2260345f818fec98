// SPDX-License-Identifier: BSD-2-Clause
#include "reason.h"

#include <cstring>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "description.h"
#include "matrix.h"
#include "names.h"
#include "output.h"
#include "quote.h"

namespace barebpf::tool
{
namespace
{

const char *member_name(const reason &why)
{
    return why.explanation.member == BAREBPF_NO_MEMBER ? nullptr
                                                       : barebpf_map_field_name(why.explanation.member);
}

// The command line's word for a member; empty where it has none.
std::string keyword_of(std::string_view member)
{
    constexpr struct {
        std::string_view member;
        const char *keyword;
    } words[] = {
        {"key_size", "key"},  {"value_size", "value"}, {"max_entries", "entries"}, {"map_flags", "flags"},
        {"map_name", "name"}, {"numa_node", "numa"},   {"map_extra", "extra"},
    };
    for (const auto &one : words)
        if (one.member == member)
            return one.keyword;
    return "";
}

// BAREBPF_ACCEPTS_* by number.
const char *accepts_name(uint32_t accepts)
{
    constexpr const char *names[] = {"nothing",      "number", "either",       "range",     "multiple",
                                     "power_of_two", "flags",  "flags_needed", "absent",    "name",
                                     "object",       "id",     "release",      "capability"};
    return accepts < std::size(names) ? names[accepts] : "nothing";
}

const char *capability_name(uint64_t number)
{
    return number == 12   ? "CAP_NET_ADMIN"
           : number == 38 ? "CAP_PERFMON"
           : number == 39 ? "CAP_BPF"
                          : "CAP_SYS_ADMIN";
}

json accepted_json(const barebpf_explanation &explanation)
{
    json accepted = {{"kind", accepts_name(explanation.accepts)}};
    switch (explanation.accepts) {
    case BAREBPF_ACCEPTS_NUMBER:
    case BAREBPF_ACCEPTS_EITHER:
    case BAREBPF_ACCEPTS_RANGE:
    case BAREBPF_ACCEPTS_MULTIPLE:
    case BAREBPF_ACCEPTS_POWER_OF_TWO:
        accepted.update({{"low", explanation.low}, {"high", explanation.high}, {"value", explanation.value}});
        break;
    case BAREBPF_ACCEPTS_FLAGS:
    case BAREBPF_ACCEPTS_FLAGS_NEEDED:
        accepted.update(
            {{"flags", flags_of(static_cast<uint32_t>(explanation.low))}, {"value", explanation.value}});
        break;
    case BAREBPF_ACCEPTS_RELEASE:
        accepted["since"] = release_text(static_cast<uint32_t>(explanation.low));
        break;
    case BAREBPF_ACCEPTS_CAPABILITY:
        accepted["capability"] = capability_name(explanation.low);
        break;
    default:
        break;
    }
    return accepted;
}

json given_json(const barebpf_map_spec &spec, const reason &why)
{
    const char *member = member_name(why);
    if (!member)
        return nullptr;
    if (member == std::string_view("map_name"))
        return json_text(spec.name ? spec.name : "");
    if (member == std::string_view("map_flags"))
        return spec.map_flags;
    return why.explanation.given;
}

const char *certainty(const reason &why)
{
    switch (why.explanation.confidence) {
    case BAREBPF_SURE_PROVED:
        return " (proved)";
    case BAREBPF_SURE_PREDICTED:
        return " (predicted)";
    case BAREBPF_SURE_SAID:
        return " (said by the kernel)";
    default:
        return "";
    }
}

} // namespace

reason find_reason(const barebpf_map_spec &spec, const inquiry &how)
{
    barebpf_explain_opts opts{};
    opts.sz = sizeof(opts);
    opts.surroundings = how.surroundings;
    opts.log = how.log.empty() ? nullptr : how.log.c_str();
    opts.calls = how.calls;
    opts.words = 1;
    constexpr size_t most_btf = 1 << 20;
    std::vector<char> scratch(spec.btf_fd && how.calls ? most_btf : 0);
    opts.scratch = scratch.empty() ? nullptr : scratch.data();
    opts.scratch_size = scratch.size();
    char text[1024] = "", remedy[1024] = "";
    reason found{spec.map_type, {}, "", ""};
    found.explanation.sz = sizeof(found.explanation);
    found.explanation.text = text;
    found.explanation.remedy = remedy;
    found.explanation.text_size = sizeof(text);
    found.explanation.remedy_size = sizeof(remedy);
    if (const int error = barebpf_explain(&spec, how.error, &opts, &found.explanation))
        throw failure{broken, fmt::format("the map cannot be explained: {}", errno_text(error))};
    found.explanation.text = found.explanation.remedy = nullptr;
    found.text = visible(text);
    found.remedy = visible(remedy);
    if (how.error && how.calls && found.is_made()) {
        found.text = "asked again, the kernel makes this map: the refusal was a passing one";
        found.remedy = "run it again";
    }
    return found;
}

uint64_t map_memory(const barebpf_map_spec &spec)
{
    uint64_t bytes = 0;
    if (const int error = barebpf_map_memory(&spec, nullptr, &bytes))
        throw failure{broken, fmt::format("the memory of the map cannot be told: {}", errno_text(error))};
    return bytes;
}

std::string setting_text(const barebpf_map_spec &spec, const reason &why)
{
    const char *member = member_name(why);
    const std::string keyword = member ? keyword_of(member) : "";
    if (keyword.empty())
        return "";
    if (keyword == "name")
        return fmt::format("name {}", in_quotes(cut_name(spec.name)));
    if (keyword == "flags")
        return spec.map_flags ? fmt::format("flags {}", fmt::join(flags_of(spec.map_flags), ",")) : "";
    if (keyword == "extra")
        return fmt::format("extra {:#x}", why.explanation.given);
    return fmt::format("{} {}", keyword, why.explanation.given);
}

std::vector<std::string> reason_lines(const reason &why, const std::string &log)
{
    std::vector<std::string> lines = {fmt::format("why: {}{}", why.text, certainty(why))};
    if (!log.empty())
        lines.back() += fmt::format("; the kernel says: {}", visible(log));
    if (!why.remedy.empty())
        lines.push_back("try: " + why.remedy);
    return lines;
}

json reason_json(const barebpf_map_spec &spec, const reason &why)
{
    const barebpf_explanation &explanation = why.explanation;
    const char *error = barebpf_errno_name(explanation.error);
    json document = {{"errno", explanation.error}, {"errno_name", error ? json(error) : json(nullptr)}};
    document["cause"] = barebpf_cause_name(explanation.cause);
    if (explanation.possible_count) {
        json possible = json::array();
        for (uint32_t i = 0; i < explanation.possible_count && i < std::size(explanation.possible); i++)
            possible.push_back(barebpf_cause_name(explanation.possible[i]));
        document["possible"] = possible;
    }
    const char *member = member_name(why);
    document["member"] = member ? json(member) : json(nullptr);
    document["given"] = given_json(spec, why);
    document["accepted"] = accepted_json(explanation);
    document["confidence"] = barebpf_confidence_name(explanation.confidence);
    document["text"] = json_text(why.text);
    document["remedy"] = json_text(why.remedy);
    if (explanation.needed)
        document["bytes_needed"] = explanation.needed;
    return document;
}

} // namespace barebpf::tool
