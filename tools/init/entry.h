// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_TEST_BARE_ENTRY_H
#define BAREBPF_TEST_BARE_ENTRY_H

// The kernel's entry: set up what the compiler relies on, then go to start().
#if defined(__x86_64__) && defined(__ILP32__) // loaded as a 64-bit program, it would get a stack beyond 4 GiB
asm(".lcomm own_stack, 65536\n.globl _start\n_start: xorl %ebp, %ebp\n"
    "movl $own_stack + 65536, %esp\n\tandl $-16, %esp\n\tcall start");
#elif defined(__x86_64__) || defined(__i386__)
asm(".globl _start\n_start: xorl %ebp, %ebp\n\tcall start");
#elif defined(__aarch64__)
asm(".globl _start\n_start: bl start");
#elif defined(__arm__)
asm(".arm\n.globl _start\n.type _start, %function\n_start: bl start");
#elif defined(__riscv)
asm(".globl _start\n_start:\n"
    ".option push\n.option norelax\nla gp, __global_pointer$\n.option pop\n"
    "call start");
#elif defined(__s390x__)
asm(".globl _start\n_start: aghi %r15, -160\n\tbrasl %r14, start");
#elif defined(__powerpc64__) && _CALL_ELF == 2
asm(".globl _start\n_start:\n"
    "addis 2, 12, .TOC.-_start@ha\naddi 2, 2, .TOC.-_start@l\n"
    "stdu 1, -32(1)\nbl start\nnop");
#elif defined(__powerpc64__) // a function's address is that of its descriptor
asm(".pushsection .opd, \"aw\"\n.globl _start\n_start: .quad 1f, .TOC.@tocbase, 0\n.popsection\n"
    "1: stdu 1, -112(1)\nbl start\nnop");
#elif defined(__powerpc__)
asm(".globl _start\n_start: stwu 1, -16(1)\nbl start");
#elif defined(__loongarch__)
asm(".globl _start\n_start: bl start");
#elif defined(__mips__)
asm(".globl _start\n.ent _start\n_start:\n"
    ".set push\n.set noreorder\nbal 1f\nnop\n"
#if _MIPS_SIM == _ABIO32
    "1: .cpload $31\n.set reorder\nsubu $29, $29, 32\nla $25, start\njalr $25\n"
#else
    "1: .cpsetup $31, $2, 1b\n.set reorder\njal start\n"
#endif
    ".set pop\n.end _start");
#elif defined(__sparc__)
asm(".globl _start\n_start: sub %sp, 64, %sp\ncall start\nnop");
#elif defined(__m68k__)
asm(".globl _start\n_start: jbsr start");
#elif defined(__hppa__) // its stack grows up
asm(".globl _start\n_start: ldil L%$global$, %dp\nldo R%$global$(%dp), %dp\nbl start, %rp\nldo 64(%sp), %sp");
#elif defined(__alpha__)
asm(".globl _start\n_start: br $27, 1f\n1: ldgp $29, 0($27)\njsr $26, start");
#elif defined(__sh__)
asm(".globl _start\n_start: mov.l 1f, r0\njsr @r0\nnop\n.align 2\n1: .long start");
#elif defined(__arc__)
asm(".globl _start\n_start: bl @start");
#endif

#endif
