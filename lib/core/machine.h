// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_LIB_CORE_MACHINE_H
#define BAREBPF_LIB_CORE_MACHINE_H

#include <stddef.h>
#include <stdint.h>

namespace barebpf
{

// What the sizes of some maps depend on, asked of the kernel without /proc, and without /sys if it must be.

uint32_t page_size();

// One more than the highest CPU number there may be; 0 when it cannot be found out. Without /sys it is that
// of the CPUs this thread may run on, and *guessed says so.
uint32_t possible_cpus(bool *guessed);

// One more than the last number of a list such as "0-3,8-11\n"; 0 when it is none.
uint32_t cpus_of_list(const char *list, size_t size);

} // namespace barebpf

#endif
