// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_TOOLS_CHILD_H
#define BAREBPF_TOOLS_CHILD_H

#include "barebpf/barebpf.hpp"

namespace barebpf::tool
{

// Throws a failure when a command certainly cannot be run, so that nothing is made for it.
void check_child(const char *command);

// Becomes the command, which finds the map's descriptor in BAREBPF_FD. Throws a failure when it cannot.
[[noreturn]] void become(char **child, const fd &map);

} // namespace barebpf::tool

#endif
