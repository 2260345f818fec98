// SPDX-License-Identifier: BSD-2-Clause
#include "process.h"

#include <asm/unistd.h>

// Never the arch::call of a program that scripts its kernel: at -O0 the linker would take the two for one.
#define call real_call
#include "lib/arch/arch.h"
#undef call

// The kernel's entry: set up what the compiler takes for granted, then go to start().
#if defined(__x86_64__)
asm(".globl _start\n_start: xorl %ebp, %ebp\n\tcall start");
#elif defined(__i386__)
asm(".globl _start\n_start: xorl %ebp, %ebp\n\tcall start");
#elif defined(__aarch64__)
asm(".globl _start\n_start: bl start");
#elif defined(__arm__)
asm(".arm\n.globl _start\n.type _start, %function\n_start: bl start");
#elif defined(__riscv)
asm(".globl _start\n_start:\n"
    ".option push\n.option norelax\nla gp, __global_pointer$\n.option pop\n"
    "call start");
#elif defined(__s390x__)
asm(".globl _start\n_start: aghi %r15, -160\n\tbrasl %r14, start");
#elif defined(__powerpc64__)
asm(".globl _start\n_start:\n"
    "addis 2, 12, .TOC.-_start@ha\naddi 2, 2, .TOC.-_start@l\n"
    "stdu 1, -32(1)\nbl start\nnop");
#endif

extern "C" [[gnu::used]] void start()
{
    barebpf::arch::real_call(__NR_exit, run(), 0, 0, 0, 0);
    __builtin_trap();
}

void say(const char *line)
{
    long size = 0;
    while (line[size])
        size++;
    barebpf::arch::real_call(__NR_write, 2, reinterpret_cast<long>(line), size, 0, 0);
    barebpf::arch::real_call(__NR_write, 2, reinterpret_cast<long>("\n"), 1, 0, 0);
}

void check(bool holds, const char *statement)
{
    if (holds)
        return;
    say(statement);
    barebpf::arch::real_call(__NR_exit, 1, 0, 0, 0, 0);
}
