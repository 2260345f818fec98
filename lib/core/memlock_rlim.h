// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_LIB_CORE_MEMLOCK_RLIM_H
#define BAREBPF_LIB_CORE_MEMLOCK_RLIM_H

#include <stddef.h>
#include <stdint.h>

namespace barebpf
{

// The last argument of libbpf_set_memlock_rlim(); SIZE_MAX is no limit. Weak: a program that never calls that
// function does not link this variable either.
extern size_t memlock_rlim __attribute__((weak));

// How far RLIMIT_MEMLOCK may be raised unless a policy says otherwise.
inline uint64_t wanted_memlock()
{
    const size_t bytes = &memlock_rlim ? __atomic_load_n(&memlock_rlim, __ATOMIC_RELAXED) : SIZE_MAX;
    return bytes == SIZE_MAX ? UINT64_MAX : bytes;
}

} // namespace barebpf

#endif
