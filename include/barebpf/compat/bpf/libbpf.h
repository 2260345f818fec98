/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BAREBPF_COMPAT_BPF_LIBBPF_H
#define BAREBPF_COMPAT_BPF_LIBBPF_H

/*
 * Stands where libbpf's <bpf/libbpf.h> stood, for a source file that is not to be changed and uses of it what
 * makes and uses maps. What it cannot use is declared so that the compiler says why.
 */
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/types.h>

#include "libbpf_common.h"
#include "libbpf_legacy.h"
#include <barebpf/libbpf.h>

#ifndef __LIBBPF_LIBBPF_H
#define __LIBBPF_LIBBPF_H
#include "absent_libbpf.h"
#endif

#endif
