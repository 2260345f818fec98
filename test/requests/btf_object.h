// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_TEST_REQUESTS_BTF_OBJECT_H
#define BAREBPF_TEST_REQUESTS_BTF_OBJECT_H

#include <vector>

#include "kernel.h"

namespace barebpf::test
{

// The first two ids are those of test/recordings.
enum : uint32_t {
    int_id = 1,
    struct_id,
};

// Loads a BTF object with types of all kinds that matter to BPF_MAP_CREATE, and lists them. Returns its
// descriptor, -1 if the kernel has no BTF or refuses it.
int load_btf(const kernel &running, std::vector<btf_type> *types);

} // namespace barebpf::test

#endif
