// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_LIB_CALLS_BTF_LOG_H
#define BAREBPF_LIB_CALLS_BTF_LOG_H

#include "barebpf/bpf.h"
#include "lib/core/btf_attr.h"

namespace barebpf
{

// Makes the request of a caller with options, which are in *attr already, for BTF of `size` bytes, and sets
// the options' log_true_size, if they have it. A log buffer without a level is only for the message about a
// failure: the first attempt is made without it, and after a refusal a second with it at level 1. Returns a
// descriptor of at least 3, or -errno.
int load_btf_with_opts(btf_load_attr *attr, bpf_btf_load_opts *opts, size_t size);

} // namespace barebpf

#endif
