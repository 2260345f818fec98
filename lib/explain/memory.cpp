// SPDX-License-Identifier: BSD-2-Clause
#include "memory.h"

namespace barebpf
{
namespace
{

using namespace map_type;

constexpr uint64_t map_itself = 256;

constexpr type_set pointers = types_of(devmap, sockmap, cpumap, xskmap, reuseport_sockarray, prog_array,
                                       perf_event_array, cgroup_array, array_of_maps);

uint64_t round_up_8(uint64_t number)
{
    return (number + 7) & ~uint64_t{7};
}

uint64_t power_of_two_from(uint64_t number)
{
    uint64_t power = 1;
    while (power < number)
        power <<= 1;
    return power;
}

uint64_t hash_bytes(const map_create_attr &attr, const environment &around)
{
    const bool percpu = has(percpu_hashes, attr.map_type);
    const uint64_t buckets = 16 * power_of_two_from(attr.max_entries);
    const uint64_t value = round_up_8(attr.value_size);
    const uint64_t element = 48 + round_up_8(attr.key_size) + (percpu ? 8 : value);
    if (attr.map_flags & BAREBPF_F_NO_PREALLOC)
        return buckets;
    const uint64_t all_cpus = percpu ? value * around.possible_cpus : 0;
    return buckets + (element + all_cpus) * attr.max_entries;
}

uint64_t bloom_bytes(const map_create_attr &attr)
{
    const uint64_t functions = attr.map_extra ? attr.map_extra : 5;
    const uint64_t wanted = functions * attr.max_entries;
    if (wanted > UINT32_MAX)
        return uint64_t{1} << 29;
    return power_of_two_from(uint64_t{static_cast<uint32_t>(wanted) / 5} * 7) >> 3;
}

} // namespace

uint64_t memory_of(const map_create_attr &attr, const environment &around, release)
{
    const uint64_t entries = attr.max_entries;
    const uint64_t value = round_up_8(attr.value_size);
    if (has(hashes, attr.map_type))
        return map_itself + hash_bytes(attr, around);
    if (has(pointers, attr.map_type))
        return map_itself + 8 * entries;
    switch (attr.map_type) {
    case array:
        return map_itself + value * entries;
    case percpu_array:
        return map_itself + (8 + value * around.possible_cpus) * entries;
    case stack_trace:
        return map_itself + (32 + value) * power_of_two_from(entries);
    case queue:
    case stack:
        return map_itself + (entries + 1) * attr.value_size;
    case devmap_hash:
        return map_itself + 8 * power_of_two_from(entries);
    case sockhash:
        return map_itself + 16 * power_of_two_from(entries);
    case bloom_filter:
        return map_itself + bloom_bytes(attr);
    case ringbuf:
    case user_ringbuf:
        return map_itself + entries;
    default:
        return map_itself;
    }
}

} // namespace barebpf
