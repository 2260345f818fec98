// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_LIB_CORE_SYS_H
#define BAREBPF_LIB_CORE_SYS_H

#include <asm/unistd.h>
#include <linux/fcntl.h>
#include <stddef.h>
#include <stdint.h>

#include "attr.h"
#include "command.h"
#include "lib/arch/arch.h"

// The system calls the library makes, each typed once. Zero or more is success, -errno is not.
namespace barebpf::sys
{

inline long address(const void *pointer)
{
    return static_cast<long>(reinterpret_cast<uintptr_t>(pointer));
}

// One call of bpf(2) with bytes of any kind, as probes need. The kernel reads, and for some commands writes,
// `size` bytes of attr; with a command that has common attributes those too.
inline int bpf(command which, const void *attr, uint32_t size, common_attr *common = nullptr)
{
    const long nr = static_cast<long>(which);
    const long common_size = nr & long{BAREBPF_COMMON_ATTRS} ? long{sizeof(*common)} : 0;
    return static_cast<int>(
        arch::call(__NR_bpf, nr, address(attr), static_cast<long>(size), address(common), common_size));
}

// The same for a command with the struct it takes: no other compiles.
template <command which>
int bpf(const typename command_attr<which>::attr *attr, common_attr *common = nullptr)
{
    return bpf(which, attr, command_attr<which>::size, common);
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

// A resource limit as prlimit64(2) has it on every ABI; UINT64_MAX is no limit.
struct rlimit {
    uint64_t soft;
    uint64_t hard;
};

inline int get_rlimit(int resource, rlimit *limit)
{
    return static_cast<int>(arch::call(__NR_prlimit64, 0, resource, 0, address(limit), 0));
}

// *replaced, if there is one, becomes the limit it replaces: nothing comes between the two.
inline int set_rlimit(int resource, const rlimit *limit, rlimit *replaced = nullptr)
{
    return static_cast<int>(arch::call(__NR_prlimit64, 0, resource, address(limit), address(replaced), 0));
}

inline int close(int fd)
{
    return static_cast<int>(arch::call(__NR_close, fd, 0, 0, 0, 0));
}

inline int open_to_read(const char *path)
{
    return static_cast<int>(arch::call(__NR_openat, AT_FDCWD, address(path), O_RDONLY | O_CLOEXEC, 0, 0));
}

// How many bytes there were, at most `size`.
inline long read(int fd, void *bytes, size_t size)
{
    return arch::call(__NR_read, fd, address(bytes), static_cast<long>(size), 0, 0);
}

// The CPUs this thread may run on, a bit each, in words of which the lowest bit comes first; how many bytes
// it wrote.
inline long get_affinity(void *cpus, size_t size)
{
    return arch::call(__NR_sched_getaffinity, 0, static_cast<long>(size), address(cpus), 0, 0);
}

// Whether pages begin at a multiple of `size`; does nothing else, for nothing is what it is asked to write
// back.
inline bool is_page_multiple(long size)
{
    constexpr long ms_async = 1;
    return arch::call(__NR_msync, size, 0, ms_async, 0, 0) == 0;
}

inline void sleep(uint32_t milliseconds)
{
#ifdef __NR_nanosleep
    constexpr long nr = __NR_nanosleep;
    const struct {
        long seconds, nanoseconds;
    } time = {static_cast<long>(milliseconds / 1000), static_cast<long>(milliseconds % 1000 * 1000000)};
    arch::call(nr, address(&time), 0, 0, 0, 0);
#else
    constexpr long monotonic = 1;
    const struct {
        int64_t seconds, nanoseconds;
    } time = {milliseconds / 1000, milliseconds % 1000 * 1000000};
    arch::call(__NR_clock_nanosleep_time64, monotonic, 0, address(&time), 0, 0);
#endif
}

} // namespace barebpf::sys

#endif
