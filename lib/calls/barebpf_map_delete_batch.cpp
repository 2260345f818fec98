// SPDX-License-Identifier: BSD-2-Clause
#include "barebpf/barebpf.h"

#include "batch.h"

using namespace barebpf;

extern "C" int barebpf_map_delete_batch(int fd, const void *keys, uint32_t *count, uint64_t elem_flags)
{
    return run_batch<sys::command::map_delete_batch>(fd, memory_of_batch(nullptr, nullptr, keys, nullptr),
                                                     count, elem_flags);
}
