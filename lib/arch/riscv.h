// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_LIB_ARCH_RISCV_H
#define BAREBPF_LIB_ARCH_RISCV_H

namespace barebpf::arch
{

// RISC-V: number in a7, arguments in a0-a4, result in a0; nothing else changes.
inline long call(long nr, long a, long b, long c, long d, long e)
{
    register long a7 asm("a7") = nr;
    register long a0 asm("a0") = a;
    register long a1 asm("a1") = b;
    register long a2 asm("a2") = c;
    register long a3 asm("a3") = d;
    register long a4 asm("a4") = e;
    asm volatile("ecall" : "+r"(a0) : "r"(a7), "r"(a1), "r"(a2), "r"(a3), "r"(a4) : "memory");
    return a0;
}

} // namespace barebpf::arch

#endif
