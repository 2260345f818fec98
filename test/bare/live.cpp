// SPDX-License-Identifier: BSD-2-Clause
#include <asm/unistd.h>

#include "lib/arch/arch.h"
#include "process.h"

namespace
{

// A value the compiler cannot work out again, so it has to keep it.
[[gnu::always_inline]] inline long opaque(long value)
{
    asm("" : "+r"(value));
    return value;
}

// Holds one value for each level while the innermost makes two system calls with the five last of them: more
// values than any architecture has registers, so every register an arch::call does not declare changed holds
// one.
template <int level>
[[gnu::always_inline]] inline bool survive(long a = 0, long b = 0, long c = 0, long d = 0, long e = 0)
{
    if constexpr (level == 0) {
        const long self = barebpf::arch::call(__NR_getpid, a, b, c, d, e);
        return self > 0 && barebpf::arch::call(__NR_getpid, a, b, c, d, e) == self;
    } else {
        const long value = opaque(level * 0x1234567L);
        return survive<level - 1>(b, c, d, e, value) & (value == level * 0x1234567L);
    }
}

} // namespace

int run()
{
    check(survive<40>(), "live: a system call leaves alone what it does not declare changed");
    return 0;
}
