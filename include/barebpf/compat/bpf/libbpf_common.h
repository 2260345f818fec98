/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef __LIBBPF_LIBBPF_COMMON_H
#define __LIBBPF_LIBBPF_COMMON_H

/*
 * Stands where libbpf's <bpf/libbpf_common.h> stood, for sources that are not to be changed and for libbpf's
 * headers that have no place here, such as <bpf/btf.h>: this one's guard is libbpf's, so that theirs adds
 * nothing to it.
 */
#include <string.h>

#include "libbpf_version.h"

#ifndef LIBBPF_API
#define LIBBPF_API __attribute__((visibility("default")))
#endif

#ifndef LIBBPF_DEPRECATED
#define LIBBPF_DEPRECATED(message) __attribute__((deprecated(message)))
#endif

/* Nothing that libbpf deprecated before 1.0 is here, and nothing has been since. */
#ifndef LIBBPF_DEPRECATED_SINCE
#define LIBBPF_DEPRECATED_SINCE(major, minor, message)
#endif

#endif
