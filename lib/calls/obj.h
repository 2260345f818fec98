// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_LIB_CALLS_OBJ_H
#define BAREBPF_LIB_CALLS_OBJ_H

#include "attr.h"
#include "lib/core/above_stdio.h"
#include "lib/core/errno.h"
#include "lib/core/sys.h"

namespace barebpf
{

// Sets all but the flags and path_fd.
inline void encode(obj_attr *attr, int fd, const char *path)
{
    attr->pathname = reinterpret_cast<uintptr_t>(path);
    attr->bpf_fd = static_cast<uint32_t>(fd);
}

// Sets all.
inline void encode_plain(obj_attr *attr, int fd, const char *path)
{
    encode(attr, fd, path);
    attr->file_flags = 0;
    attr->path_fd = 0;
}

inline int pin_object(int fd, const char *path)
{
    obj_attr attr;
    encode_plain(&attr, fd, path);
    return with_errno(sys::bpf<sys::command::obj_pin>(&attr));
}

inline int get_object(const char *path)
{
    obj_attr attr;
    encode_plain(&attr, 0, path);
    return with_errno(above_stdio(sys::bpf<sys::command::obj_get>(&attr)));
}

inline int get_info(int fd, void *info, uint32_t *size)
{
    info_attr attr;
    attr.bpf_fd = static_cast<uint32_t>(fd);
    attr.info_len = *size;
    attr.info = reinterpret_cast<uintptr_t>(info);
    const int result = sys::bpf<sys::command::obj_get_info_by_fd>(&attr);
    if (result == 0)
        *size = attr.info_len;
    return with_errno(result);
}

inline void encode(id_attr *attr, uint32_t id)
{
    attr->id = id;
    attr->next_id = 0;
    attr->open_flags = 0;
    attr->token_fd = 0;
}

template <sys::command which> int get_fd(const id_attr &attr)
{
    return with_errno(above_stdio(sys::bpf<which>(&attr)));
}

} // namespace barebpf

#endif
