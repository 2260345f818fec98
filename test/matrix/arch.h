// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_TEST_MATRIX_ARCH_H
#define BAREBPF_TEST_MATRIX_ARCH_H

// An architecture whose system calls arrive in the matrix program that includes it.
namespace barebpf::arch
{
long call(long nr, long a, long b, long c, long d, long e);
}

#endif
