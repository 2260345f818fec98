// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_LIB_CORE_MEMLOCK_H
#define BAREBPF_LIB_CORE_MEMLOCK_H

#include "sys.h"

namespace barebpf
{

// RLIMIT_MEMLOCK, against which kernels before 5.11 charge the memory of maps; beyond it a map is refused
// with EPERM.
struct memlock_limit {
    uint64_t most;      // how far it may be raised
    uint8_t steps;      // taken so far, 0 at the start
    bool changed;       // true once a step succeeded, false at the start
    sys::rlimit lowest; // the lowest limit read or replaced so far
};

// Takes the next step up: first the soft limit to the hard one, which needs no privilege, then both to
// `most`, which needs CAP_SYS_RESOURCE. Neither limit is ever lowered. If neither can be raised, the step is
// to retry the request once. False when no step is left.
bool raise(memlock_limit *limit);

// Undoes every step. The limit belongs to the process, so other threads may raise it and put it back at the
// same time: each puts back the lowest limit it saw, and the first to raise it saw the original.
void put_back(const memlock_limit &limit);

} // namespace barebpf

#endif
