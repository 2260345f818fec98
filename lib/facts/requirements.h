// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_LIB_FACTS_REQUIREMENTS_H
#define BAREBPF_LIB_FACTS_REQUIREMENTS_H

#include "rule_list.h"
#include "types.h"

// What each map type requires of a request, in the order in which the kernel checks it.
namespace barebpf
{

// The kernel checks a type's requirements at two moments; each is a pass over the table. In between it checks
// map_ifindex and, from 6.5, permissions. Before 4.16 there was only map_alloc.
enum class moment : uint8_t {
    check, // map_alloc_check
    make,  // map_alloc
};

enum class test : uint8_t {
    equals,      // member == a
    either,      // member == a, or b from b_since on
    within,      // a <= member <= b
    at_most,     // member <= a, in units of `unit`
    multiple,    // member % a == 0, a being a power of two
    flags,       // no map_flags but the type's own, and all it requires
    required,    // all map_flags it requires
    capability,  // the type's capability, on kernels where the type itself checks it
    inner_first, // the inner map, before 4.16
    inner,       // the inner map, from 4.16
    odd,         // a check of its own: odd_rule_breaks() in rules_types.cpp
};

enum class unit : uint8_t {
    one,
    page,
    kmalloc, // KMALLOC_MAX_SIZE minus a
    percpu,  // the largest allocation for one CPU
    cpus,    // NR_CPUS
};

enum class member : uint8_t {
    none,
    key_size,
    value_size,
    max_entries,
};

struct requirement {
    type_set types;
    uint32_t a;
    uint32_t b;
    release b_since;
    member of;
    test how;
    unit in;
    release checked_since; // kernels from here on check it in map_alloc_check, older ones in map_alloc
    rule broken;
};

// True if the type has no use for the member and requires it to be 0.
bool must_be_zero(member of, uint32_t type);

// The requirements in the kernel's order, index counting from 0; nullptr after the last.
const requirement *requirement_at(size_t index);

} // namespace barebpf

#endif
