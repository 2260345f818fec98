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

// Leaves this process only `kept` of its capabilities, whoever it is.
void keep_only(uint64_t kept);

// Turns this process, which must be root, into uid 65534 with these capabilities.
void become_nobody(uint64_t kept);

// RLIMIT_MEMLOCK of this process.
limits memlock();
void set_memlock(const limits &wanted);

// Whether RLIMIT_MEMLOCK counts for maps: before 5.11.
bool memlock_counts();

// Whether this is a machine of test/vm, where a test may change the machine itself.
bool machine_is_ours();

// Which permission these tests lack; empty when they have what every kernel demands of them.
std::string missing_root();

} // namespace barebpf::test

#endif
