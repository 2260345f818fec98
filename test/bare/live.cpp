// SPDX-License-Identifier: BSD-2-Clause
#include "lib/core/errno.h"
#include "lib/core/mem.h"
#include "lib/core/sys.h"
#include "process.h"

using barebpf::sys::address;

namespace
{

// A system call by the library's own function.
[[gnu::always_inline]] inline long ask(long nr, long a, long b, long c, long d, long e)
{
    return barebpf::arch::call(without_x32_bit(nr), a, b, c, d, e);
}

// A value the compiler cannot compute again, so it has to keep it.
[[gnu::always_inline]] inline long opaque(long value)
{
    asm("" : "+r"(value));
    return value;
}

// Keeps one value for each level while the innermost makes two system calls with the last five of them. These
// are more values than any architecture has registers, so every register that arch::call does not declare as
// changed has one.
template <int level>
[[gnu::always_inline]] inline bool survive(long a = 0, long b = 0, long c = 0, long d = 0, long e = 0)
{
    if constexpr (level == 0) {
        const long self = ask(__NR_getpid, a, b, c, d, e);
        return self > 0 && ask(__NR_getpid, a, b, c, d, e) == self;
    } else {
        const long value = opaque(level * 0x1234567L);
        return survive<level - 1>(b, c, d, e, value) & (value == level * 0x1234567L);
    }
}

// PR_GET_NO_NEW_PRIVS requires its other arguments to be zero.
void check_arguments()
{
    constexpr long option = 39;
    check(ask(__NR_prctl, option, 0, 0, 0, 0) >= 0, "live: prctl(2) answers");
    check(ask(__NR_prctl, option, 1, 0, 0, 0) == -EINVAL, "live: the second argument arrives");
    check(ask(__NR_prctl, option, 0, 1, 0, 0) == -EINVAL, "live: the third argument arrives");
    check(ask(__NR_prctl, option, 0, 0, 1, 0) == -EINVAL, "live: the fourth argument arrives");
    check(ask(__NR_prctl, option, 0, 0, 0, 1) == -EINVAL, "live: the fifth argument arrives");
}

// Whole addresses, in the two places where the library passes one.
void check_addresses()
{
    constexpr long nofile = 7;
    struct {
        uint64_t soft, hard;
    } limits;
    barebpf::clear(&limits);
    check(ask(__NR_prlimit64, 0, nofile, 0, address(&limits), 0) == 0, "live: prlimit64(2) answers");
    check(limits.hard > 0, "live: an address arrives, as the fourth argument");

    static const char directory[] = "/";
    const long fd = ask(__NR_openat, -100, address(directory), 0, 0, 0);
    check(fd >= 0, "live: an address arrives, as the second argument");
    check(ask(__NR_close, fd, 0, 0, 0, 0) == 0, "live: success is not negative");
    check(ask(__NR_close, fd, 0, 0, 0, 0) == -EBADF, "live: an error is -errno");
}

} // namespace

int run()
{
    check(survive<40>(), "live: a system call leaves alone what it does not declare changed");
    check_arguments();
    check_addresses();
    return 0;
}
