// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_TOOLS_REASON_H
#define BAREBPF_TOOLS_REASON_H

#include <string>
#include <vector>

#include "barebpf/explain.h"
#include "failure.h"

namespace barebpf::tool
{

// Why a map is refused, as barebpf_explain() found it.
struct reason {
    uint32_t map_type;
    barebpf_explanation explanation; // without its buffers
    std::string text;
    std::string remedy; // empty when nothing is known to help

    bool is_made() const { return explanation.cause == BAREBPF_CAUSE_NONE; }
};

// How to find it out.
struct inquiry {
    int error = 0;      // of the refusal; 0 when the kernel was not asked yet
    uint32_t calls = 0; // of bpf(2) that may be made
    std::string log;    // the kernel's own words
    const barebpf_surroundings *surroundings = nullptr;
};

// The most calls of bpf(2) that barebpf_explain() makes.
constexpr uint32_t every_call = 40;

reason find_reason(const barebpf_map_spec &spec, const inquiry &how);

// The bytes a map takes on this machine, about.
uint64_t map_memory(const barebpf_map_spec &spec);

// The member a reason is about, with what it has in the map, in the words of the command line: "entries
// 5000". Empty where the reason is not about one that the command line can set.
std::string setting_text(const barebpf_map_spec &spec, const reason &why);

// "why: ..." and "try: ...", the second only where something is known to help.
std::vector<std::string> reason_lines(const reason &why, const std::string &log = "");

// errno, its name, cause, member, given, accepted, confidence, text and remedy.
json reason_json(const barebpf_map_spec &spec, const reason &why);

} // namespace barebpf::tool

#endif
