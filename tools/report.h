// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_TOOLS_REPORT_H
#define BAREBPF_TOOLS_REPORT_H

#include <string>
#include <vector>

#include "barebpf/barebpf.h"
#include "output.h"

namespace barebpf::tool
{

// How the map that was made differs from what was wanted, and what was done to have it made: a sentence each.
std::vector<std::string> report_notes(const barebpf_map_spec &wanted, const barebpf_report &done);

// The same as members of a document; none where all is as wanted.
void add_report(json *document, const barebpf_report &done);

// After a failure: whether the kernel made the map at the first attempt, so that only moving its descriptor
// away from 0 to 2 can have failed.
bool was_made(const barebpf_report &done);

// Why there is no map, by the errno alone.
std::string refusal(int error, const barebpf_report &done);

// The kernel's words on one line.
std::string folded(std::string text);

} // namespace barebpf::tool

#endif
