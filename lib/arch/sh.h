// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_LIB_ARCH_SH_H
#define BAREBPF_LIB_ARCH_SH_H

namespace barebpf::arch
{

// SuperH: number in r3, arguments in r4-r7 and r0, result in r0; nothing else changes. The five no-op
// instructions are what Renesas requires after a trapa on an SH-4 (TN-SH7-456A).
inline long call(long nr, long a, long b, long c, long d, long e)
{
    register long r3 asm("r3") = nr;
    register long r4 asm("r4") = a;
    register long r5 asm("r5") = b;
    register long r6 asm("r6") = c;
    register long r7 asm("r7") = d;
    register long r0 asm("r0") = e;
    asm volatile("trapa #31\n\t"
                 "or r0, r0\n\tor r0, r0\n\tor r0, r0\n\tor r0, r0\n\tor r0, r0"
                 : "+r"(r0)
                 : "r"(r3), "r"(r4), "r"(r5), "r"(r6), "r"(r7)
                 : "memory", "t");
    return r0;
}

} // namespace barebpf::arch

#endif
