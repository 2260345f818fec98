// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_TEST_REQUESTS_OBJECTS_H
#define BAREBPF_TEST_REQUESTS_OBJECTS_H

#include <vector>

#include "kernel.h"

namespace barebpf::test
{

// Descriptors at fixed numbers; the first three are those of test/recordings.
enum : uint16_t {
    array_fd = 100,
    hash_fd,
    btf_fd,
    never_open = 999,
};

struct open_objects {
    std::vector<object> objects;
    std::vector<btf_type> types; // in the BTF object, which is one of them
    std::vector<network_device> devices;
};

// A file that is no BPF object, a map of each type that the kernel creates here, a BTF object with types of
// all kinds, the kernel's own BTF, and standard output and error. Descriptor 0 is closed.
open_objects open_everything(const kernel &running);

} // namespace barebpf::test

#endif
