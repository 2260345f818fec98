// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_TOOLS_INIT_MAP_CALL_H
#define BAREBPF_TOOLS_INIT_MAP_CALL_H

#include "lib/core/sys.h"

namespace barebpf::init
{

// mmap(2) at any address, from the beginning of a file. It is the only syscall here with six arguments, which
// arch::call() does not have. Some architectures take them in memory instead.
#if defined(__i386__) || defined(__s390x__) || defined(__m68k__)
inline long map_call(long size, long protection, long flags, long fd)
{
    volatile long arguments[6];
    arguments[0] = 0;
    arguments[1] = size;
    arguments[2] = protection;
    arguments[3] = flags;
    arguments[4] = fd;
    arguments[5] = 0;
    return arch::call(__NR_mmap, sys::address(const_cast<const long *>(arguments)), 0, 0, 0, 0);
}
#elif defined(__mips__) && _MIPS_SIM == _ABIO32
inline long map_call(long size, long protection, long flags, long fd)
{
    register long v0 asm("$2") = __NR_mmap;
    register long a0 asm("$4") = 0;
    register long a1 asm("$5") = size;
    register long a2 asm("$6") = protection;
    register long a3 asm("$7") = flags;
    register long t0 asm("$8") = fd;
    asm volatile("addiu $29, $29, -32\n\t"
                 "sw %[fifth], 16($29)\n\t"
                 "sw $0, 20($29)\n\t"
                 "syscall\n\t"
                 "addiu $29, $29, 32"
                 : "+r"(v0), "+r"(a3), [fifth] "+r"(t0)
                 : "r"(a0), "r"(a1), "r"(a2)
                 : "memory", "$1", "$3", "$9", "$10", "$11", "$12", "$13", "$14", "$15", "$24", "$25", "hi",
                   "lo");
    return a3 ? -v0 : v0;
}
#else
#ifdef __NR_mmap2
constexpr long nr_map = __NR_mmap2;
#else
constexpr long nr_map = __NR_mmap;
#endif
#if defined(__x86_64__)
inline long map_call(long size, long protection, long flags, long fd)
{
    register long long r10 asm("r10") = flags;
    register long long r8 asm("r8") = fd;
    register long long r9 asm("r9") = 0;
    long long result = nr_map;
    asm volatile("syscall"
                 : "+a"(result)
                 : "D"(0ll), "S"(static_cast<long long>(size)), "d"(static_cast<long long>(protection)),
                   "r"(r10), "r"(r8), "r"(r9)
                 : "rcx", "r11", "memory", "cc");
    return static_cast<long>(result);
}
#elif defined(__hppa__)
inline long map_call(long size, long protection, long flags, long fd)
{
    register long r20 asm("r20") = nr_map;
    register long r26 asm("r26") = 0;
    register long r25 asm("r25") = size;
    register long r24 asm("r24") = protection;
    register long r23 asm("r23") = flags;
    register long r22 asm("r22") = fd;
    register long r21 asm("r21") = 0;
    register long r28 asm("r28");
    long saved;
    asm volatile("copy %%r19, %[saved]\n\t"
                 "ble 0x100(%%sr2, %%r0)\n\t"
                 "nop\n\t"
                 "copy %[saved], %%r19"
                 : "=r"(r28), [saved] "=&r"(saved), "+r"(r20), "+r"(r21), "+r"(r22), "+r"(r23), "+r"(r24),
                   "+r"(r25), "+r"(r26)
                 :
                 : "memory", "r1", "r2", "r29", "r31");
    return r28;
}
#elif defined(__arm__)
inline long map_call(long size, long protection, long flags, long fd)
{
    register long r0 asm("r0") = 0;
    register long r1 asm("r1") = size;
    register long r2 asm("r2") = protection;
    register long r3 asm("r3") = flags;
    register long r4 asm("r4") = fd;
    register long r5 asm("r5") = 0;
    long saved;
    asm volatile("mov %[saved], r7\n\t"
                 "mov r7, %[nr]\n\t"
                 "svc 0\n\t"
                 "mov r7, %[saved]"
                 : "+r"(r0), [saved] "=&r"(saved)
                 : [nr] "r"(nr_map), "r"(r1), "r"(r2), "r"(r3), "r"(r4), "r"(r5)
                 : "memory", "cc");
    return r0;
}
#else
// Where only the names of the registers differ: of the number, the arguments, and what else changes.
#define BAREBPF_MAP_CALL(instruction, number, first, second, third, fourth, fifth, sixth, ...) \
    inline long map_call(long size, long protection, long flags, long fd) \
    { \
        register long nr asm(number) = nr_map; \
        register long a asm(first) = 0; \
        register long b asm(second) = size; \
        register long c asm(third) = protection; \
        register long d asm(fourth) = flags; \
        register long e asm(fifth) = fd; \
        register long f asm(sixth) = 0; \
        asm volatile(instruction \
                     : "+r"(nr), "+r"(a), "+r"(b), "+r"(c), "+r"(d), "+r"(e), "+r"(f) \
                     : \
                     : "memory", __VA_ARGS__); \
        return BAREBPF_MAP_RESULT; \
    }
#if defined(__aarch64__)
#define BAREBPF_MAP_RESULT a
BAREBPF_MAP_CALL("svc 0", "x8", "x0", "x1", "x2", "x3", "x4", "x5", "cc")
#elif defined(__riscv)
#define BAREBPF_MAP_RESULT a
BAREBPF_MAP_CALL("ecall", "a7", "a0", "a1", "a2", "a3", "a4", "a5", "t0")
#elif defined(__powerpc__)
#define BAREBPF_MAP_RESULT a
BAREBPF_MAP_CALL("sc\n\tbns+ 1f\n\tneg %1, %1\n1:", "r0", "r3", "r4", "r5", "r6", "r7", "r8", "cr0", "ctr",
                 "xer", "r9", "r10", "r11", "r12")
#elif defined(__loongarch__)
#define BAREBPF_MAP_RESULT a
BAREBPF_MAP_CALL("syscall 0", "$a7", "$a0", "$a1", "$a2", "$a3", "$a4", "$a5", "$t0", "$t1", "$t2", "$t3",
                 "$t4", "$t5", "$t6", "$t7", "$t8")
#elif defined(__mips__)
#define BAREBPF_MAP_RESULT (d ? -nr : nr)
BAREBPF_MAP_CALL("syscall", "$2", "$4", "$5", "$6", "$7", "$8", "$9", "$1", "$3", "$10", "$11", "$12", "$13",
                 "$14", "$15", "$24", "$25", "hi", "lo")
#elif defined(__sparc__)
#define BAREBPF_MAP_RESULT a
BAREBPF_MAP_CALL("ta 0x6d\n\tbcc,pt %%xcc, 1f\n\tnop\n\tneg %1\n1:", "g1", "o0", "o1", "o2", "o3", "o4", "o5",
                 "cc")
#elif defined(__alpha__)
#define BAREBPF_MAP_RESULT (d ? -nr : nr)
BAREBPF_MAP_CALL("callsys", "$0", "$16", "$17", "$18", "$19", "$20", "$21", "$1", "$2", "$3", "$4", "$5",
                 "$6", "$7", "$8", "$22", "$23", "$24", "$25", "$27", "$28")
#elif defined(__sh__)
#define BAREBPF_MAP_RESULT e
BAREBPF_MAP_CALL("trapa #31\n\tor r0, r0\n\tor r0, r0\n\tor r0, r0\n\tor r0, r0\n\tor r0, r0", "r3", "r4",
                 "r5", "r6", "r7", "r0", "r1", "t")
#elif defined(__arc__)
#define BAREBPF_MAP_RESULT a
BAREBPF_MAP_CALL("trap_s 0", "r8", "r0", "r1", "r2", "r3", "r4", "r5", "cc")
#endif
#undef BAREBPF_MAP_RESULT
#undef BAREBPF_MAP_CALL
#endif
#endif

} // namespace barebpf::init

#endif
