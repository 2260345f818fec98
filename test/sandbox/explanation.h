// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_TEST_SANDBOX_EXPLANATION_H
#define BAREBPF_TEST_SANDBOX_EXPLANATION_H

#include <cstdint>
#include <string>

#include "barebpf/explain.h"
#include "map.h"

namespace barebpf::test
{

// The result of one create in a sandbox.
struct explained {
    int error; // of the map itself
    uint32_t cause;
    uint32_t confidence;
    uint32_t calls;
    uint64_t needed;
    uint64_t left;
    uint32_t possible_count;
    uint32_t possible[8];
    bool nothing_left; // neither a descriptor nor a limit
    char text[320];
    char remedy[320];

    bool may_be(uint32_t which) const
    {
        for (uint32_t i = 0; i < possible_count; i++)
            if (possible[i] == which)
                return true;
        return cause == which;
    }
};

// Requests the map and has the kernel's answer explained, with every call that may be made.
explained explain(const request &wanted);

std::string name_of(const explained &done);

} // namespace barebpf::test

#endif
