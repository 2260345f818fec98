// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_TEST_REQUESTS_EXAMPLES_H
#define BAREBPF_TEST_REQUESTS_EXAMPLES_H

#include "kernel.h"
#include "lib/core/attr.h"

namespace barebpf::test
{

// An attr that a kernel with the type should accept, once the descriptors of objects.h are
// open.
map_create_attr example_of(uint32_t type, const kernel &running);

} // namespace barebpf::test

#endif
