// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_LIB_MEMLOCK_RLIM_H
#define BAREBPF_LIB_MEMLOCK_RLIM_H

#include <stdint.h>

namespace barebpf
{

// What libbpf_set_memlock_rlim() was last told. Weak: a program that never calls that does not link this
// either.
uint64_t memlock_rlim() __attribute__((weak));

} // namespace barebpf

#endif
