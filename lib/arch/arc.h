// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_LIB_ARCH_ARC_H
#define BAREBPF_LIB_ARCH_ARC_H

namespace barebpf::arch
{

// ARC: number in r8, arguments in r0-r4, result in r0; nothing else changes.
inline long call(long nr, long a, long b, long c, long d, long e)
{
    register long r8 asm("r8") = nr;
    register long r0 asm("r0") = a;
    register long r1 asm("r1") = b;
    register long r2 asm("r2") = c;
    register long r3 asm("r3") = d;
    register long r4 asm("r4") = e;
    asm volatile("trap_s 0" : "+r"(r0) : "r"(r8), "r"(r1), "r"(r2), "r"(r3), "r"(r4) : "memory");
    return r0;
}

} // namespace barebpf::arch

#endif
