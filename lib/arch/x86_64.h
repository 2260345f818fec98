// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_LIB_ARCH_X86_64_H
#define BAREBPF_LIB_ARCH_X86_64_H

namespace barebpf::arch
{

// x86-64: number in rax, arguments in rdi rsi rdx r10 r8, result in rax; rcx and r11 change.
inline long call(long nr, long a, long b, long c, long d, long e)
{
    register long r10 asm("r10") = d;
    register long r8 asm("r8") = e;
    long result;
    asm volatile("syscall"
                 : "=a"(result)
                 : "a"(nr), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8)
                 : "rcx", "r11", "memory", "cc");
    return result;
}

} // namespace barebpf::arch

#endif
