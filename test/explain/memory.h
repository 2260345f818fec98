// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_TEST_EXPLAIN_MEMORY_H
#define BAREBPF_TEST_EXPLAIN_MEMORY_H

#include "test/requests/kernel.h"

namespace barebpf::test
{

// Holds barebpf_map_memory() against what the kernel says in fdinfo, from Linux 6.1 on, over every type and
// many sizes. Returns whether it is within 10 percent. Which maps there are depends on the release's types
// and on the number of CPUs; one that the machine has no memory for is a failure.
bool memory_agrees(const kernel &running);

} // namespace barebpf::test

#endif
