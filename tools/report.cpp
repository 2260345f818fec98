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
#include "quote.h"

namespace barebpf::tool
{
namespace
{

std::string flag_list(uint32_t bits)
{
    return bits ? fmt::format("{}", fmt::join(flags_of(bits), ",")) : "none";
}

std::string because_of(int error)
{
    return error ? fmt::format(" ({})", barebpf_errno_name(error)) : "";
}

// What the map got, and what was wanted.
std::string change(uint32_t given_up, const barebpf_map_spec &wanted, const barebpf_report &done)
{
    switch (given_up) {
    case BAREBPF_GIVE_UP_FLAGS:
        return fmt::format("flags: {} instead of {}", flag_list(done.map_flags), flag_list(wanted.map_flags));
    case BAREBPF_GIVE_UP_SIZE:
        return fmt::format("entries: {} instead of {}", done.max_entries, wanted.max_entries);
    case BAREBPF_GIVE_UP_NAME_CHARS:
        return fmt::format("name: {} instead of {}", in_quotes(done.name), in_quotes(cut_name(wanted.name)));
    case BAREBPF_GIVE_UP_NAME:
        return fmt::format("name: none instead of {}", in_quotes(cut_name(wanted.name)));
    case BAREBPF_GIVE_UP_NAME_END:
        return fmt::format("name: {} instead of {}", in_quotes(cut_name(wanted.name)),
                           in_quotes(wanted.name));
    default:
        return "btf: none instead of the types given";
    }
}

} // namespace

std::vector<std::string> report_notes(const barebpf_map_spec &wanted, const barebpf_report &done)
{
    std::vector<std::string> notes;
    for (uint32_t bit = 0; done.given_up >> bit; bit++)
        if (done.given_up >> bit & 1)
            notes.push_back(change(1u << bit, wanted, done) + because_of(done.why[bit]));
    if (done.given_up & BAREBPF_GIVE_UP_SIZE && done.guessed_cpus)
        notes.push_back(
            "entries: one for each CPU barebpf may run on; the possible CPUs could not be read from /sys");
    if (done.raised)
        notes.push_back("RLIMIT_MEMLOCK: raised" + because_of(EPERM));
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

std::string refusal(int error, const barebpf_report &done)
{
    if (was_made(done) || std::abs(error) == EMFILE)
        return "no descriptor above 2 is free for the map: " + errno_text(error);
    std::string text = "the kernel refused to make the map: " + errno_text(error);
    if (done.first_error && done.first_error != std::abs(error))
        text += fmt::format("; the first attempt failed with {}", errno_text(done.first_error));
    return text;
}

std::string folded(std::string text)
{
    while (text.ends_with('\n'))
        text.pop_back();
    std::replace(text.begin(), text.end(), '\n', ' ');
    return text;
}

bool was_made(const barebpf_report &done)
{
    return done.calls > 0 && done.first_error == 0;
}

} // namespace barebpf::tool
