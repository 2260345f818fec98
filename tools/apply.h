// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_TOOLS_APPLY_H
#define BAREBPF_TOOLS_APPLY_H

#include <vector>

#include "output.h"

namespace barebpf::tool
{

// barebpf apply: makes sure that the maps of map files are there. With dry_run it changes nothing and prints
// what would be changed. Returns false when something could not be done.
bool apply(const std::vector<const char *> &paths, bool dry_run, bool to_kernel, format form);

// barebpf diff: prints how this machine differs from map files. Returns false when it does.
bool diff(const std::vector<const char *> &paths, format form);

} // namespace barebpf::tool

#endif
