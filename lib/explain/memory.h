// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_LIB_EXPLAIN_MEMORY_H
#define BAREBPF_LIB_EXPLAIN_MEMORY_H

#include "lib/rules/rules.h"

namespace barebpf
{

// Bytes that a map takes when it is made, as kernels from 6.4 on count them.
uint64_t memory_of(const map_create_attr &attr, const environment &machine, release kernel);

// The memlock of fdinfo. From 5.11 to 6.3 that is keys and values of all entries in whole pages, allocated or
// not; if that is zero, the map's real memory.
uint64_t memlock_of(const map_create_attr &attr, const environment &machine, release kernel);

} // namespace barebpf

#endif
