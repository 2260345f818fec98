// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_LIB_CORE_MEMLOCK_H
#define BAREBPF_LIB_CORE_MEMLOCK_H

#include "sys.h"

namespace barebpf
{

// RLIMIT_MEMLOCK, against which kernels before 5.11 charge the memory of maps: EPERM when it does not
// suffice.
struct memlock_limit {
    uint64_t most;     // how far it may be raised
    uint8_t steps;     // tried so far, 0 at the start
    bool changed;      // whether one succeeded, false at the start
    sys::rlimit found; // before the first
};

// The next step up: the soft limit to the hard one, which anybody may, then both to the most, which needs
// CAP_SYS_RESOURCE. Neither limit is ever lowered. Where none can be raised the step is to try again, once.
// False when there is no step left.
bool raise(memlock_limit *limit);

// Undoes every step.
void put_back(memlock_limit *limit);

} // namespace barebpf

#endif
