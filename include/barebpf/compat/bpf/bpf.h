/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BAREBPF_COMPAT_BPF_BPF_H
#define BAREBPF_COMPAT_BPF_BPF_H

/*
 * Stands where libbpf's <bpf/bpf.h> stood, for a source file that is not to be changed: with this header's
 * directory on the include path, it gets barebpf's declarations and the C library headers that libbpf's
 * brings along. Its guard is libbpf's as well, so that a header of libbpf's that includes libbpf's
 * <bpf/bpf.h> finds it there already.
 */
#include <stdbool.h>

#include "libbpf_common.h"
#include "libbpf_legacy.h"
#include <barebpf/bpf.h>

#ifndef __LIBBPF_BPF_H
#define __LIBBPF_BPF_H
#include "absent_bpf.h"
#endif

#endif
