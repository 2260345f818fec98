// SPDX-License-Identifier: BSD-2-Clause
#include "request.h"

// What a map costs in memory: the bytes it allocates when it is made, and the bytes it was charged for before
// 5.11, which include elements allocated only when they are set. The kernel's own structures vary between
// builds by some dozen bytes; the figures here are those of a plain 64-bit build.
namespace barebpf
{
namespace
{

using namespace map_type;

constexpr type_set networking = types_of(devmap, devmap_hash, sockmap, xskmap);

// Types that allocate one pointer per entry.
constexpr type_set pointers = types_of(devmap, sockmap, cpumap, xskmap, reuseport_sockarray, insn_array);

// Types with a formula of their own in bytes_of().
constexpr type_set sized_apart =
    queues | ringbufs | types_of(stack_trace, lpm_trie, devmap_hash, sockhash, bloom_filter);

// Types that allocate next to nothing before elements are set.
constexpr type_set small = cgroup_storages | storages | types_of(struct_ops, arena, rhash);

static_assert(
    (arrays | hashes | pointers | sized_apart | small | types_of(unspec)) == every_type,
    "each map type must be in one of these sets, by what it allocates: docs/kernels.md, A new map type");

constexpr uint64_t map_itself = 256;

constexpr uint64_t round_up_8(uint64_t number)
{
    return (number + 7) & ~uint64_t{7};
}

// A page is a power of two. A 64-bit division would call libgcc on 32-bit machines.
uint64_t pages_of(const request &r, uint64_t bytes)
{
    const uint64_t rest = r.surroundings.page_size - 1;
    return (bytes + rest) & ~rest;
}

uint64_t power_of_two_from(uint64_t number)
{
    uint64_t power = 1;
    while (power < number)
        power <<= 1;
    return power;
}

uint64_t buckets(const request &r, uint64_t size)
{
    return power_of_two_from(r.attr.max_entries) * size;
}

// Buckets and elements, and for per-CPU types each CPU's values.
uint64_t hash_bytes(const request &r, bool charged)
{
    const uint64_t value = round_up_8(r.attr.value_size);
    const bool percpu = has(percpu_hashes, r.type());
    const uint64_t element = 48 + round_up_8(r.attr.key_size) + (percpu ? 8 : value);
    const uint64_t all = element * r.attr.max_entries;
    if (r.flag(BAREBPF_F_NO_PREALLOC) && !charged)
        return buckets(r, 16);
    return buckets(r, 16) + all + (percpu ? value * r.surroundings.possible_cpus * r.attr.max_entries : 0);
}

uint64_t array_bytes(const request &r)
{
    const uint64_t entries = r.may_perfmon() ? r.attr.max_entries : power_of_two_from(r.attr.max_entries);
    const uint64_t value = round_up_8(r.attr.value_size);
    if (r.type() == array)
        return entries * value;
    const uint64_t all_cpus = value * r.surroundings.possible_cpus * r.attr.max_entries;
    return entries * 8 + (r.type() == percpu_array ? all_cpus : 0);
}

// A bloom filter has 7/5 bits for each hash function (map_extra, by default 5) of each entry, rounded up to a
// power of two.
uint64_t bloom_bytes(const request &r)
{
    const uint64_t functions = r.attr.map_extra ? r.attr.map_extra : 5;
    const uint64_t wanted = functions * r.attr.max_entries;
    if (wanted > UINT32_MAX)
        return uint64_t{1} << 29;
    return power_of_two_from(uint64_t{static_cast<uint32_t>(wanted) / 5} * 7) >> 3;
}

uint64_t bytes_of(const request &r, bool charged)
{
    const uint64_t entries = r.attr.max_entries;
    if (has(hashes, r.type()))
        return map_itself + hash_bytes(r, charged);
    if (has(arrays, r.type()))
        return map_itself + array_bytes(r);
    if (has(pointers, r.type()))
        return map_itself + entries * 8;
    switch (r.type()) {
    case stack_trace:
        return map_itself + buckets(r, 8 + 24 + uint64_t{r.attr.value_size});
    case lpm_trie:
        return map_itself + (charged ? entries * (36 + uint64_t{r.attr.value_size} + r.attr.key_size) : 0);
    case devmap_hash:
        return map_itself + buckets(r, 8);
    case sockhash:
        return map_itself + (r.buckets_wrap() ? 16 : buckets(r, 16)) +
               (charged ? entries * (40 + round_up_8(r.attr.key_size)) : 0);
    case bloom_filter:
        return map_itself + bloom_bytes(r);
    case queue:
    case stack:
        return map_itself + (entries + 1) * r.attr.value_size;
    case ringbuf:
    case user_ringbuf:
        return map_itself + entries;
    default:
        return map_itself;
    }
}

bool is_beyond_32_bits(request &r, uint64_t bytes)
{
    if (bytes < UINT32_MAX - r.surroundings.page_size)
        return false;
    if (has(arrays | types_of(reuseport_sockarray), r.type()) && r.refuse(rule::array_cost, bytes))
        return true;
    if (has(hashes, r.type()) && r.refuse(rule::hash_cost_3_19, bytes))
        return true;
    if (has(networking, r.type()) && r.refuse(rule::net_cost, bytes))
        return true;
    if (r.type() == sockhash && r.refuse(rule::sockhash_cost, bytes))
        return true;
    if (has(devmaps, r.type())) // 5.10 allocates before it charges
        return r.refuse(rule::devmap_cost, bytes);
    return r.refuse(rule::cost, bytes);
}

bool is_beyond_memlock(request &r, uint64_t bytes)
{
    const uint64_t pages = pages_of(r, bytes);
    if (pages <= r.surroundings.memlock)
        return false;
    if (has(devmaps, r.type()) && r.refuse(rule::memlock_devmap, pages, r.surroundings.memlock))
        return true;
    return r.refuse(rule::memlock, pages, r.surroundings.memlock);
}

// Before 6.12 it was the allocator that failed for a share too large for one CPU; without preallocation, a
// hash table's only when an element was set.
bool percpu_share_is_too_large(request &r)
{
    const uint64_t most = pages_of(r, 32768);
    const bool now =
        r.type() == percpu_array || (has(percpu_hashes, r.type()) && !r.flag(BAREBPF_F_NO_PREALLOC));
    return now && r.attr.value_size > most && r.refuse(rule::percpu_value_memory, r.attr.value_size, most);
}

} // namespace

bool too_expensive(request &r)
{
    const uint64_t charged = bytes_of(r, true);
    if (is_beyond_32_bits(r, charged) || is_beyond_memlock(r, charged) || percpu_share_is_too_large(r))
        return true;
    const uint64_t bytes = bytes_of(r, false);
    return bytes > r.surroundings.memory && r.refuse(rule::memory, bytes, r.surroundings.memory);
}

} // namespace barebpf
