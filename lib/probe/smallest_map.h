// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_LIB_PROBE_SMALLEST_MAP_H
#define BAREBPF_LIB_PROBE_SMALLEST_MAP_H

#include "lib/core/attr.h"

namespace barebpf
{

// What a type requires may differ between machines: the number of variants, of which each machine accepts
// one.
unsigned int smallest_map_variants(uint32_t map_type);

// Fills attr with the smallest map of a type that every kernel with the type accepts on a machine of that
// variant. The type is one with a first kernel. Descriptors that the request must have are -1, and the type
// in the kernel's own BTF does not exist: a map that needs one of them is not made, but refused after all
// checks of flags and sizes.
void smallest_map(map_create_attr *attr, uint32_t map_type, unsigned int variant);

} // namespace barebpf

#endif
