// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_TOOLS_CREATE_H
#define BAREBPF_TOOLS_CREATE_H

#include "command_line.h"

namespace barebpf::tool
{

// barebpf create: makes the map, pins it, shows what the kernel reports about it, and becomes the command to
// run.
void create(const command_line &line, format form);

} // namespace barebpf::tool

#endif
