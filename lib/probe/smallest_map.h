// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_LIB_PROBE_SMALLEST_MAP_H
#define BAREBPF_LIB_PROBE_SMALLEST_MAP_H

#include "lib/core/attr.h"

namespace barebpf
{

// What machines want of a type may differ: how many requests there are of which each takes one.
unsigned int smallest_map_variants(uint32_t map_type);

// Fills attr with the smallest map of a type (one that has a first kernel) that every kernel with such a
// machine takes. Descriptors it must carry are -1, and the type in the kernel's own BTF does not exist: what
// needs one of them is not made, but refused behind all checks of flags and sizes.
void smallest_map(map_create_attr *attr, uint32_t map_type, unsigned int variant);

} // namespace barebpf

#endif
