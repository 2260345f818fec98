// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_TEST_REQUESTS_KERNEL_BTF_H
#define BAREBPF_TEST_REQUESTS_KERNEL_BTF_H

#include <cstdint>
#include <map>
#include <string>

namespace barebpf::test
{

struct kernel_struct {
    uint32_t id;
    uint32_t size;
};

// The structs in the kernel's own BTF by name; none if it has no BTF.
std::map<std::string, kernel_struct> kernel_structs();

// The id of a function in the kernel's own BTF; 0 if it is not there.
uint32_t kernel_function(const std::string &name);

} // namespace barebpf::test

#endif
