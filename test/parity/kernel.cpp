// SPDX-License-Identifier: BSD-2-Clause
#include "kernel.h"

#include <algorithm>
#include <cerrno>
#include <cstdarg>
#include <cstring>
#include <dlfcn.h>
#include <linux/bpf.h>
#include <sys/resource.h>

#include "lib/sys.h"

namespace barebpf::parity
{
namespace
{

constexpr long page_size = 4096;
const kernel *answering;
outcome *recording;

template <typename T> void keep(T *kept, long pointer, long size)
{
    std::memcpy(kept, reinterpret_cast<const void *>(pointer),
                std::min(sizeof(T), static_cast<size_t>(size)));
}

long answer_bpf(event *seen, long command, long attr, long size, long common, long common_size)
{
    const bool logged = command & BAREBPF_COMMON_ATTRS;
    seen->arguments = {command, size, logged ? common_size : 0};
    keep(&seen->attr, attr, size);
    if (logged) {
        keep(&seen->common, common, common_size);
        reinterpret_cast<common_attr *>(common)->log_true_size = answering->log_true_size;
    }
    if (size > page_size)
        return -E2BIG;
    if (command == BPF_PROG_LOAD)
        return answering->prog_load;
    const bool nameless = seen->attr[offsetof(map_create_attr, map_name)] == 0;
    if (nameless && answering->map_create_nameless)
        return answering->map_create_nameless;
    return logged ? answering->map_create_with_log : answering->map_create;
}

// RLIMIT_MEMLOCK is without end.
long give_limit(sys::rlimit *limit)
{
    *limit = {UINT64_MAX, UINT64_MAX};
    return 0;
}

// The one kernel: whichever library asks, and by whichever way.
long answer(long nr, long a, long b, long c, long d, long e)
{
    event seen{};
    seen.nr = nr;
    seen.arguments = {a, b, c};
    long result = -ENOSYS;
    if (nr == __NR_bpf)
        result = answer_bpf(&seen, a, b, c, d, e);
    else if (nr == __NR_fcntl)
        result = answering->duplicate;
    else if (nr == __NR_close)
        result = answering->close;
    else if (nr == __NR_setrlimit)
        result = 0;
    else if (nr == __NR_prlimit64 && d)
        result = give_limit(reinterpret_cast<sys::rlimit *>(d));
    recording->events.push_back(seen);
    return result;
}

// As a C library reports the kernel's answer.
long through_libc(long result)
{
    if (result >= 0)
        return result;
    errno = static_cast<int>(-result);
    return -1;
}

// What stands behind a C library function of that name once this program's own is set aside.
template <typename F> F *next(const char *name)
{
    return reinterpret_cast<F *>(dlsym(RTLD_NEXT, name));
}

} // namespace

outcome recorded(door &create, const call &made, const kernel &answers)
{
    outcome seen{};
    answering = &answers;
    recording = &seen;
    errno = untouched;
    const int returned = create(made);
    const int error = errno;
    recording = nullptr;
    seen.returned = returned;
    seen.error = error;
    return seen;
}

} // namespace barebpf::parity

using namespace barebpf::parity;

// barebpf's system calls.
long barebpf::arch::call(long nr, long a, long b, long c, long d, long e)
{
    return answer(nr, a, b, c, d, e);
}

// libbpf's system calls: the dynamic linker prefers the program's definitions of these to the C library's.
// Whoever else in the process calls them is passed on.
extern "C" long syscall(long nr, ...) noexcept
{
    long a[6];
    va_list list;
    va_start(list, nr);
    for (long &argument : a)
        argument = va_arg(list, long);
    va_end(list);
    if (!recording)
        return next<long(long, ...)>("syscall")(nr, a[0], a[1], a[2], a[3], a[4], a[5]);
    return through_libc(answer(nr, a[0], a[1], a[2], a[3], a[4]));
}

extern "C" int fcntl64(int fd, int command, ...)
{
    va_list list;
    va_start(list, command);
    const long argument = va_arg(list, long);
    va_end(list);
    if (!recording)
        return next<int(int, int, ...)>("fcntl64")(fd, command, argument);
    return static_cast<int>(through_libc(answer(__NR_fcntl, fd, command, static_cast<int>(argument), 0, 0)));
}

extern "C" int close(int fd)
{
    if (!recording)
        return next<int(int)>("close")(fd);
    return static_cast<int>(through_libc(answer(__NR_close, fd, 0, 0, 0, 0)));
}

extern "C" int setrlimit64(__rlimit_resource_t resource, const rlimit64 *limit) noexcept
{
    if (!recording)
        return next<int(__rlimit_resource_t, const rlimit64 *)>("setrlimit64")(resource, limit);
    return static_cast<int>(through_libc(answer(__NR_setrlimit, resource, static_cast<long>(limit->rlim_cur),
                                                static_cast<long>(limit->rlim_max), 0, 0)));
}
