// SPDX-License-Identifier: BSD-2-Clause
#include "memory.h"

// The kernel's own structures vary between builds by some dozen bytes; the figures are those of 64-bit builds
// from 6.4 on, where each map type counts for itself.
namespace barebpf
{
namespace
{

using namespace map_type;

// The memory of a map besides the common part of every map, struct bpf_map, and 8 bytes for each entry.
struct pointer_map {
    type_set types;
    int own;
};

constexpr pointer_map pointer_maps[] = {
    {fd_arrays, 8},
    {types_of(devmap), 40},
    {types_of(sockmap), 72},
    {types_of(cpumap, xskmap), 0},
    {types_of(reuseport_sockarray), -8},
};

uint64_t common_part(release kernel)
{
    return kernel < release_of(6, 18) ? 256 : 300;
}

uint64_t round_up(uint64_t number, uint64_t power)
{
    return (number + power - 1) & ~(power - 1);
}

uint64_t next_power_of_two(uint64_t number)
{
    uint64_t power = 1;
    while (power < number)
        power <<= 1;
    return power;
}

// The next multiple of any number, without a division.
uint64_t multiple_from(uint64_t number, uint64_t of)
{
    uint64_t step = of, rest = number;
    while (step < number)
        step <<= 1;
    for (; step >= of; step >>= 1)
        rest -= rest >= step ? step : 0;
    return rest ? number + of - rest : number;
}

struct sizing {
    uint64_t cpus;
    uint64_t page;
    release kernel;
};

uint64_t memory_of_hash(const map_create_attr &attr, const sizing &on)
{
    const bool percpu = has(percpu_hashes, attr.map_type);
    const bool lru = has(types_of(lru_hash, lru_percpu_hash), attr.map_type);
    const bool of_maps = attr.map_type == hash_of_maps;
    const bool locks = on.kernel < release_of(6, 18);
    uint64_t entries = attr.max_entries;
    if (attr.map_flags & BAREBPF_F_NO_COMMON_LRU)
        entries = multiple_from(entries, on.cpus);
    const uint64_t value = round_up(attr.value_size, 8);
    const uint64_t element = 48 + round_up(attr.key_size, 8) + (percpu ? 8 : value);
    const uint64_t table = 896 + (locks ? 32 * on.cpus : 0) + 16 * next_power_of_two(entries);
    if (attr.map_flags & BAREBPF_F_NO_PREALLOC)
        return table;
    const bool spare = !percpu && !lru && (!of_maps || locks); // an element for each CPU
    return table + element * (entries + (spare ? on.cpus : 0)) + (percpu ? value * on.cpus * entries : 0) +
           (percpu || lru ? 0 : 8 * on.cpus);
}

uint64_t memory_of_array(const map_create_attr &attr, const sizing &on)
{
    const uint64_t own = common_part(on.kernel) + 8;
    const uint64_t values = round_up(attr.value_size, 8) * attr.max_entries;
    if (attr.map_type == percpu_array)
        return own + 8 * uint64_t{attr.max_entries} + values * on.cpus;
    return attr.map_flags & BAREBPF_F_MMAPABLE ? on.page + round_up(values, on.page) : own + values;
}

// A bloom filter has 7/5 bits for each of its hash functions (5 unless map_extra says) and entries, rounded
// up.
uint64_t memory_of_bloom(const map_create_attr &attr)
{
    const uint64_t functions = attr.map_extra ? attr.map_extra : 5;
    const uint64_t wanted = functions * attr.max_entries;
    if (wanted > UINT32_MAX)
        return uint64_t{1} << 29;
    const uint64_t bits = next_power_of_two(uint64_t{static_cast<uint32_t>(wanted) / 5} * 7);
    return bits < 64 ? 8 : bits >> 3;
}

// Three pages besides the data, and a pointer to each page; two to each page of the data.
uint64_t ringbuf_bytes(const map_create_attr &attr, const sizing &on)
{
    uint64_t pointer_bytes = 16 * uint64_t{attr.max_entries};
    for (uint64_t page = on.page; page > 1; page >>= 1)
        pointer_bytes >>= 1;
    return common_part(on.kernel) + 3 * (on.page + 8) + attr.max_entries + pointer_bytes;
}

uint64_t storage_bytes(const sizing &on)
{
    const uint64_t buckets = next_power_of_two(on.cpus < 2 ? 2 : on.cpus);
    return on.kernel < release_of(7, 0) ? 440 + 16 * buckets : 304 + 16 * buckets;
}

uint64_t other_bytes(const map_create_attr &attr, const sizing &on)
{
    const uint64_t own = common_part(on.kernel), entries = attr.max_entries;
    switch (attr.map_type) {
    case array:
    case percpu_array:
        return memory_of_array(attr, on);
    case stack_trace:
        return own + 28 + 8 * next_power_of_two(entries) + (16 + round_up(attr.value_size, 8)) * entries;
    case lpm_trie: // nothing before elements are set
    case arena:
        return 0;
    case queue:
    case stack:
        return own + 8 + (entries + 1) * attr.value_size;
    case devmap_hash:
        return own + 40 + 8 * next_power_of_two(entries);
    case sockhash:
        return own + 80 + 16 * next_power_of_two(entries);
    case bloom_filter:
        return own + 8 + memory_of_bloom(attr);
    case ringbuf:
    case user_ringbuf:
        return ringbuf_bytes(attr, on);
    case insn_array:
        return own + 8 + 24 * entries;
    case rhash:
        return own + 240;
    case cgroup_storage:
    case percpu_cgroup_storage:
        return own + 24;
    default:
        return has(storages, attr.map_type) ? storage_bytes(on) : own;
    }
}

} // namespace

uint64_t memory_of(const map_create_attr &attr, const environment &machine, release kernel)
{
    const sizing on = {machine.possible_cpus ? machine.possible_cpus : 1, machine.page_size, kernel};
    if (has(hashes, attr.map_type))
        return memory_of_hash(attr, on);
    for (const pointer_map &row : pointer_maps)
        if (has(row.types, attr.map_type))
            return common_part(kernel) + static_cast<uint64_t>(row.own) + 8 * uint64_t{attr.max_entries};
    return other_bytes(attr, on);
}

uint64_t memlock_of(const map_create_attr &attr, const environment &machine, release kernel)
{
    if (kernel >= release_of(6, 4) || kernel < release_of(5, 11))
        return memory_of(attr, machine, kernel);
    const bool percpu = has(percpu_hashes | types_of(percpu_array, percpu_cgroup_storage), attr.map_type);
    const uint64_t cpus = machine.possible_cpus ? machine.possible_cpus : 1;
    const uint64_t value = percpu ? round_up(attr.value_size, 8) * cpus : attr.value_size;
    const uint64_t bytes = round_up(round_up(attr.key_size + value, 8) * attr.max_entries, machine.page_size);
    return bytes ? bytes : memory_of(attr, machine, kernel);
}

} // namespace barebpf
