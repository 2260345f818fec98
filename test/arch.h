// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_TEST_ARCH_H
#define BAREBPF_TEST_ARCH_H

// An architecture whose system calls the test answers: each program compiled with this header as
// BAREBPF_ARCH_HEADER defines call().
namespace barebpf::arch
{
long call(long nr, long a, long b, long c, long d, long e);
}

#endif
