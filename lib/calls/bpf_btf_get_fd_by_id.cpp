// SPDX-License-Identifier: BSD-2-Clause
#include "barebpf/bpf.h"

#include "lib/core/libbpf_name.h"
#include "obj.h"

using namespace barebpf;

extern "C" BAREBPF_WEAK int bpf_btf_get_fd_by_id(__u32 id)
{
    id_attr attr;
    encode(&attr, id);
    return get_fd<sys::command::btf_get_fd_by_id>(attr);
}
