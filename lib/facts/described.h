// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_LIB_FACTS_DESCRIBED_H
#define BAREBPF_LIB_FACTS_DESCRIBED_H

#include "types.h"

// How the kernel's own description of a map differs from the request that made it.
namespace barebpf
{

// Bits of map_flags that a description leaves out: they belong to the request, or to one descriptor.
inline constexpr uint32_t undescribed_flags = BAREBPF_F_RDONLY | BAREBPF_F_WRONLY | BAREBPF_F_TOKEN_FD;

// Bits of map_flags that a description has beyond those requested, because the kernel sets them itself.
uint32_t flags_kernel_adds(uint32_t type);

// What a description has as max_entries.
enum class entries_use : uint8_t {
    as_given,
    whole_pages,   // a power of two of at least a page, which loaders round up to
    cpus,          // 0, and more than there are CPUs, stand for the number of possible CPUs
    share_per_cpu, // with BPF_F_NO_COMMON_LRU rounded up to a multiple of the number of possible CPUs
};

entries_use described_entries(uint32_t type);

// How user space can copy the elements of a map into another.
enum class copying : uint8_t {
    no,      // elements cannot be read, or what is read is not what is written
    plain,   // by key: one value
    per_cpu, // by key: a value for each possible CPU
};

copying copying_of(uint32_t type);

} // namespace barebpf

#endif
