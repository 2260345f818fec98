// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_TOOLS_EXPLAIN_H
#define BAREBPF_TOOLS_EXPLAIN_H

#include <vector>

#include "output.h"

namespace barebpf::tool
{

// barebpf explain MAP: prints whether this kernel would make the map, and if not why. barebpf explain RULE:
// prints a rule of the kernel. Returns false when the map would not be made.
bool explain(const std::vector<const char *> &words, format form);

} // namespace barebpf::tool

#endif
