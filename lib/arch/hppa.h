// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_LIB_ARCH_HPPA_H
#define BAREBPF_LIB_ARCH_HPPA_H

namespace barebpf::arch
{

// PA-RISC: number in r20, arguments in r26-r22, result in r28; every register that a function may change
// changes. r19 is one of them, but holds the address of the global offset table, so it is saved in a register
// that survives.
inline long call(long nr, long a, long b, long c, long d, long e)
{
    register long r20 asm("r20") = nr;
    register long r26 asm("r26") = a;
    register long r25 asm("r25") = b;
    register long r24 asm("r24") = c;
    register long r23 asm("r23") = d;
    register long r22 asm("r22") = e;
    register long r28 asm("r28");
    long saved;
    asm volatile("copy %%r19, %[saved]\n\t"
                 "ble 0x100(%%sr2, %%r0)\n\t"
                 "nop\n\t"
                 "copy %[saved], %%r19"
                 : "=r"(r28), [saved] "=&r"(saved), "+r"(r20), "+r"(r22), "+r"(r23), "+r"(r24), "+r"(r25),
                   "+r"(r26)
                 :
                 : "memory", "r1", "r2", "r21", "r29", "r31");
    return r28;
}

} // namespace barebpf::arch

#endif
