// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_LIB_EXPLAIN_HYPOTHESIS_H
#define BAREBPF_LIB_EXPLAIN_HYPOTHESIS_H

#include "inquiry.h"

namespace barebpf
{

// A rule that some release would refuse the request by, with the errno it was refused with.
struct hypothesis {
    verdict said;
    remedy how;
    bool plain;             // by what is known of the running kernel
    bool refuted;           // by what the kernel answered
    bool changeable;        // something in the request can be changed for it
    bool mendable;          // and then that release takes the request
    map_create_attr mended; // with only this rule no more broken
    map_create_attr whole;  // with none broken, as far as that release goes
    int answer;             // to `whole`, made small; `unasked`
};

inline constexpr uint32_t most_hypotheses = 12;

struct hypotheses {
    uint32_t count;
    hypothesis rows[most_hypotheses];

    hypotheses() {}
};

// The rules by which some kernel would refuse the request with this errno, that of the claimed release first.
void gather(hypotheses *all, inquiry *of);

// Whether the first changes a part only of what the second changes, and whether both change the same.
bool is_part_of(const map_create_attr &given, const map_create_attr &a, const map_create_attr &b);
bool changes_the_same(const map_create_attr &given, const map_create_attr &a, const map_create_attr &b);

} // namespace barebpf

#endif
