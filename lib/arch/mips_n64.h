// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_LIB_ARCH_MIPS_N64_H
#define BAREBPF_LIB_ARCH_MIPS_N64_H

namespace barebpf::arch
{

// MIPS n64 and n32: number in v0, arguments in a0-a4, result in v0, a positive errno when a3 is not zero; at,
// v1, a4-a7, t0-t3, t8, t9, hi and lo change.
inline long call(long nr, long a, long b, long c, long d, long e)
{
    register long v0 asm("$2") = nr;
    register long a0 asm("$4") = a;
    register long a1 asm("$5") = b;
    register long a2 asm("$6") = c;
    register long a3 asm("$7") = d;
    register long a4 asm("$8") = e;
    asm volatile("syscall"
                 : "+r"(v0), "+r"(a3), "+r"(a4)
                 : "r"(a0), "r"(a1), "r"(a2)
                 : "memory", "$1", "$3", "$9", "$10", "$11", "$12", "$13", "$14", "$15", "$24", "$25", "hi",
                   "lo");
    return a3 ? -v0 : v0;
}

} // namespace barebpf::arch

#endif
