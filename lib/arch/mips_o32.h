// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_LIB_ARCH_MIPS_O32_H
#define BAREBPF_LIB_ARCH_MIPS_O32_H

namespace barebpf::arch
{

// MIPS o32: number in v0, arguments in a0-a3 and at 16(sp), result in v0, a positive errno when a3 is not
// zero; at, v1, t0-t9, hi and lo change.
inline long call(long nr, long a, long b, long c, long d, long e)
{
    register long v0 asm("$2") = nr;
    register long a0 asm("$4") = a;
    register long a1 asm("$5") = b;
    register long a2 asm("$6") = c;
    register long a3 asm("$7") = d;
    register long t0 asm("$8") = e;
    asm volatile("addiu $29, $29, -32\n\t"
                 "sw %[fifth], 16($29)\n\t"
                 "syscall\n\t"
                 "addiu $29, $29, 32"
                 : "+r"(v0), "+r"(a3), [fifth] "+r"(t0)
                 : "r"(a0), "r"(a1), "r"(a2)
                 : "memory", "$1", "$3", "$9", "$10", "$11", "$12", "$13", "$14", "$15", "$24", "$25", "hi",
                   "lo");
    return a3 ? -v0 : v0;
}

} // namespace barebpf::arch

#endif
