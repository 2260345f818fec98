// SPDX-License-Identifier: BSD-2-Clause
#include "memlock.h"

#include <asm/resource.h>

namespace barebpf
{
bool raise(memlock_limit *limit)
{
    if (limit->steps == 0 && sys::get_rlimit(RLIMIT_MEMLOCK, &limit->lowest) < 0)
        return false;
    while (limit->steps < 2) {
        uint64_t wanted = limit->most, present = limit->lowest.hard;
        sys::rlimit next = {wanted, wanted}, replaced = limit->lowest;
        if (limit->steps++ == 0) {
            next.hard = present;
            if (wanted > present)
                next.soft = present;
            present = limit->lowest.soft;
        }
        if (next.soft > present && sys::set_rlimit(RLIMIT_MEMLOCK, &next, &replaced) == 0) {
            if (replaced.soft < limit->lowest.soft)
                limit->lowest = replaced;
            return limit->changed = true;
        }
    }
    // Another thread may have raised the limit between the refusal and get_rlimit().
    return !limit->changed && limit->steps++ == 2;
}

void put_back(const memlock_limit &limit)
{
    sys::rlimit next, replaced = limit.lowest;
    bool again = limit.changed;
    while (again) {
        next = replaced;
        sys::set_rlimit(RLIMIT_MEMLOCK, &next, &replaced);
        again = replaced.soft < next.soft;
    }
}

} // namespace barebpf
