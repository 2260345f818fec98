// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_LIB_ARCH_SPARC64_H
#define BAREBPF_LIB_ARCH_SPARC64_H

namespace barebpf::arch
{

// SPARC V9: number in g1, arguments in o0-o4, result in o0, a positive errno when the carry is set; o1 and
// the floating point registers change.
inline long call(long nr, long a, long b, long c, long d, long e)
{
    register long g1 asm("g1") = nr;
    register long o0 asm("o0") = a;
    register long o1 asm("o1") = b;
    register long o2 asm("o2") = c;
    register long o3 asm("o3") = d;
    register long o4 asm("o4") = e;
    asm volatile("ta 0x6d\n\t"
                 "bcc,pt %%xcc, 1f\n\t"
                 "nop\n\t"
                 "neg %0\n"
                 "1:"
                 : "+r"(o0), "+r"(o1)
                 : "r"(g1), "r"(o2), "r"(o3), "r"(o4)
                 : "memory", "cc", "f0", "f1", "f2", "f3", "f4", "f5", "f6", "f7", "f8", "f9", "f10", "f11",
                   "f12", "f13", "f14", "f15", "f16", "f17", "f18", "f19", "f20", "f21", "f22", "f23", "f24",
                   "f25", "f26", "f27", "f28", "f29", "f30", "f31", "f32", "f34", "f36", "f38", "f40", "f42",
                   "f44", "f46", "f48", "f50", "f52", "f54", "f56", "f58", "f60", "f62");
    return o0;
}

} // namespace barebpf::arch

#endif
