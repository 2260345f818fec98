// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_TEST_NUMBERS_H
#define BAREBPF_TEST_NUMBERS_H

#include <stdint.h>

// Numbers of the kernel's interface through Linux 7.3, stated independently of the library's tables: a new
// kernel changes them here, once.
namespace barebpf::test
{

// The first number that is no map type of any kernel.
inline constexpr uint32_t first_unknown_type = 36;

// Size in bytes of the attr that every BPF_MAP_CREATE passes: through its last member.
inline constexpr uint32_t attr_size = 92;

// Number of its members.
inline constexpr uint32_t member_count = 18;

// The kernel's own errno, in no header of its interface.
inline constexpr int enotsupp = 524;

} // namespace barebpf::test

#endif
