// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_TEST_REQUESTS_KERNEL_H
#define BAREBPF_TEST_REQUESTS_KERNEL_H

#include <string>
#include <vector>

#include "lib/rules/rules.h"

namespace barebpf::test
{

// The running kernel, as it describes itself, and never by its answers to BPF_MAP_CREATE.
struct kernel {
    std::string name; // "Linux 6.1.176 x86_64"
    release number;
    uint64_t memory; // bytes of the machine
    std::vector<struct_ops_type> struct_ops;
    environment surroundings; // descriptors and caller left out
};

// A bit of enum config by the kernel's name for it, without CONFIG_; 0 for any other name.
uint32_t config_called(const std::string &option);

// `without`: config bits the kernel was built without, in addition to those found.
kernel running_kernel(uint32_t without);

} // namespace barebpf::test

#endif
