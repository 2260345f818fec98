// SPDX-License-Identifier: BSD-2-Clause
#include "barebpf/bpf.h"

#include "lib/core/libbpf_name.h"
#include "batch.h"

using namespace barebpf;

extern "C" BAREBPF_WEAK int bpf_map_lookup_batch(int fd, void *in_batch, void *out_batch, void *keys,
                                                 void *values, __u32 *count,
                                                 const struct bpf_map_batch_opts *opts)
{
    return run_batch<sys::command::map_lookup_batch>(fd, memory_of_batch(in_batch, out_batch, keys, values),
                                                     count, opts);
}
