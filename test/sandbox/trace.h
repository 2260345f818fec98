// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_TEST_SANDBOX_TRACE_H
#define BAREBPF_TEST_SANDBOX_TRACE_H

#include <cstdint>
#include <functional>
#include <sys/types.h>
#include <vector>

namespace barebpf::test
{

// RLIMIT_MEMLOCK in the form of prlimit64(2).
struct limits {
    uint64_t soft;
    uint64_t hard;

    bool operator==(const limits &) const = default;
};

// A system call as ptrace(2) shows it.
struct system_call {
    uint64_t nr;
    uint64_t first; // its first argument
    bool sets;      // true if it is a prlimit64(2) that sets a limit, which follows
    limits wanted;
};

// Every system call a child makes in `body`, in order, after it has run `prepare`. Both run in that child
// alone. The parent runs `meanwhile` when the child has the result of its first call and is about to make its
// second.
std::vector<system_call> calls_of(const std::function<void()> &prepare, const std::function<void()> &body,
                                  const std::function<void(pid_t)> &meanwhile = {});

} // namespace barebpf::test

#endif
