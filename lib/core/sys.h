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

// The syscalls the library makes, each typed once. They return zero or more on success, -errno on failure.
namespace barebpf::sys
{

inline long address(const void *pointer)
{
    return static_cast<long>(reinterpret_cast<uintptr_t>(pointer));
}

// For an argument that the kernel ignores: whatever its register holds, so that no instruction sets it.
[[gnu::always_inline]] inline long ignored()
{
    long value;
    asm volatile("" : "=r"(value));
    return value;
}

[[gnu::always_inline]] inline long call(long nr, long a, long b = ignored(), long c = ignored(),
                                        long d = ignored(), long e = ignored())
{
    return arch::call(nr, a, b, c, d, e);
}

// Calls bpf(2) with arbitrary bytes, as probes need. The kernel reads, and for some commands writes, `size`
// bytes of attr, and *common if the command has BPF_COMMON_ATTRS.
inline int bpf(command which, const void *attr, uint32_t size, common_attr *common = nullptr)
{
    const long nr = static_cast<long>(which);
    if (nr & long{BAREBPF_COMMON_ATTRS})
        return static_cast<int>(call(__NR_bpf, nr, address(attr), static_cast<long>(size), address(common),
                                     long{sizeof(*common)}));
    return static_cast<int>(call(__NR_bpf, nr, address(attr), static_cast<long>(size)));
}

// The same for a command with its own struct: no other compiles.
template <command which>
int bpf(const typename command_attr<which>::attr *attr, common_attr *common = nullptr)
{
    return bpf(which, attr, command_attr<which>::size, common);
}

// Duplicates fd, close-on-exec, to the lowest free number from `least` on.
inline int duplicate(int fd, int least)
{
#ifdef __NR_fcntl64
    constexpr long nr = __NR_fcntl64;
#else
    constexpr long nr = __NR_fcntl;
#endif
    return static_cast<int>(call(nr, fd, F_DUPFD_CLOEXEC, least));
}

// The struct of prlimit64(2), the same on every ABI; UINT64_MAX is no limit.
struct rlimit {
    uint64_t soft;
    uint64_t hard;
};

inline int get_rlimit(int resource, rlimit *limit)
{
    return static_cast<int>(call(__NR_prlimit64, 0, resource, 0, address(limit)));
}

// *replaced, unless nullptr, becomes the limit that was replaced, atomically.
inline int set_rlimit(int resource, const rlimit *limit, rlimit *replaced = nullptr)
{
    return static_cast<int>(call(__NR_prlimit64, 0, resource, address(limit), address(replaced)));
}

inline int close(int fd)
{
    return static_cast<int>(call(__NR_close, fd));
}

inline int open_to_read(const char *path)
{
    return static_cast<int>(call(__NR_openat, AT_FDCWD, address(path), O_RDONLY | O_CLOEXEC));
}

// Returns how many bytes were read, at most `size`.
inline long read(int fd, void *bytes, size_t size)
{
    return call(__NR_read, fd, address(bytes), static_cast<long>(size));
}

// Writes the CPUs this thread may run on, a bit each, in words whose lowest bit comes first. Returns how many
// bytes were written.
inline long get_affinity(void *cpus, size_t size)
{
    return call(__NR_sched_getaffinity, 0, static_cast<long>(size), address(cpus));
}

// True if `size` is a multiple of the page size: msync(2) refuses any other start address with EINVAL. It has
// no effect, since the range is empty.
inline bool is_page_multiple(long size)
{
    constexpr long ms_async = 1;
    return call(__NR_msync, size, 0, ms_async) == 0;
}

inline void sleep(uint32_t milliseconds)
{
#ifdef __NR_nanosleep
    constexpr long nr = __NR_nanosleep;
    const struct {
        long seconds, nanoseconds;
    } time = {static_cast<long>(milliseconds / 1000), static_cast<long>(milliseconds % 1000 * 1000000)};
    call(nr, address(&time), 0);
#else
    constexpr long monotonic = 1;
    const struct {
        int64_t seconds, nanoseconds;
    } time = {milliseconds / 1000, milliseconds % 1000 * 1000000};
    call(__NR_clock_nanosleep_time64, monotonic, 0, address(&time), 0);
#endif
}

} // namespace barebpf::sys

#endif
