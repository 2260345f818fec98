// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_TOOLS_CREATE_H
#define BAREBPF_TOOLS_CREATE_H

#include "command_line.h"

namespace barebpf::tool
{

// barebpf create: makes the map, shows the kernel's account of it, pins it and becomes the command to run, as
// asked.
void create(const command_line &line, format form);

} // namespace barebpf::tool

#endif
