// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_TOOLS_ENSURE_H
#define BAREBPF_TOOLS_ENSURE_H

#include <string>
#include <vector>

#include "failure.h"
#include "fill.h"

namespace barebpf::tool
{

enum class ensured {
    unchanged,
    created,
    kept,     // though it differs
    replaced, // since it differed
    migrated, // likewise, with its elements
    changed,  // mode or owner
    skipped,  // not for this kernel
};

// What became of the map of a line, or, with a dry run, would become of it.
struct ensured_map {
    ensured what;
    std::vector<std::string> lines = {}; // what differs, or why it is left out
    uint64_t elements = 0;               // that were set
    uint64_t copied = 0;                 // that were migrated
    uint64_t left_out = 0;
};

// Makes sure that the map of the line that the reader has just returned is pinned; `is_new` as in
// barebpf_ensure_opts. Throws a failure when the map is not there, or another one.
ensured_map ensure_map(map_reader *reader, filler *elements, bool is_new);

// What that would do. Changes nothing.
ensured_map plan_map(map_reader *reader);

} // namespace barebpf::tool

#endif
