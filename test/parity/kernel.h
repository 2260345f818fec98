// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_TEST_PARITY_KERNEL_H
#define BAREBPF_TEST_PARITY_KERNEL_H

#include <array>
#include <vector>

#include "call.h"

namespace barebpf::parity
{

// The kernel behind both libraries: what it answers, -errno for a refusal.
struct kernel {
    long map_create = 7;
    long map_create_with_log = 7; // the same with BPF_COMMON_ATTRS
    long map_create_nameless = 0; // the same without a name; 0: no difference
    uint32_t log_true_size = 0;
    long prog_load = 100; // libbpf's probes
    long duplicate = 8;
    long close = 0;
};

// One system call as that kernel saw it.
struct event {
    long nr;
    std::array<long, 3> arguments; // of bpf(2): command, size, size of the common attributes
    std::array<unsigned char, 96> attr;
    std::array<unsigned char, 24> common;

    bool operator==(const event &) const = default;
};

// All a caller of bpf_map_create() could notice.
struct outcome {
    int returned;
    int error; // errno afterwards, `untouched` beforehand
    std::vector<event> events;

    bool operator==(const outcome &) const = default;
};

// No errno of any kernel.
inline constexpr int untouched = 9999;

using door = int(const call &);

// Makes the call through one library's door, every system call of it answered by `answering`.
outcome recorded(door &create, const call &made, const kernel &answering);

} // namespace barebpf::parity

#endif
