// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_LIB_CALLS_ELEM_H
#define BAREBPF_LIB_CALLS_ELEM_H

#include "attr.h"
#include "lib/core/errno.h"
#include "lib/core/sys.h"

namespace barebpf
{

// Sets every member, so the struct need not be cleared first.
inline void encode(elem_attr *attr, int fd, const void *key, const void *value, uint64_t flags)
{
    attr->map_fd = static_cast<uint32_t>(fd);
    attr->padding = 0;
    attr->key = reinterpret_cast<uintptr_t>(key);
    attr->value = reinterpret_cast<uintptr_t>(value);
    attr->flags = flags;
}

template <sys::command which> int elem(int fd, const void *key, const void *value, uint64_t flags)
{
    elem_attr attr;
    encode(&attr, fd, key, value, flags);
    return with_errno(sys::bpf<which>(&attr));
}

inline int get_next_key(int fd, const void *key, void *next)
{
    next_key_attr attr;
    attr.map_fd = static_cast<uint32_t>(fd);
    attr.padding = 0;
    attr.key = reinterpret_cast<uintptr_t>(key);
    attr.next_key = reinterpret_cast<uintptr_t>(next);
    return with_errno(sys::bpf<sys::command::map_get_next_key>(&attr));
}

inline int freeze_map(int fd)
{
    freeze_attr attr;
    attr.map_fd = static_cast<uint32_t>(fd);
    attr.padding = 0;
    return with_errno(sys::bpf<sys::command::map_freeze>(&attr));
}

} // namespace barebpf

#endif
