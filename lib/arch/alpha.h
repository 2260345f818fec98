// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_LIB_ARCH_ALPHA_H
#define BAREBPF_LIB_ARCH_ALPHA_H

namespace barebpf::arch
{

// Alpha: number in v0, arguments in a0-a4, result in v0, a positive errno when a3 is not zero; a4, t0-t11, pv
// and at change.
inline long call(long nr, long a, long b, long c, long d, long e)
{
    register long v0 asm("$0") = nr;
    register long a0 asm("$16") = a;
    register long a1 asm("$17") = b;
    register long a2 asm("$18") = c;
    register long a3 asm("$19") = d;
    register long a4 asm("$20") = e;
    asm volatile("callsys"
                 : "+r"(v0), "+r"(a3), "+r"(a4)
                 : "r"(a0), "r"(a1), "r"(a2)
                 : "memory", "$1", "$2", "$3", "$4", "$5", "$6", "$7", "$8", "$22", "$23", "$24", "$25",
                   "$27", "$28");
    return a3 ? -v0 : v0;
}

} // namespace barebpf::arch

#endif
