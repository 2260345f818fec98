// SPDX-License-Identifier: BSD-2-Clause
#include "barebpf/bpf.h"

#include "lib/core/libbpf_name.h"
#include "elem.h"

using namespace barebpf;

extern "C" BAREBPF_WEAK int bpf_map_delete_elem_flags(int fd, const void *key, __u64 flags)
{
    return elem<sys::command::map_delete_elem>(fd, key, nullptr, flags);
}
