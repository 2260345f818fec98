// SPDX-License-Identifier: BSD-2-Clause
#include "btf_log.h"

#include "lib/core/above_stdio.h"
#include "lib/core/errno.h"
#include "lib/core/opts.h"
#include "lib/core/sys.h"

namespace barebpf
{
namespace
{

// Not inlined: it has two callers.
[[gnu::noinline]] int load_btf_once(const btf_load_attr *attr)
{
    return above_stdio(sys::bpf<sys::command::btf_load>(attr));
}

int load_btf_quietly(btf_load_attr *attr)
{
    const uint64_t buffer = attr->btf_log_buf;
    const uint32_t size = attr->btf_log_size;
    attr->btf_log_buf = 0;
    attr->btf_log_size = 0;
    const int fd = load_btf_once(attr);
    if (fd >= 0)
        return fd;
    attr->btf_log_buf = buffer;
    attr->btf_log_size = size;
    attr->btf_log_level = 1;
    return load_btf_once(attr);
}

} // namespace

int load_btf_with_opts(btf_load_attr *attr, bpf_btf_load_opts *opts, size_t size)
{
    if (attr->btf_log_size && !attr->btf_log_buf)
        return -EINVAL;
    if (size > UINT32_MAX)
        return -E2BIG;
    const int fd = attr->btf_log_buf && !attr->btf_log_level ? load_btf_quietly(attr) : load_btf_once(attr);
    if (opts->sz >= BAREBPF_END_OF(bpf_btf_load_opts, log_true_size))
        opts->log_true_size = attr->btf_log_true_size;
    return fd;
}

} // namespace barebpf
