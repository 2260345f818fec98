// SPDX-License-Identifier: BSD-2-Clause
#include "barebpf/bpf.h"

#include "lib/core/libbpf_name.h"
#include "obj.h"

using namespace barebpf;

extern "C" BAREBPF_WEAK int bpf_obj_get_info_by_fd(int bpf_fd, void *info, __u32 *info_len)
{
    return get_info(bpf_fd, info, info_len);
}
