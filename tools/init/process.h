// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_TOOLS_INIT_PROCESS_H
#define BAREBPF_TOOLS_INIT_PROCESS_H

#include <asm/siginfo.h>
#include <asm/signal.h>

#include "lib/boot/bpffs_sys.h"
#include "lib/core/errno.h"
#include "lib/explain/calls.h"
#include "map_call.h"

// Syscalls of a process without a C library. They return zero or more on success, -errno on failure.
namespace barebpf::init
{

[[noreturn]] inline void end(int status)
{
    for (;;)
        arch::call(__NR_exit_group, status, 0, 0, 0, 0);
}

inline int own_id()
{
#ifdef __NR_getpid
    constexpr long nr = __NR_getpid;
#else
    constexpr long nr = __NR_getxpid;
#endif
    return static_cast<int>(arch::call(nr, 0, 0, 0, 0, 0));
}

// Returns 0 in the child, and its id in the parent. Some architectures tell the two apart in a register that
// arch::call() does not read, so the process id decides.
inline int split()
{
    const int self = own_id();
#ifdef __NR_fork
    const int child = static_cast<int>(arch::call(__NR_fork, 0, 0, 0, 0, 0));
#else
    const int child = static_cast<int>(arch::call(__NR_clone, SIGCHLD, 0, 0, 0, 0));
#endif
    return child < 0 || own_id() == self ? child : 0;
}

// Waits until a child has ended, and tells how.
inline int wait_for(int child, siginfo_t *how)
{
    constexpr long by_id = 1, ended = 4;
    long result = 0;
    do
        result = arch::call(__NR_waitid, by_id, child, sys::address(how), ended, 0);
    while (result == -EINTR);
    return static_cast<int>(result);
}

// Returns only if it fails.
inline int become(const char *path, char *const *arguments, char *const *environment)
{
    return static_cast<int>(arch::call(__NR_execve, sys::address(path), sys::address(arguments),
                                       sys::address(environment), 0, 0));
}

inline long write(int fd, const void *bytes, size_t size)
{
    return arch::call(__NR_write, fd, sys::address(bytes), static_cast<long>(size), 0, 0);
}

inline int open_to_write(const char *path)
{
    constexpr long flags = O_WRONLY | O_NOCTTY | O_CLOEXEC;
    return static_cast<int>(arch::call(__NR_openat, AT_FDCWD, sys::address(path), flags, 0, 0));
}

// A FIFO without a writer does not keep it waiting.
inline int open_file(const char *path)
{
    constexpr long flags = O_RDONLY | O_NOCTTY | O_NONBLOCK | O_CLOEXEC;
    return static_cast<int>(arch::call(__NR_openat, AT_FDCWD, sys::address(path), flags, 0, 0));
}

// True if a write to fd neither raises SIGPIPE nor waits for longer than a second.
inline bool is_ready(int fd)
{
    constexpr short can_write = 4;
    struct {
        int fd;
        short events, returned;
    } poll;
    poll.fd = fd;
    poll.events = can_write;
    poll.returned = 0;
#ifdef __NR_ppoll
    constexpr long nr = __NR_ppoll;
    volatile long time[2];
#else
    constexpr long nr = __NR_ppoll_time64;
    volatile int64_t time[2];
#endif
    time[0] = 1;
    time[1] = 0;
    const void *limit = const_cast<const void *>(static_cast<const volatile void *>(time));
    return arch::call(nr, sys::address(&poll), 1, sys::address(limit), 0, 0) == 1 &&
           poll.returned == can_write;
}

// Anonymous memory, or with a descriptor a file that is only read.
inline long map_memory(size_t size, int fd = -1)
{
    constexpr long read = 1, read_write = 3, is_private = 2;
#if defined(__mips__)
    constexpr long anonymous = 0x800;
#elif defined(__alpha__) || defined(__hppa__)
    constexpr long anonymous = 0x10;
#else
    constexpr long anonymous = 0x20;
#endif
    return map_call(static_cast<long>(size), fd < 0 ? read_write : read,
                    fd < 0 ? is_private | anonymous : is_private, fd);
}

inline long move_memory(void *from, size_t old_size, size_t size)
{
    constexpr long may_move = 1;
    return arch::call(__NR_mremap, sys::address(from), static_cast<long>(old_size), static_cast<long>(size),
                      may_move, 0);
}

inline void release_memory(const void *from, size_t size)
{
    arch::call(__NR_munmap, sys::address(from), static_cast<long>(size), 0, 0, 0);
}

// True for the results above that are no address.
inline bool is_error(long result)
{
    return static_cast<unsigned long>(result) > static_cast<unsigned long>(-4096);
}

// Index of a network device of this name.
inline int find_interface(const char *name)
{
    constexpr long unix_family = 1, get_index = 0x8933;
#if defined(__mips__)
    constexpr long datagram = 1, cloexec = 02000000;
#elif defined(__sparc__)
    constexpr long datagram = 2, cloexec = 0x400000;
#else
    constexpr long datagram = 2, cloexec = O_CLOEXEC;
#endif
    struct {
        alignas(8) char name[16];
        int index;
        char rest[20];
    } request;
    clear(&request);
    for (size_t i = 0; name[i]; i++) {
        if (i == sizeof(request.name) - 1)
            return -ENODEV;
        request.name[i] = name[i];
    }
    const long fd = arch::call(__NR_socket, unix_family, datagram | cloexec, 0, 0, 0);
    if (fd < 0)
        return static_cast<int>(fd);
    const long result = arch::call(__NR_ioctl, fd, get_index, sys::address(&request), 0, 0);
    sys::close(static_cast<int>(fd));
    return result < 0 ? static_cast<int>(result) : request.index;
}

} // namespace barebpf::init

#endif
