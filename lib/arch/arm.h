// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_LIB_ARCH_ARM_H
#define BAREBPF_LIB_ARCH_ARM_H

namespace barebpf::arch
{

// ARM EABI: number in r7, arguments in r0-r4, result in r0; nothing else changes. r7 may be the frame pointer
// (Thumb), which an operand cannot name, so it is saved and restored around the call.
inline long call(long nr, long a, long b, long c, long d, long e)
{
    register long r0 asm("r0") = a;
    register long r1 asm("r1") = b;
    register long r2 asm("r2") = c;
    register long r3 asm("r3") = d;
    register long r4 asm("r4") = e;
    long saved;
    asm volatile("mov %[saved], r7\n\t"
                 "mov r7, %[nr]\n\t"
                 "svc 0\n\t"
                 "mov r7, %[saved]"
                 : "+r"(r0), [saved] "=&r"(saved)
                 : [nr] "r"(nr), "r"(r1), "r"(r2), "r"(r3), "r"(r4)
                 : "memory", "cc");
    return r0;
}

} // namespace barebpf::arch

#endif
