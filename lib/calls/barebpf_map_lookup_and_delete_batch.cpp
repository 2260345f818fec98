// SPDX-License-Identifier: BSD-2-Clause
#include "barebpf/barebpf.h"

#include "batch.h"

using namespace barebpf;

extern "C" int barebpf_map_lookup_and_delete_batch(int fd, const void *in_batch, void *out_batch, void *keys,
                                                   void *values, uint32_t *count, uint64_t elem_flags)
{
    return run_batch<sys::command::map_lookup_and_delete_batch>(
        fd, memory_of_batch(in_batch, out_batch, keys, values), count, elem_flags);
}
