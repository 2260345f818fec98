// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_TEST_NUMBERS_H
#define BAREBPF_TEST_NUMBERS_H

#include <stdint.h>

// Numbers of the kernel's interface through Linux 7.3, stated apart from the library's tables: a new kernel
// changes them here, once.
namespace barebpf::test
{

// Map types are numbered from 0 up to this, which no kernel knows.
inline constexpr uint32_t first_unknown_type = 36;

// Bytes of the attr that every BPF_MAP_CREATE passes: through the last member.
inline constexpr uint32_t attr_size = 92;

// Its members.
inline constexpr uint32_t member_count = 18;

// The kernel's own errno, in no header of its interface.
inline constexpr int enotsupp = 524;

} // namespace barebpf::test

#endif
