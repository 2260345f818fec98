// SPDX-License-Identifier: BSD-2-Clause
#include "barebpf/bpf.h"

#include "lib/core/libbpf_name.h"
#include "obj.h"
#include "opts.h"

using namespace barebpf;

extern "C" BAREBPF_WEAK int bpf_map_get_fd_by_id_opts(__u32 id, const struct bpf_get_fd_by_id_opts *opts)
{
    id_attr attr;
    if (!take_opts<id_places>(&attr, opts))
        return with_errno(-EINVAL);
    attr.id = id;
    return get_fd<sys::command::map_get_fd_by_id>(attr);
}
