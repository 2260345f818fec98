// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_TOOLS_REQUIREMENT_H
#define BAREBPF_TOOLS_REQUIREMENT_H

#include <optional>

#include "failure.h"
#include "objects.h"

namespace barebpf::tool
{

// What a map lacks that its type needs on every kernel, as the failure to make it; nothing when it lacks
// nothing.
std::optional<failure> unmet_requirement(uint32_t map_type, const object_names &names);

// Types of which the kernel needs the BTF.
bool needs_btf(uint32_t map_type);

} // namespace barebpf::tool

#endif
