// SPDX-License-Identifier: BSD-2-Clause
#include "barebpf/barebpf.h"

#include "above_stdio.h"
#include "errno.h"
#include "mem.h"
#include "sys.h"

namespace barebpf
{

// The BPF_OBJ_PIN and BPF_OBJ_GET member of the kernel's union bpf_attr, as far as Linux 4.4 knows it.
struct alignas(8) obj_attr {
    uint64_t pathname;
    uint32_t bpf_fd;
    uint32_t padding;
};
static_assert(offsetof(obj_attr, bpf_fd) == 8 && sizeof(obj_attr) == 16);

template <> struct sys::command_attr<sys::command::obj_pin> {
    using attr = obj_attr;
    static constexpr uint32_t size = offsetof(obj_attr, padding);
};
template <> struct sys::command_attr<sys::command::obj_get> : command_attr<command::obj_pin> {
};

namespace
{

template <sys::command which> int pinned(const char *path, uint32_t fd)
{
    obj_attr attr;
    clear(&attr);
    attr.pathname = reinterpret_cast<uintptr_t>(path);
    attr.bpf_fd = fd;
    return sys::bpf<which>(&attr);
}

} // namespace
} // namespace barebpf

using namespace barebpf;

extern "C" int barebpf_obj_pin(int fd, const char *path)
{
    return with_errno(pinned<sys::command::obj_pin>(path, static_cast<uint32_t>(fd)));
}

extern "C" int barebpf_obj_get(const char *path)
{
    return with_errno(above_stdio(pinned<sys::command::obj_get>(path, 0)));
}
