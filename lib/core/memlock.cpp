// SPDX-License-Identifier: BSD-2-Clause
#include "memlock.h"

#include <asm/resource.h>

namespace barebpf
{
namespace
{

// Not by assignment, for which compilers of some 32-bit machines call memcpy.
inline void copy_limit(sys::rlimit *to, const sys::rlimit &from)
{
    move_word<sizeof(from)>(to, &from);
}

} // namespace

bool raise(memlock_limit *limit)
{
    if (limit->steps == 0 && sys::get_rlimit(RLIMIT_MEMLOCK, &limit->lowest) < 0)
        return false;
    while (limit->steps < 2) {
        uint64_t wanted = limit->most, present = limit->lowest.hard;
        sys::rlimit next, replaced;
        next.soft = next.hard = wanted;
        copy_limit(&replaced, limit->lowest);
        if (limit->steps++ == 0) {
            next.hard = present;
            if (wanted > present)
                next.soft = present;
            present = limit->lowest.soft;
        }
        if (next.soft > present && sys::set_rlimit(RLIMIT_MEMLOCK, &next, &replaced) == 0) {
            if (replaced.soft < limit->lowest.soft)
                copy_limit(&limit->lowest, replaced);
            return limit->changed = true;
        }
    }
    // Another thread may have raised the limit between the refusal and get_rlimit().
    return !limit->changed && limit->steps++ == 2;
}

void put_back(const memlock_limit &limit)
{
    const sys::rlimit *lower = &limit.lowest;
    sys::rlimit next, replaced;
    for (bool again = limit.changed; again; lower = &replaced) {
        copy_limit(&next, *lower);
        // NOLINTNEXTLINE(clang-analyzer-core.UndefinedBinaryOperatorResult): the kernel writes `replaced`
        again = sys::set_rlimit(RLIMIT_MEMLOCK, &next, &replaced) == 0 && replaced.soft < next.soft;
    }
}

} // namespace barebpf
