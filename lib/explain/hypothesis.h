// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_LIB_EXPLAIN_HYPOTHESIS_H
#define BAREBPF_LIB_EXPLAIN_HYPOTHESIS_H

#include "inquiry.h"

namespace barebpf
{

// A rule for which some release would refuse the request with the errno it was refused with.
struct hypothesis {
    verdict ruling;
    remedy how;
    bool plain;             // follows from what is known of the running kernel
    bool refuted;           // by the kernel's results
    bool changeable;        // something in the request can be changed for it
    bool mendable;          // and then that release accepts the request
    map_create_attr mended; // changed so that only this rule is no longer broken
    map_create_attr whole;  // changed so that no rule of that release is broken
    int result;             // result of `whole`, made small; or `not_tried`
};

inline constexpr uint32_t most_hypotheses = 12;

struct hypotheses {
    uint32_t count;
    hypothesis rows[most_hypotheses];

    hypotheses() {}
};

// The rules by which some kernel would refuse the request with this errno, that of the claimed release first.
void gather(hypotheses *all, inquiry *of);

// True if a changes only a part of what b changes; if both change the same.
bool is_part_of(const map_create_attr &given, const map_create_attr &a, const map_create_attr &b);
bool changes_the_same(const map_create_attr &given, const map_create_attr &a, const map_create_attr &b);

} // namespace barebpf

#endif
