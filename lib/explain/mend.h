// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_LIB_EXPLAIN_MEND_H
#define BAREBPF_LIB_EXPLAIN_MEND_H

#include "causes.h"
#include "surroundings.h"

// Changes a request until it no longer breaks a rule. Every function here is pure: decide() judges, no
// kernel.
namespace barebpf
{

// What would be accepted in place of the member's value; the numbers are those of barebpf_explanation.
struct remedy {
    field member;
    uint32_t accepts;
    uint64_t given;
    uint64_t low;
    uint64_t high;
    uint64_t value;
};

// The bytes of a BPF_MAP_CREATE, without those beyond the attr.
struct bytes {
    map_create_attr attr;
    uint32_t size;
};

verdict decide_on(const surroundings &seen, release kernel, const map_create_attr &attr);

// Changes attr so that it does not break the rule of `ruling`, the verdict on it. False when no change helps;
// *how describes the rule in either case.
bool mend(map_create_attr *attr, remedy *how, const surroundings &seen, const verdict &ruling);

// Changes attr until `kernel` accepts it; false when that fails.
bool mend_all(map_create_attr *attr, const surroundings &seen, release kernel);

uint64_t number_in(const map_create_attr &attr, field member);
void set_number(map_create_attr *attr, field member, uint64_t number);

// Leaves a member out, and those that mean nothing without it.
void leave_out(map_create_attr *attr, field member);

// Turns a request for a large map into one for a small map, as far as `kernel` still accepts it.
void shrink(map_create_attr *attr, const surroundings &seen, release kernel);

} // namespace barebpf

#endif
