// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_TEST_LIVE_KERNEL_H
#define BAREBPF_TEST_LIVE_KERNEL_H

#include <cstdint>
#include <optional>
#include <string>

#include "barebpf/barebpf.hpp"
#include "test/requests/kernel_btf.h"

// What the live tests ask the running kernel beside what they test.
namespace barebpf::test
{

// The plainest map there is.
inline constexpr map_spec small_array = {
    .type = map_type::array, .key_size = 4, .value_size = 4, .max_entries = 1};

// KERNEL_VERSION(major, minor, 0) of the running kernel.
uint32_t running_kernel();

// Which permission this process lacks to make an array map; empty when it has what every kernel demands, so
// that a refusal is a failure. Lifts RLIMIT_MEMLOCK, which maps count against before 5.11, if it may.
std::string missing_permission();

// Whether the running kernel was built with CONFIG_<option>; nothing when its configuration cannot be read.
std::optional<bool> configured(const std::string &option);

// A BTF object whose type 1 is a 4-byte int, for storages keyed by an object of the kernel.
fd int_btf();

// A struct in the kernel's own BTF, which a kernel as old as 5.10 has not read itself before the first
// program is loaded: it answers a struct_ops map with 524 until then. So this loads one.
std::optional<kernel_struct> find_struct(const std::string &name);

} // namespace barebpf::test

#endif
