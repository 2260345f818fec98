// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_TOOLS_INIT_ENTRY_H
#define BAREBPF_TOOLS_INIT_ENTRY_H

// The kernel's entry: set up what the compiler relies on, then call start(stack), where the kernel has left
// argc, the arguments and the environment.
#if defined(__x86_64__) && defined(__ILP32__) // loaded as a 64-bit program, it would get a stack beyond 4 GiB
asm(".pushsection .text\n.lcomm own_stack, 65536\n.globl _start\n"
    "_start: xorl %ebp, %ebp\n\tmovl %esp, %edi\n\tmovl $own_stack + 65536, %esp\n\tandl $-16, %esp\n\tcall "
    "start\n.popsection");
#elif defined(__x86_64__)
asm(".pushsection .text\n.globl _start\n"
    "_start: xorl %ebp, %ebp\n\tmovq %rsp, %rdi\n\tandq $-16, %rsp\n\tcall start\n.popsection");
#elif defined(__i386__)
asm(".pushsection .text\n.globl _start\n"
    "_start: xorl %ebp, %ebp\n\tmovl %esp, %eax\n\tandl $-16, %esp\n\tsubl $12, %esp\n\tpushl %eax\n\tcall "
    "start\n.popsection");
#elif defined(__aarch64__)
asm(".pushsection .text\n.globl _start\n_start: mov x0, sp\n\tbl start\n.popsection");
#elif defined(__arm__)
asm(".pushsection .text\n.arm\n.globl _start\n.type _start, %function\n"
    "_start: mov r0, sp\n\tbl start\n.popsection");
#elif defined(__riscv)
asm(".pushsection .text\n.globl _start\n_start:\n"
    ".option push\n.option norelax\nla gp, __global_pointer$\n.option pop\n"
    "mv a0, sp\n\tcall start\n.popsection");
#elif defined(__s390x__)
asm(".pushsection .text\n.globl _start\n"
    "_start: lgr %r2, %r15\n\taghi %r15, -160\n\tbrasl %r14, start\n.popsection");
#elif defined(__powerpc64__) && _CALL_ELF == 2
asm(".pushsection .text\n.globl _start\n_start:\n"
    "addis 2, 12, .TOC.-_start@ha\naddi 2, 2, .TOC.-_start@l\n"
    "mr 3, 1\nstdu 1, -32(1)\nbl start\nnop\n.popsection");
#elif defined(__powerpc64__) // a function's address is that of its descriptor
asm(".pushsection .text\n.pushsection .opd, \"aw\"\n.globl _start\n"
    "_start: .quad 1f, .TOC.@tocbase, 0\n.popsection\n"
    "1: mr 3, 1\nstdu 1, -112(1)\nbl start\nnop\n.popsection");
#elif defined(__powerpc__)
asm(".pushsection .text\n.globl _start\n_start: mr 3, 1\nstwu 1, -16(1)\nbl start\n.popsection");
#elif defined(__loongarch__)
asm(".pushsection .text\n.globl _start\n_start: move $a0, $sp\n\tbl start\n.popsection");
#elif defined(__mips__)
asm(".pushsection .text\n.globl _start\n.ent _start\n_start: move $4, $29\n"
    ".set push\n.set noreorder\nbal 1f\nnop\n"
#if _MIPS_SIM == _ABIO32
    "1: .cpload $31\n.set reorder\nsubu $29, $29, 32\nla $25, start\njalr $25\n"
#else
    "1: .cpsetup $31, $2, 1b\n.set reorder\njal start\n"
#endif
    ".set pop\n.end _start\n.popsection");
#elif defined(__sparc__)
asm(".pushsection .text\n.globl _start\n"
    "_start: add %sp, 2047 + 16 * 8, %o0\nsub %sp, 64, %sp\ncall start\nnop\n.popsection");
#elif defined(__m68k__)
asm(".pushsection .text\n.globl _start\n"
    "_start: move.l %sp, %d0\nmove.l %d0, -(%sp)\njbsr start\n.popsection");
#elif defined(__hppa__) // its stack grows up
asm(".pushsection .text\n.globl _start\n"
    "_start: ldil L%$global$, %dp\nldo R%$global$(%dp), %dp\nldo -4(%r24), %r26\nbl start, %rp\n"
    "ldo 64(%sp), %sp\n.popsection");
#elif defined(__alpha__)
asm(".pushsection .text\n.globl _start\n"
    "_start: br $27, 1f\n1: ldgp $29, 0($27)\nmov $30, $16\njsr $26, start\n.popsection");
#elif defined(__sh__)
asm(".pushsection .text\n.globl _start\n"
    "_start: mov r15, r4\nmov.l 1f, r0\njsr @r0\nnop\n.align 2\n1: .long start\n.popsection");
#elif defined(__arc__)
asm(".pushsection .text\n.globl _start\n_start: mov r0, sp\n\tbl @start\n.popsection");
#endif

#endif
