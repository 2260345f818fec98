// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_TEST_ARCH_H
#define BAREBPF_TEST_ARCH_H

// An architecture whose system calls arrive in the test: each program that names this header as
// BAREBPF_ARCH_HEADER defines call().
namespace barebpf::arch
{
long call(long nr, long a, long b, long c, long d, long e);
}

#endif
