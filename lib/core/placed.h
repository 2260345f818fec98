// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_LIB_CORE_PLACED_H
#define BAREBPF_LIB_CORE_PLACED_H

#include <linux/bpf.h>
#include <stddef.h>

// Asserts that `member` of our struct `type` lies at `offset`, and that `installed`, the same member in the
// installed header's union bpf_attr, lies there too and has the same size, if that header has it.
#define BAREBPF_PLACED_AS(type, member, installed, offset) \
    static_assert(offsetof(type, member) == (offset)); \
    static_assert([]<typename T>(T *none) { \
        if constexpr (requires(T attr) { attr.installed; }) \
            return offsetof(T, installed) == (offset) && sizeof(none->installed) == sizeof(type::member); \
        return true; \
    }(static_cast<union bpf_attr *>(nullptr)))

#endif
