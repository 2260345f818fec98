// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_LIB_EXPLAIN_INQUIRY_H
#define BAREBPF_LIB_EXPLAIN_INQUIRY_H

#include "memory.h"
#include "mend.h"

// State of one search for the cause of a refusal.
namespace barebpf
{

inline constexpr uint32_t most_possible =
    sizeof(barebpf_explanation::possible) / sizeof(barebpf_explanation::possible[0]);

// The result of the search.
struct finding {
    cause why;
    uint32_t confidence;
    verdict ruling; // if the cause is a rule: the values for its sentence
    remedy how;
    uint64_t needed;
    uint64_t left;
    uint32_t possible_count;
    cause possible[most_possible];
};

struct inquiry {
    map_create_attr given;
    const void *passed;  // the attr as passed
    uint32_t size;       // of it
    int error;           // positive; 0: not known
    const char *log;     // the kernel's message, or nullptr
    uint32_t most_calls; // of bpf(2)
    uint32_t calls;
    int helper; // a map that stands in for an inner map, -1 without one
    int reach;  // the result of test_reach(); 0: not called yet
    surroundings seen;
    finding found;
    struct {
        alignas(8) char text[160];
    } message; // buffer for the kernel's message

    inquiry() {}
};

// The result when no call is left.
inline constexpr int not_tried = 1;

// Requests a map, and closes it. Returns 0 when it is made, -errno, or `not_tried`.
int try_request(inquiry *of, const map_create_attr &attr);

// Makes the request itself again, with its size.
int repeat_request(inquiry *of);

// Tests whether the kernel gets to read the attr of BPF_MAP_CREATE, which every kernel refuses with E2BIG
// when its size is above any page. Returns 1 if so, or if no call is left to find out; else the error of
// whatever refuses earlier.
int test_reach(inquiry *of);

// Makes, once, the map that may stand in for an inner map; false when that fails.
bool has_helper(inquiry *of);

// Each tries to explain the refusal and returns whether it could.
bool explain_by_tail(inquiry *of);        // bytes beyond the attr
bool explain_by_filter(inquiry *of);      // a seccomp filter
bool explain_by_namespace(inquiry *of);   // a user namespace, a token
bool explain_by_request(inquiry *of);     // the rules
bool explain_by_permission(inquiry *of);  // other refusals with EPERM and the like
bool explain_by_suspects(inquiry *of);    // one member after the other
bool explain_by_elimination(inquiry *of); // what is left when no rule and no member is the reason

// Set the cause found. Return true.
bool conclude(inquiry *of, cause why, uint32_t confidence);
bool conclude_rule(inquiry *of, const verdict &ruling, const remedy &how, uint32_t confidence);

// Adds a possible cause, once.
void suspect(inquiry *of, cause why);

// The releases in the order they are tried: 3.18 to 7.3, index counting from 0; 0 after the last.
release release_at(uint32_t index);

} // namespace barebpf

#endif
