// SPDX-License-Identifier: BSD-2-Clause
#include "c_library.h"

#include <cerrno>
#include <cstdarg>
#include <dlfcn.h>
#include <sys/resource.h>

#include "lib/core/sys.h"

// The C library functions libbpf makes its system calls by: the dynamic linker prefers the program's to the C
// library's own. Whoever calls them while nothing is intercepted is passed on.

namespace barebpf::parity
{

bool intercepting;

namespace
{

// As a C library reports the kernel's answer.
long ask(long nr, long a, long b, long c, long d, long e)
{
    const long result = arch::call(nr, a, b, c, d, e);
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
} // namespace barebpf::parity

using namespace barebpf::parity;

extern "C" long syscall(long nr, ...) noexcept
{
    long a[6];
    va_list list;
    va_start(list, nr);
    for (long &argument : a)
        argument = va_arg(list, long);
    va_end(list);
    if (!intercepting)
        return next<long(long, ...)>("syscall")(nr, a[0], a[1], a[2], a[3], a[4], a[5]);
    return ask(nr, a[0], a[1], a[2], a[3], a[4]);
}

extern "C" int fcntl64(int fd, int command, ...)
{
    va_list list;
    va_start(list, command);
    const long argument = va_arg(list, long);
    va_end(list);
    if (!intercepting)
        return next<int(int, int, ...)>("fcntl64")(fd, command, argument);
    return static_cast<int>(ask(__NR_fcntl, fd, command, static_cast<int>(argument), 0, 0));
}

extern "C" int close(int fd)
{
    if (!intercepting)
        return next<int(int)>("close")(fd);
    return static_cast<int>(ask(__NR_close, fd, 0, 0, 0, 0));
}

extern "C" int setrlimit64(__rlimit_resource_t resource, const rlimit64 *limit) noexcept
{
    if (!intercepting)
        return next<int(__rlimit_resource_t, const rlimit64 *)>("setrlimit64")(resource, limit);
    return static_cast<int>(ask(__NR_prlimit64, 0, resource, barebpf::sys::address(limit), 0, 0));
}
