// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_LIB_ARCH_I386_H
#define BAREBPF_LIB_ARCH_I386_H

namespace barebpf::arch
{

// i386: number in eax, arguments in ebx ecx edx esi edi, result in eax; nothing else changes.
inline long call(long nr, long a, long b, long c, long d, long e)
{
    asm volatile("int $0x80" : "+a"(nr) : "b"(a), "c"(b), "d"(c), "S"(d), "D"(e) : "memory", "cc");
    return nr;
}

} // namespace barebpf::arch

#endif
