// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_TEST_MODEL_SYSTEM_CALL_H
#define BAREBPF_TEST_MODEL_SYSTEM_CALL_H

#include <algorithm>
#include <cstring>

#include "lib/core/attr.h"
#include "lib/core/sys.h"

namespace barebpf::test
{

// A system call as the library made it.
struct system_call {
    long nr;
    long arguments[5];
    map_create_attr attr; // that of BPF_MAP_CREATE, zero beyond its size
    common_attr common;   // and its common attributes, if any
};

// Copies what an argument points to, as far as it fits.
template <typename T> void read_argument(T *to, long address, long size)
{
    if (address)
        std::memcpy(to, reinterpret_cast<const void *>(address),
                    std::min(static_cast<size_t>(size), sizeof(T)));
}

inline system_call read_system_call(long nr, const long (&arguments)[5])
{
    system_call call{};
    call.nr = nr;
    std::memcpy(call.arguments, arguments, sizeof(arguments));
    const long command = arguments[0];
    if (nr == __NR_bpf && (command & ~long{BAREBPF_COMMON_ATTRS}) == BPF_MAP_CREATE)
        read_argument(&call.attr, arguments[1], arguments[2]);
    if (nr == __NR_bpf && (command & BAREBPF_COMMON_ATTRS))
        read_argument(&call.common, arguments[3], arguments[4]);
    return call;
}

} // namespace barebpf::test

#endif
