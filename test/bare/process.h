// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_TEST_BARE_PROCESS_H
#define BAREBPF_TEST_BARE_PROCESS_H

#include <asm/unistd.h>

// The runtime of a program without a C library. Each program defines run(), whose result is the exit code.
int run();

// The number of a system call on every kernel: those of x32 are those of x86-64 and a bit, and few kernels
// are built for x32.
constexpr long without_x32_bit(long nr)
{
#ifdef __X32_SYSCALL_BIT
    return nr & ~long{__X32_SYSCALL_BIT};
#else
    return nr;
#endif
}

// Writes a line to standard error.
void say(const char *line);

// Prints a statement about the library and exits with 1 unless it is true.
void check(bool holds, const char *statement);

#endif
