// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_TEST_PARITY_ARCH_H
#define BAREBPF_TEST_PARITY_ARCH_H

// An architecture whose system calls arrive in kernel.cpp, where libbpf's do.
namespace barebpf::arch
{
long call(long nr, long a, long b, long c, long d, long e);
}

#endif
