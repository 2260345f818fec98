// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_TEST_MODEL_MEMORY_H
#define BAREBPF_TEST_MODEL_MEMORY_H

#include <cstddef>

// The program's memory as a kernel sees it: an address that cannot be used is no crash but EFAULT. False
// then.
namespace barebpf::test
{

bool copy_from_program(void *to, const void *address, size_t size);
bool copy_to_program(void *address, const void *from, size_t size);

} // namespace barebpf::test

#endif
