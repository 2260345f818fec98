// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_TEST_MODEL_MEMORY_H
#define BAREBPF_TEST_MODEL_MEMORY_H

#include <cstddef>

// The program's memory as a kernel accesses it: for a bad address these return false, where a kernel returns
// EFAULT, instead of crashing.
namespace barebpf::test
{

bool copy_from_program(void *to, const void *address, size_t size);
bool copy_to_program(void *address, const void *from, size_t size);

} // namespace barebpf::test

#endif
