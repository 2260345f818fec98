// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_LIB_ARCH_M68K_H
#define BAREBPF_LIB_ARCH_M68K_H

namespace barebpf::arch
{

// m68k: number in d0, arguments in d1-d5, result in d0; nothing else changes.
inline long call(long nr, long a, long b, long c, long d, long e)
{
    register long d0 asm("d0") = nr;
    register long d1 asm("d1") = a;
    register long d2 asm("d2") = b;
    register long d3 asm("d3") = c;
    register long d4 asm("d4") = d;
    register long d5 asm("d5") = e;
    asm volatile("trap #0" : "+r"(d0) : "r"(d1), "r"(d2), "r"(d3), "r"(d4), "r"(d5) : "memory", "cc");
    return d0;
}

} // namespace barebpf::arch

#endif
