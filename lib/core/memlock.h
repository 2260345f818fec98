// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_LIB_CORE_MEMLOCK_H
#define BAREBPF_LIB_CORE_MEMLOCK_H

#include "sys.h"

namespace barebpf
{

// RLIMIT_MEMLOCK, against which kernels before 5.11 charge the memory of maps: EPERM when it does not
// suffice.
struct memlock_limit {
    uint64_t most;      // how far it may be raised
    uint8_t steps;      // tried so far, 0 at the start
    bool changed;       // true once a step succeeded, false at the start
    sys::rlimit lowest; // that was found or replaced
};

// The next step up: the soft limit to the hard one, which anybody may, then both to the most, which needs
// CAP_SYS_RESOURCE. Neither limit is ever lowered. Where none can be raised the step is to try again, once.
// False when there is no step left.
bool raise(memlock_limit *limit);

// Undoes every step. The limit belongs to the process, so other threads may raise it and put it back at the
// same time: each puts back the lowest it saw, and whoever raised it first saw what it was.
void put_back(const memlock_limit &limit);

} // namespace barebpf

#endif
