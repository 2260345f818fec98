// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_LIB_EXPLAIN_CALLS_H
#define BAREBPF_LIB_EXPLAIN_CALLS_H

#include "lib/core/sys.h"

// Syscalls that only read facts about this process and its kernel. They return zero or more on success,
// -errno on failure.
namespace barebpf::sys
{

// struct new_utsname of the kernel.
struct system_name {
    char system[65];
    char node[65];
    char release[65];
    char version[65];
    char machine[65];
    char domain[65];
};

inline int name_of_system(system_name *name)
{
#ifdef __NR_uname
    return static_cast<int>(arch::call(__NR_uname, address(name), 0, 0, 0, 0));
#else
    return -38;
#endif
}

// This thread's effective capabilities, as two words of 32.
inline int get_capabilities(uint32_t (&effective)[2])
{
    const struct {
        uint32_t version;
        int pid;
    } header = {0x20080522, 0};
    struct {
        uint32_t effective, permitted, inheritable;
    } words[2];
    words[0].effective = words[1].effective = 0;
    const long result = arch::call(__NR_capget, address(&header), address(words), 0, 0, 0);
    effective[0] = words[0].effective;
    effective[1] = words[1].effective;
    return static_cast<int>(result);
}

// 2 when a seccomp filter is in force.
inline int seccomp_mode()
{
    constexpr long get_seccomp = 21;
    return static_cast<int>(arch::call(__NR_prctl, get_seccomp, 0, 0, 0, 0));
}

inline bool is_open(int fd)
{
#ifdef __NR_fcntl64
    constexpr long nr = __NR_fcntl64;
#else
    constexpr long nr = __NR_fcntl;
#endif
    constexpr long get_flags = 1;
    return arch::call(nr, fd, get_flags, 0, 0, 0) >= 0;
}

// Returns the length of the link, at most `size`.
inline long read_link(const char *path, char *to, size_t size)
{
    return arch::call(__NR_readlinkat, AT_FDCWD, address(path), address(to), static_cast<long>(size), 0);
}

} // namespace barebpf::sys

#endif
