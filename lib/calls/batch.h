// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_LIB_CALLS_BATCH_H
#define BAREBPF_LIB_CALLS_BATCH_H

#include "attr.h"
#include "lib/core/errno.h"
#include "lib/core/sys.h"
#include "opts.h"

namespace barebpf
{

// What a batch works on. A command that has no use for one of the pointers takes nullptr.
struct batch {
    const void *from; // where to go on
    void *next;       // where the next batch goes on
    const void *keys;
    const void *values;
};

// Sets all but the flags.
inline void encode(batch_attr *attr, int fd, const batch &wanted, uint32_t count)
{
    attr->in_batch = reinterpret_cast<uintptr_t>(wanted.from);
    attr->out_batch = reinterpret_cast<uintptr_t>(wanted.next);
    attr->keys = reinterpret_cast<uintptr_t>(wanted.keys);
    attr->values = reinterpret_cast<uintptr_t>(wanted.values);
    attr->count = count;
    attr->map_fd = static_cast<uint32_t>(fd);
}

// The kernel counts the elements it got through, after most failures too.
template <sys::command which> int finish(batch_attr *attr, uint32_t *count)
{
    const int result = with_errno(sys::bpf<which>(attr));
    *count = attr->count;
    return result;
}

template <sys::command which> int run(int fd, const batch &wanted, uint32_t *count, uint64_t elem_flags)
{
    batch_attr attr;
    encode(&attr, fd, wanted, *count);
    attr.elem_flags = elem_flags;
    attr.flags = 0;
    return finish<which>(&attr, count);
}

template <sys::command which>
int run(int fd, const batch &wanted, uint32_t *count, const bpf_map_batch_opts *opts)
{
    batch_attr attr;
    if (!take_opts<batch_places>(&attr, opts))
        return with_errno(-EINVAL);
    encode(&attr, fd, wanted, *count);
    return finish<which>(&attr, count);
}

} // namespace barebpf

#endif
