// SPDX-License-Identifier: BSD-2-Clause
#include "barebpf/bpf.h"

#include "lib/core/libbpf_name.h"
#include "obj.h"

using namespace barebpf;

extern "C" BAREBPF_WEAK int bpf_map_get_next_id(__u32 start_id, __u32 *next_id)
{
    id_attr attr;
    encode(&attr, start_id);
    const int result = sys::bpf<sys::command::map_get_next_id>(&attr);
    if (result == 0)
        *next_id = attr.next_id;
    return with_errno(result);
}
