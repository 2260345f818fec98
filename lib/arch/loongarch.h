// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_LIB_ARCH_LOONGARCH_H
#define BAREBPF_LIB_ARCH_LOONGARCH_H

namespace barebpf::arch
{

// LoongArch: number in a7, arguments in a0-a4, result in a0; t0-t8 change.
inline long call(long nr, long a, long b, long c, long d, long e)
{
    register long a7 asm("$a7") = nr;
    register long a0 asm("$a0") = a;
    register long a1 asm("$a1") = b;
    register long a2 asm("$a2") = c;
    register long a3 asm("$a3") = d;
    register long a4 asm("$a4") = e;
    asm volatile("syscall 0"
                 : "+r"(a0)
                 : "r"(a7), "r"(a1), "r"(a2), "r"(a3), "r"(a4)
                 : "memory", "$t0", "$t1", "$t2", "$t3", "$t4", "$t5", "$t6", "$t7", "$t8");
    return a0;
}

} // namespace barebpf::arch

#endif
