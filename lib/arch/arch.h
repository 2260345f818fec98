// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_LIB_ARCH_ARCH_H
#define BAREBPF_LIB_ARCH_ARCH_H

// barebpf::arch::call(nr, a, b, c, d, e) makes one syscall and returns its result, -errno on failure. A
// header named by BAREBPF_ARCH_HEADER takes the place of ours: a private port, or a test's scripted kernel.
#if defined(BAREBPF_ARCH_HEADER)
#include BAREBPF_ARCH_HEADER
#elif defined(__x86_64__) && defined(__ILP32__)
#include "x32.h"
#elif defined(__x86_64__)
#include "x86_64.h"
#elif defined(__i386__)
#include "i386.h"
#elif defined(__aarch64__)
#include "aarch64.h"
#elif defined(__arm__) && defined(__ARM_EABI__)
#include "arm.h"
#elif defined(__riscv)
#include "riscv.h"
#elif defined(__s390x__)
#include "s390x.h"
#elif defined(__powerpc__)
#include "powerpc.h"
#elif defined(__loongarch__)
#include "loongarch.h"
#elif defined(__mips__) && _MIPS_SIM == _ABIO32
#include "mips_o32.h"
#elif defined(__mips__)
#include "mips_n64.h"
#elif defined(__sparc__) && defined(__arch64__)
#include "sparc64.h"
#elif defined(__m68k__)
#include "m68k.h"
#elif defined(__hppa__)
#include "hppa.h"
#elif defined(__alpha__)
#include "alpha.h"
#elif defined(__sh__)
#include "sh.h"
#elif defined(__arc__)
#include "arc.h"
#else
#error "barebpf does not know how this architecture makes a system call: see docs/porting.md"
#endif

#endif
