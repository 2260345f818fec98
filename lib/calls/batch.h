// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_LIB_CALLS_BATCH_H
#define BAREBPF_LIB_CALLS_BATCH_H

#include "attr.h"
#include "lib/core/errno.h"
#include "lib/core/sys.h"
#include "opts.h"

namespace barebpf
{

// The buffers of a batch; nullptr for those that a command does not use.
struct batch_memory {
    const void *from; // the position to start from
    void *next;       // the position for the next batch
    const void *keys;
    const void *values;
};

// By assignment: clang clears a braced struct of mostly null pointers with memset.
inline batch_memory memory_of_batch(const void *from, void *next, const void *keys, const void *values)
{
    batch_memory made;
    made.from = from;
    made.next = next;
    made.keys = keys;
    made.values = values;
    return made;
}

// Sets all but the count and the flags.
inline void encode(batch_attr *attr, int fd, const batch_memory &wanted)
{
    attr->in_batch = reinterpret_cast<uintptr_t>(wanted.from);
    attr->out_batch = reinterpret_cast<uintptr_t>(wanted.next);
    attr->keys = reinterpret_cast<uintptr_t>(wanted.keys);
    attr->values = reinterpret_cast<uintptr_t>(wanted.values);
    attr->map_fd = static_cast<uint32_t>(fd);
}

// The kernel sets the count to the elements it processed, after most failures too.
template <sys::command which> int count_batch(batch_attr *attr, uint32_t *count)
{
    attr->count = *count;
    const int result = sys::bpf<which>(attr);
    *count = attr->count;
    return with_errno(result);
}

template <sys::command which>
int run_batch(int fd, const batch_memory &wanted, uint32_t *count, uint64_t elem_flags)
{
    batch_attr attr;
    encode(&attr, fd, wanted);
    attr.elem_flags = elem_flags;
    attr.flags = 0;
    return count_batch<which>(&attr, count);
}

template <sys::command which>
int run_batch(int fd, const batch_memory &wanted, uint32_t *count, const bpf_map_batch_opts *opts)
{
    batch_attr attr;
    encode(&attr, fd, wanted); // before the options, over whose call it then keeps nothing
    if (!take_opts<batch_places, offsetof(batch_attr, elem_flags)>(&attr, opts))
        return with_errno(-EINVAL);
    return count_batch<which>(&attr, count);
}

} // namespace barebpf

#endif
