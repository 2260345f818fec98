// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_TEST_EXPLAIN_MEMORY_H
#define BAREBPF_TEST_EXPLAIN_MEMORY_H

#include "test/requests/kernel.h"

namespace barebpf::test
{

// Holds barebpf_map_memory() against what the kernel says in fdinfo, over every type and many sizes. Returns
// whether it is within 10 percent, or the kernel is older than 6.1 and does not say.
bool memory_agrees(const kernel &running);

} // namespace barebpf::test

#endif
