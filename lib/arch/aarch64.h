// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_LIB_ARCH_AARCH64_H
#define BAREBPF_LIB_ARCH_AARCH64_H

namespace barebpf::arch
{

// AArch64: number in x8, arguments in x0-x4, result in x0; nothing else changes.
inline long call(long nr, long a, long b, long c, long d, long e)
{
    register long x8 asm("x8") = nr;
    register long x0 asm("x0") = a;
    register long x1 asm("x1") = b;
    register long x2 asm("x2") = c;
    register long x3 asm("x3") = d;
    register long x4 asm("x4") = e;
    asm volatile("svc 0" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4) : "memory", "cc");
    return x0;
}

} // namespace barebpf::arch

#endif
