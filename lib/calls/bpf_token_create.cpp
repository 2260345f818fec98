// SPDX-License-Identifier: BSD-2-Clause
#include "barebpf/bpf.h"

#include "lib/core/above_stdio.h"
#include "lib/core/errno.h"
#include "lib/core/libbpf_name.h"
#include "lib/core/sys.h"
#include "opts.h"

using namespace barebpf;

extern "C" BAREBPF_WEAK int bpf_token_create(int bpffs_fd, struct bpf_token_create_opts *opts)
{
    token_create_attr attr;
    if (!take_opts<token_places>(&attr, opts))
        return with_errno(-EINVAL);
    attr.bpffs_fd = static_cast<uint32_t>(bpffs_fd);
    return with_errno(above_stdio(sys::bpf<sys::command::token_create>(&attr)));
}
