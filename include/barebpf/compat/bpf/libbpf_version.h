/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef __LIBBPF_VERSION_H
#define __LIBBPF_VERSION_H

/* Stands where libbpf's <bpf/libbpf_version.h> stood. */
#include <barebpf/libbpf_common.h>

#endif
