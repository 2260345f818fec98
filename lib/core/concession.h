// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_LIB_CORE_CONCESSION_H
#define BAREBPF_LIB_CORE_CONCESSION_H

#include "attr.h"

namespace barebpf
{

// A set of concessions: what may be given up of a request, as bits BAREBPF_GIVE_UP_FLAGS to
// BAREBPF_GIVE_UP_BTF. Every function here is pure.
using concessions = uint32_t;

inline constexpr concessions all_concessions = 2 * BAREBPF_GIVE_UP_BTF - 1;

// The numbers that a map's size may depend on; 0 when unknown.
struct machine_sizes {
    uint32_t page_size;
    uint32_t possible_cpus;
};

// True if a map of this type is sized in pages, or by the number of CPUs.
bool is_in_pages(uint32_t map_type);
bool is_per_cpu(uint32_t map_type);

// The concessions that would change the request.
concessions possible(const map_create_attr &attr, const machine_sizes &sizes);

// Changes the request. Every concession must be possible, and BAREBPF_GIVE_UP_NAME_CHARS excludes
// BAREBPF_GIVE_UP_NAME.
void concede(map_create_attr *attr, concessions what, const machine_sizes &sizes);

} // namespace barebpf

#endif
