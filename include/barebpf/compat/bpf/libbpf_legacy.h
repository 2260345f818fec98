/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef __LIBBPF_LEGACY_BPF_H
#define __LIBBPF_LEGACY_BPF_H

/* Stands where libbpf's <bpf/libbpf_legacy.h> stood. */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "libbpf_common.h"
#include <barebpf/libbpf.h>

#endif
