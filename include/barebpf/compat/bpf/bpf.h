/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BAREBPF_COMPAT_BPF_BPF_H
#define BAREBPF_COMPAT_BPF_BPF_H

/*
 * Stands where libbpf's <bpf/bpf.h> stood, for a source file that is not to be changed: with this header's
 * directory on the include path, it gets barebpf's declarations and the C library headers that libbpf's
 * brings along.
 */
#include <stdbool.h>
#include <string.h>

#include <barebpf/bpf.h>

#endif
