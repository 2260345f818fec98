// SPDX-License-Identifier: BSD-2-Clause
#include "report.h"

#include <algorithm>
#include <cerrno>
#include <cstdlib>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "description.h"
#include "names.h"
#include "policy.h"

namespace barebpf::tool
{
namespace
{

std::string flag_list(uint32_t bits)
{
    return bits ? fmt::format("{}", fmt::join(flags_of(bits), ",")) : "none";
}

std::string refused_with(int error)
{
    return error ? fmt::format(", refused with {}", barebpf_errno_name(error)) : "";
}

// What was asked for in the end, and what was wanted.
std::string change(uint32_t given_up, const barebpf_map_spec &wanted, const barebpf_report &done)
{
    switch (given_up) {
    case BAREBPF_GIVE_UP_FLAGS:
        return fmt::format("flags: {} instead of {}", flag_list(done.map_flags), flag_list(wanted.map_flags));
    case BAREBPF_GIVE_UP_SIZE:
        return fmt::format("entries: {} instead of {}", done.max_entries, wanted.max_entries);
    case BAREBPF_GIVE_UP_NAME_CHARS:
        return fmt::format("name: '{}' instead of '{}'", done.name, cut_name(wanted.name));
    case BAREBPF_GIVE_UP_NAME:
        return fmt::format("name: none instead of '{}'", cut_name(wanted.name));
    case BAREBPF_GIVE_UP_NAME_END:
        return fmt::format("name: '{}' instead of '{}'", cut_name(wanted.name), wanted.name);
    default:
        return "btf: none instead of the types given";
    }
}

// On one line.
std::string folded(std::string text)
{
    while (text.ends_with('\n'))
        text.pop_back();
    std::replace(text.begin(), text.end(), '\n', ' ');
    return text;
}

} // namespace

std::vector<std::string> report_notes(const barebpf_map_spec &wanted, const barebpf_report &done)
{
    std::vector<std::string> notes;
    for (uint32_t bit = 0; done.given_up >> bit; bit++)
        if (done.given_up >> bit & 1)
            notes.push_back(change(1u << bit, wanted, done) + refused_with(done.why[bit]));
    if (done.given_up & BAREBPF_GIVE_UP_SIZE && done.guessed_cpus)
        notes.push_back("entries: the CPUs barebpf may run on, for /sys does not tell the possible ones");
    if (done.raised)
        notes.push_back("RLIMIT_MEMLOCK: raised" + refused_with(EPERM));
    if (done.waited_ms)
        notes.push_back(fmt::format("waited {} ms for room under RLIMIT_MEMLOCK", done.waited_ms));
    return notes;
}

void add_report(json *document, const barebpf_report &done)
{
    json given_up = json::array();
    for (uint32_t bit = 0; done.given_up >> bit; bit++) {
        if (!(done.given_up >> bit & 1))
            continue;
        json one = {{"what", concession_names()[bit]}};
        if (done.why[bit])
            one["error"] = barebpf_errno_name(done.why[bit]);
        given_up.push_back(one);
    }
    if (!given_up.empty())
        (*document)["given_up"] = given_up;
    if (done.given_up & BAREBPF_GIVE_UP_SIZE && done.guessed_cpus)
        (*document)["guessed_cpus"] = true;
    if (done.raised)
        (*document)["memlock_raised"] = true;
    if (done.waited_ms)
        (*document)["waited_ms"] = done.waited_ms;
}

std::string refusal(int error, const barebpf_report &done, const std::string &words)
{
    std::string text = "the kernel refused to make the map: " + errno_text(error);
    if (done.calls > 1)
        text += fmt::format("; asked {} times", done.calls);
    if (done.first_error != std::abs(error))
        text += fmt::format(", at first {}", errno_text(done.first_error));
    if (!words.empty())
        text += fmt::format("; its words: {}", folded(words));
    return text;
}

} // namespace barebpf::tool
