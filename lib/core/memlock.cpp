// SPDX-License-Identifier: BSD-2-Clause
#include "memlock.h"

#include <asm/resource.h>

namespace barebpf
{

bool raise(memlock_limit *limit)
{
    if (limit->steps == 0 && sys::get_rlimit(RLIMIT_MEMLOCK, &limit->found) < 0)
        return false;
    while (limit->steps < 2) {
        const uint64_t most = limit->most, hard = limit->found.hard;
        uint64_t before = limit->found.soft;
        sys::rlimit next = {most < hard ? most : hard, hard};
        if (limit->steps++ == 1) {
            before = hard;
            next.hard = most;
            next.soft = most;
        }
        if (next.soft > before && sys::set_rlimit(RLIMIT_MEMLOCK, &next) == 0)
            return limit->changed = true;
    }
    // Another thread may have raised it between the refusal and the look at it.
    return !limit->changed && limit->steps++ == 2;
}

void put_back(memlock_limit *limit)
{
    if (limit->changed)
        sys::set_rlimit(RLIMIT_MEMLOCK, &limit->found);
}

} // namespace barebpf
