// SPDX-License-Identifier: BSD-2-Clause
#include "memlock.h"

#include <asm/resource.h>

namespace barebpf
{

bool raise(memlock *limit)
{
    if (limit->steps == 0 && sys::get_rlimit(RLIMIT_MEMLOCK, &limit->found) < 0)
        return false;
    while (limit->steps < 2) {
        sys::rlimit next = {limit->most, limit->found.hard};
        if (next.soft > next.hard) {
            if (limit->steps == 0)
                next.soft = next.hard;
            else
                next.hard = next.soft;
        } else if (limit->steps == 1) {
            return false;
        }
        limit->steps++;
        if (next.soft > limit->found.soft && sys::set_rlimit(RLIMIT_MEMLOCK, &next) == 0)
            return limit->changed = true;
    }
    return false;
}

void put_back(memlock *limit)
{
    if (limit->changed)
        sys::set_rlimit(RLIMIT_MEMLOCK, &limit->found);
}

} // namespace barebpf
