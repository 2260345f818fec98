// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_TEST_SANDBOX_PRIVILEGES_H
#define BAREBPF_TEST_SANDBOX_PRIVILEGES_H

#include <cstdint>
#include <string>
#include <sys/types.h>

#include "trace.h"

namespace barebpf::test
{

inline constexpr uid_t nobody = 65534;

constexpr uint64_t capability(unsigned int number)
{
    return uint64_t{1} << number;
}

// This process's effective capabilities.
uint64_t capabilities();

// Reduces this process's capabilities to `kept`, whatever its user.
void keep_only(uint64_t kept);

// Turns this process, which must be root, into uid 65534 with these capabilities.
void become_nobody(uint64_t kept);

// RLIMIT_MEMLOCK of this process.
limits memlock();
void set_memlock(const limits &wanted);

// True if RLIMIT_MEMLOCK limits maps: before 5.11.
bool memlock_counts();

// True on a machine of test/vm, where a test may change the machine itself.
bool machine_is_ours();

// The permission these tests lack; empty if they have all that any kernel requires.
std::string missing_root();

} // namespace barebpf::test

#endif
