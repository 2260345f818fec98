// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_TOOLS_PROBE_H
#define BAREBPF_TOOLS_PROBE_H

#include <cstdint>
#include <string>
#include <vector>

#include "output.h"

namespace barebpf::tool
{

// Something a kernel has or has not, and in which mainline releases (as barebpf_map_type_since() has them; 0:
// in none, and for `until` in all later).
struct fact {
    const char *kind; // "type", "flag", "field" or "feature"
    std::string name; // of a flag with its type before it
    uint32_t since;
    uint32_t until;
    uint32_t map_type; // whose configuration it depends on; 0 for none
    int answer;        // 1, 0 or -errno
    std::vector<std::string> calls;
};

// Where the answers come from.
struct host {
    std::string release; // as uname(2) has it
    std::string config;  // the text of its configuration; empty when it cannot be read
    bool filtered;       // a seccomp filter is in force

    uint32_t mainline() const; // major << 16 | minor << 8
};

// Whether mainline's kernel of that release has it.
bool expected(const fact &one, const host &here);

// What an answer means that is unknown or differs from mainline's; empty when there is nothing to say.
std::string remark(const fact &one, const host &here);

// Whether a seccomp filter is in force for this process, as /proc has it.
bool is_filtered();

// barebpf probe. Returns whether every answer is known.
bool probe(const std::vector<const char *> &words, bool verbose, format form);

} // namespace barebpf::tool

#endif
