// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_TOOLS_SHOW_H
#define BAREBPF_TOOLS_SHOW_H

#include <vector>

#include "output.h"

namespace barebpf::tool
{

// barebpf show: what the kernel reports about pinned maps, with their elements if asked to. Returns false
// when one of them cannot be shown.
bool show(const std::vector<const char *> &pins, bool elements, format form);

// barebpf unpin: removes the pins of maps. Returns false when one of them cannot be removed.
bool unpin(const std::vector<const char *> &pins, format form);

} // namespace barebpf::tool

#endif
