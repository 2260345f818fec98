// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_LIB_CALLS_POSSIBLE_CPUS_H
#define BAREBPF_LIB_CALLS_POSSIBLE_CPUS_H

#include <stddef.h>

namespace barebpf
{

// Returns the number of possible CPUs, which is the number of values in an element of a per-CPU map, or
// -errno. With sparse numbering it is less than the highest number plus one.
int count_possible_cpus();

// Returns how many numbers a list such as "0-3,8-11\n" has; -EINVAL when the text is no such list.
int count_cpus_of_list(const char *list, size_t size);

} // namespace barebpf

#endif
