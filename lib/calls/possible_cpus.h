// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_LIB_CALLS_POSSIBLE_CPUS_H
#define BAREBPF_LIB_CALLS_POSSIBLE_CPUS_H

#include <stddef.h>

namespace barebpf
{

// How many CPUs the kernel may ever have, which is how many values an element of a per-CPU map has: a number
// above 0, or -errno. Not one more than the highest number, where numbers are missing.
int count_possible_cpus();

// How many numbers a list such as "0-3,8-11\n" has; -EINVAL when it is none.
int count_cpus_of_list(const char *list, size_t size);

} // namespace barebpf

#endif
