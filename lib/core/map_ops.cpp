// SPDX-License-Identifier: BSD-2-Clause
#include "barebpf/barebpf.h"

#include "errno.h"
#include "mem.h"
#include "sys.h"

namespace barebpf
{

// The BPF_OBJ_GET_INFO_BY_FD member of the kernel's union bpf_attr.
struct alignas(8) info_attr {
    uint32_t bpf_fd;
    uint32_t info_len;
    uint64_t info;
};
static_assert(offsetof(info_attr, info) == 8 && sizeof(info_attr) == 16);

template <> struct sys::command_attr<sys::command::obj_get_info_by_fd> {
    using attr = info_attr;
    static constexpr uint32_t size = sizeof(info_attr);
};

} // namespace barebpf

using namespace barebpf;

extern "C" int barebpf_obj_get_info_by_fd(int fd, void *info, uint32_t *size)
{
    info_attr attr;
    clear(&attr);
    attr.bpf_fd = static_cast<uint32_t>(fd);
    attr.info_len = *size;
    attr.info = reinterpret_cast<uintptr_t>(info);
    const int result = sys::bpf<sys::command::obj_get_info_by_fd>(&attr);
    if (result == 0)
        *size = attr.info_len;
    return with_errno(result);
}

extern "C" int barebpf_close(int fd)
{
    return with_errno(sys::close(fd));
}
