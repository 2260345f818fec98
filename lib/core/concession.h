// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_LIB_CORE_CONCESSION_H
#define BAREBPF_LIB_CORE_CONCESSION_H

#include "attr.h"

namespace barebpf
{

// What may be given up of a request, as bits: BAREBPF_GIVE_UP_FLAGS to BAREBPF_GIVE_UP_BTF. All of it is
// pure.
using concessions = uint32_t;

inline constexpr concessions all_concessions = 2 * BAREBPF_GIVE_UP_BTF - 1;

// The numbers that sizes depend on; 0 for one that is not known.
struct machine_sizes {
    uint32_t page_size;
    uint32_t possible_cpus;
};

// Which of the numbers the size of a map of this type depends on.
bool is_in_pages(uint32_t map_type);
bool is_per_cpu(uint32_t map_type);

// Those that would change the request.
concessions possible(const map_create_attr &attr, const machine_sizes &sizes);

// Gives them up. Every one must be possible, and a name loses its characters or itself, not both.
void concede(map_create_attr *attr, concessions what, const machine_sizes &sizes);

} // namespace barebpf

#endif
