// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_LIB_CORE_MACHINE_H
#define BAREBPF_LIB_CORE_MACHINE_H

#include <stddef.h>
#include <stdint.h>

namespace barebpf
{

// The machine's numbers that the sizes of some maps depend on, found without /proc and, if need be, without
// /sys.

uint32_t page_size();

// One more than the highest possible CPU number; 0 when it cannot be found out. Without /sys only the CPUs
// this thread may run on are counted, and *guessed becomes true.
uint32_t possible_cpus(bool *guessed);

// One more than the last number of a list such as "0-3,8-11\n"; 0 when the text is not such a list.
uint32_t cpus_of_list(const char *list, size_t size);

} // namespace barebpf

#endif
