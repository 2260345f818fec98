// SPDX-License-Identifier: BSD-2-Clause
#include "described.h"

namespace barebpf
{
namespace
{

using namespace map_type;

struct described_facts {
    type_set types;
    uint32_t adds; // bits of map_flags
    entries_use entries;
    copying elements;
};

// Each type is in one row.
constexpr described_facts descriptions[] = {
    {types_of(hash, array, lpm_trie, rhash), 0, entries_use::as_given, copying::plain},
    {types_of(percpu_hash, percpu_array), 0, entries_use::as_given, copying::per_cpu},
    {types_of(lru_hash), 0, entries_use::share_per_cpu, copying::plain},
    {types_of(lru_percpu_hash), 0, entries_use::share_per_cpu, copying::per_cpu},
    // A lookup returns an id where an update takes a descriptor, or a program depends on the network
    // namespace.
    {nested | sockmaps | types_of(prog_array, cgroup_array, xskmap, reuseport_sockarray, struct_ops), 0,
     entries_use::as_given, copying::no},
    {types_of(perf_event_array, cpumap), 0, entries_use::cpus, copying::no},
    {devmaps | types_of(insn_array), BAREBPF_F_RDONLY_PROG, entries_use::as_given, copying::no},
    {ringbufs, 0, entries_use::whole_pages, copying::no},
    // Elements have no keys that user space can list, or are the kernel's.
    {cgroup_storages | storages | queues | types_of(unspec, stack_trace, bloom_filter, arena), 0,
     entries_use::as_given, copying::no},
};

constexpr bool every_type_has_one_description()
{
    type_set listed = 0;
    for (const described_facts &row : descriptions) {
        if (listed & row.types)
            return false;
        listed |= row.types;
    }
    return listed == every_type;
}
static_assert(every_type_has_one_description(),
              "each map type must be in one row of `descriptions`: docs/kernels.md, A new map type");

const described_facts &description_of(uint32_t type)
{
    for (const described_facts &row : descriptions)
        if (has(row.types, type))
            return row;
    return description_of(unspec);
}

} // namespace

uint32_t flags_kernel_adds(uint32_t type)
{
    return description_of(type).adds;
}

entries_use described_entries(uint32_t type)
{
    return description_of(type).entries;
}

copying copying_of(uint32_t type)
{
    return description_of(type).elements;
}

} // namespace barebpf
