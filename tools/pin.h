// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_TOOLS_PIN_H
#define BAREBPF_TOOLS_PIN_H

#include <string>

#include "barebpf/barebpf.hpp"

namespace barebpf::tool
{

// Pins a map; throws a failure that says why it cannot.
void pin_map(const fd &map, const std::string &path);

// Why nothing can be pinned at a path; empty when nothing is known to be wrong.
std::string pin_problem(const std::string &path);

// Opens a pinned map; throws a failure that says why it cannot. `keyword` is what the path was given for.
fd open_map(const char *keyword, const std::string &path);

} // namespace barebpf::tool

#endif
