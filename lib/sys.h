// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_LIB_SYS_H
#define BAREBPF_LIB_SYS_H

#include <asm/unistd.h>
#include <linux/fcntl.h>
#include <stddef.h>
#include <stdint.h>

#include "barebpf/map_types.h"
#include "arch/arch.h"

// The system calls the library makes, each typed once. Zero or more is success, -errno is not.
namespace barebpf::sys
{

inline long address(const void *pointer)
{
    return static_cast<long>(reinterpret_cast<uintptr_t>(pointer));
}

// The kernel's struct bpf_common_attr, Linux 7.2.
struct alignas(8) common_attr {
    uint64_t log_buf;
    uint32_t log_size;
    uint32_t log_level;
    uint32_t log_true_size;
    uint32_t padding;
};
static_assert(sizeof(common_attr) == 24 && offsetof(common_attr, log_true_size) == 16);

// Commands of bpf(2), ours because the installed header may be older than they are.
enum class command : int {
    map_create = 0,
    obj_pin = 6,
    obj_get = 7,
    obj_get_info_by_fd = 15,
};

// The kernel reads, and for some commands writes, `size` bytes of attr.
inline int bpf(command asked, const void *attr, uint32_t size)
{
    return static_cast<int>(
        arch::call(__NR_bpf, static_cast<long>(asked), address(attr), static_cast<long>(size), 0, 0));
}

inline int bpf(command asked, const void *attr, uint32_t size, common_attr *common)
{
    return static_cast<int>(arch::call(__NR_bpf, static_cast<long>(asked) | long{BAREBPF_COMMON_ATTRS},
                                       address(attr), static_cast<long>(size), address(common),
                                       long{sizeof(*common)}));
}

// A copy of fd, close-on-exec, with the lowest free number from least on.
inline int duplicate(int fd, int least)
{
#ifdef __NR_fcntl64
    constexpr long nr = __NR_fcntl64;
#else
    constexpr long nr = __NR_fcntl;
#endif
    return static_cast<int>(arch::call(nr, fd, F_DUPFD_CLOEXEC, least, 0, 0));
}

inline int close(int fd)
{
    return static_cast<int>(arch::call(__NR_close, fd, 0, 0, 0, 0));
}

} // namespace barebpf::sys

#endif
