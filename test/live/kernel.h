// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_TEST_LIVE_KERNEL_H
#define BAREBPF_TEST_LIVE_KERNEL_H

#include <cstdint>
#include <optional>
#include <string>

#include "barebpf/barebpf.hpp"
#include "test/requests/kernel_btf.h"

// What the live tests need of the running kernel besides what they test.
namespace barebpf::test
{

// The simplest map.
inline constexpr map_spec small_array = {
    .type = map_type::array, .key_size = 4, .value_size = 4, .max_entries = 1};

// KERNEL_VERSION(major, minor, 0) of the running kernel.
uint32_t running_kernel();

// The permission this process lacks to create an array map; empty if it has all that any kernel requires, so
// that a refusal is a failure. Raises RLIMIT_MEMLOCK, which limits maps before 5.11, if it may.
std::string missing_permission();

// True if the running kernel was built with CONFIG_<option>; nothing if its configuration cannot be read.
std::optional<bool> configured(const std::string &option);

// A BTF object whose type 1 is a 4-byte int, for storages keyed by an object of the kernel.
fd int_btf();

// A struct in the kernel's own BTF. A kernel as old as 5.10 reads its BTF only when the first program is
// loaded, and refuses a struct_ops map with 524 until then, so this loads one.
std::optional<kernel_struct> find_struct(const std::string &name);

} // namespace barebpf::test

#endif
