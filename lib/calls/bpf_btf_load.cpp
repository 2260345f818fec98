// SPDX-License-Identifier: BSD-2-Clause
#include "barebpf/bpf.h"

#include "lib/core/above_stdio.h"
#include "lib/core/errno.h"
#include "lib/core/libbpf_name.h"
#include "lib/core/sys.h"
#include "opts.h"

namespace barebpf
{
namespace
{

// Not inlined: it has two callers.
__attribute__((noinline)) int load_btf(const btf_load_attr *attr)
{
    return above_stdio(sys::bpf<sys::command::btf_load>(attr));
}

// A log buffer without a level is only for the message about a failure: the first attempt is made without it.
int load_btf_quietly_first(btf_load_attr *attr)
{
    const uint64_t buffer = attr->btf_log_buf;
    const uint32_t size = attr->btf_log_size;
    attr->btf_log_buf = 0;
    attr->btf_log_size = 0;
    const int fd = load_btf(attr);
    if (fd >= 0 || !buffer)
        return fd;
    attr->btf_log_buf = buffer;
    attr->btf_log_size = size;
    attr->btf_log_level = 1;
    return load_btf(attr);
}

} // namespace
} // namespace barebpf

using namespace barebpf;

extern "C" BAREBPF_WEAK int bpf_btf_load(const void *btf_data, size_t btf_size,
                                         struct bpf_btf_load_opts *opts)
{
    btf_load_attr attr;
    if (!take_opts<btf_places>(&attr, opts) || (attr.btf_log_size && !attr.btf_log_buf))
        return with_errno(-EINVAL);
    if (btf_size > UINT32_MAX)
        return with_errno(-E2BIG);
    attr.btf = reinterpret_cast<uintptr_t>(btf_data);
    attr.btf_size = static_cast<uint32_t>(btf_size);
    const int fd = attr.btf_log_level ? load_btf(&attr) : load_btf_quietly_first(&attr);
    if (opts && opts->sz >= BAREBPF_END_OF(bpf_btf_load_opts, log_true_size))
        opts->log_true_size = attr.btf_log_true_size;
    return with_errno(fd);
}
