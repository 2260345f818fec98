// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_LIB_EXPLAIN_INQUIRY_H
#define BAREBPF_LIB_EXPLAIN_INQUIRY_H

#include "memory.h"
#include "mend.h"

// One refusal on its way to an explanation.
namespace barebpf
{

inline constexpr uint32_t most_possible =
    sizeof(barebpf_explanation::possible) / sizeof(barebpf_explanation::possible[0]);

// What is found out.
struct finding {
    cause why;
    uint32_t confidence;
    verdict said; // where the cause is a rule, what fills its sentence
    remedy how;
    uint64_t needed;
    uint64_t left;
    uint32_t possible_count;
    cause possible[most_possible];
};

struct inquiry {
    map_create_attr given;
    const void *passed;  // the attr as it is passed
    uint32_t size;       // of it
    int error;           // positive; 0: not known
    const char *log;     // the kernel's words, or nullptr
    uint32_t most_calls; // of bpf(2)
    uint32_t calls;
    int helper; // a map that stands in for an inner map, -1 without one
    int heard;  // see is_heard(); 0: not asked
    surroundings seen;
    finding found;
    struct {
        alignas(8) char text[160];
    } said; // where the kernel's words are read into

    inquiry() {}
};

// The answer where no call is left.
inline constexpr int unasked = 1;

// Asks for a map, and closes it: 0 when it is made, -errno, or `unasked`.
int ask(inquiry *of, const map_create_attr &attr);

// The request itself, with its size.
int ask_as_given(inquiry *of);

// Whether a kernel reads what BPF_MAP_CREATE is passed: 1 when it does, or when no call is left to find out;
// else what something says before it would. Every kernel says E2BIG to a size above any page.
int hear(inquiry *of);

// Makes the map that may stand in for an inner map, once; false when there is none.
bool has_helper(inquiry *of);

// Each tries to explain the refusal and returns whether it could.
bool explain_by_tail(inquiry *of);       // bytes beyond the attr
bool explain_by_filter(inquiry *of);     // a seccomp filter
bool explain_by_namespace(inquiry *of);  // a user namespace, a token
bool explain_by_request(inquiry *of);    // the rules
bool explain_by_permission(inquiry *of); // what else refuses with EPERM and the like
bool explain_by_suspects(inquiry *of);   // one member after the other

// Settles the cause.
bool conclude(inquiry *of, cause why, uint32_t confidence);
bool conclude_rule(inquiry *of, const verdict &said, const remedy &how, uint32_t confidence);

// Adds what the cause may be, once.
void suspect(inquiry *of, cause why);

// Releases in the way they are tried: 3.18 to 7.3, index counting from 0; 0 behind the last.
release release_at(uint32_t index);

} // namespace barebpf

#endif
