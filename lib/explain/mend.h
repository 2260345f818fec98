// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_LIB_EXPLAIN_MEND_H
#define BAREBPF_LIB_EXPLAIN_MEND_H

#include "causes.h"
#include "surroundings.h"

// Changes a request until it breaks a rule no more. All of it is pure: decide() is asked, no kernel.
namespace barebpf
{

// What would be accepted in the place of what was given; the numbers are those of barebpf_explanation.
struct remedy {
    field member;
    uint32_t accepts;
    uint64_t given;
    uint64_t low;
    uint64_t high;
    uint64_t value;
};

// Bytes of a BPF_MAP_CREATE; those beyond the attr are not here.
struct bytes {
    map_create_attr attr;
    uint32_t size;
};

verdict decide_on(const surroundings &seen, release kernel, const map_create_attr &attr);

// Changes attr so that it does not break the rule of `said`, which is what `kernel` says of it. False when no
// change helps; *how tells of the rule in either case.
bool mend(map_create_attr *attr, remedy *how, const surroundings &seen, const verdict &said);

// Changes attr until `kernel` takes it; false when it does not get so far.
bool mend_all(map_create_attr *attr, const surroundings &seen, release kernel);

uint64_t number_in(const map_create_attr &attr, field member);
void set_number(map_create_attr *attr, field member, uint64_t number);

// Leaves a member out, and what means nothing without it.
void leave_out(map_create_attr *attr, field member);

// Makes a request for a small map of one for a large one, as far as `kernel` still takes it.
void shrink(map_create_attr *attr, const surroundings &seen, release kernel);

} // namespace barebpf

#endif
