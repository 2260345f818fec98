// SPDX-License-Identifier: BSD-2-Clause
#include "barebpf/bpf.h"

#include "lib/core/libbpf_name.h"
#include "batch.h"

using namespace barebpf;

extern "C" BAREBPF_WEAK int bpf_map_delete_batch(int fd, const void *keys, __u32 *count,
                                                 const struct bpf_map_batch_opts *opts)
{
    return run_batch<sys::command::map_delete_batch>(fd, memory_of_batch(nullptr, nullptr, keys, nullptr),
                                                     count, opts);
}
