// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_LIB_ARCH_POWERPC_H
#define BAREBPF_LIB_ARCH_POWERPC_H

namespace barebpf::arch
{

// PowerPC: number in r0, arguments in r3-r7, result in r3, a positive errno when CR0.SO is set; r0, r4-r12,
// ctr, xer and cr0 change. "sc" works on every kernel, "scv" does not.
inline long call(long nr, long a, long b, long c, long d, long e)
{
    register long r0 asm("r0") = nr;
    register long r3 asm("r3") = a;
    register long r4 asm("r4") = b;
    register long r5 asm("r5") = c;
    register long r6 asm("r6") = d;
    register long r7 asm("r7") = e;
    asm volatile("sc\n\t"
                 "bns+ 1f\n\t"
                 "neg %1, %1\n"
                 "1:"
                 : "+r"(r0), "+r"(r3), "+r"(r4), "+r"(r5), "+r"(r6), "+r"(r7)
                 :
                 : "memory", "cr0", "ctr", "xer", "r8", "r9", "r10", "r11", "r12");
    return r3;
}

} // namespace barebpf::arch

#endif
