// SPDX-License-Identifier: BSD-2-Clause
#include "barebpf/bpf.h"

#include "lib/core/libbpf_name.h"
#include "obj.h"

using namespace barebpf;

extern "C" BAREBPF_WEAK int bpf_btf_get_info_by_fd(int btf_fd, struct bpf_btf_info *info, __u32 *info_len)
{
    return get_info(btf_fd, info, info_len);
}
