// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_LIB_ARCH_X32_H
#define BAREBPF_LIB_ARCH_X32_H

namespace barebpf::arch
{

// x32: as x86-64, with a long half the size of a register: every argument, addresses included, is
// zero-extended. The bit that marks x32 is part of the number.
inline long call(long nr, long a, long b, long c, long d, long e)
{
    using word = unsigned long long;
    word rax = static_cast<unsigned long>(nr);
    register word r10 asm("r10") = static_cast<unsigned long>(d);
    register word r8 asm("r8") = static_cast<unsigned long>(e);
    asm volatile("syscall"
                 : "+a"(rax)
                 : "D"(word{static_cast<unsigned long>(a)}), "S"(word{static_cast<unsigned long>(b)}),
                   "d"(word{static_cast<unsigned long>(c)}), "r"(r10), "r"(r8)
                 : "rcx", "r11", "memory", "cc");
    return static_cast<long>(rax);
}

} // namespace barebpf::arch

#endif
