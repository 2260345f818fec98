// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_LIB_ARCH_S390X_H
#define BAREBPF_LIB_ARCH_S390X_H

namespace barebpf::arch
{

// s390x: number in r1 with "svc 0", which any number may use; arguments in r2-r6, result in r2; nothing else
// changes.
inline long call(long nr, long a, long b, long c, long d, long e)
{
    register long r1 asm("r1") = nr;
    register long r2 asm("r2") = a;
    register long r3 asm("r3") = b;
    register long r4 asm("r4") = c;
    register long r5 asm("r5") = d;
    register long r6 asm("r6") = e;
    asm volatile("svc 0" : "+d"(r2) : "d"(r1), "d"(r3), "d"(r4), "d"(r5), "d"(r6) : "memory", "cc");
    return r2;
}

} // namespace barebpf::arch

#endif
