// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_TEST_BARE_SCRIPTED_H
#define BAREBPF_TEST_BARE_SCRIPTED_H

// An architecture whose system calls arrive in the program: bytes.cpp.
namespace barebpf::arch
{
long call(long nr, long a, long b, long c, long d, long e);
}

#endif
