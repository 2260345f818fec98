// SPDX-License-Identifier: BSD-2-Clause
#include "barebpf/barebpf.h"

#include "batch.h"

using namespace barebpf;

extern "C" int barebpf_map_update_batch(int fd, const void *keys, const void *values, uint32_t *count,
                                        uint64_t elem_flags)
{
    return run_batch<sys::command::map_update_batch>(fd, memory_of_batch(nullptr, nullptr, keys, values),
                                                     count, elem_flags);
}
