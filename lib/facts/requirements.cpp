// SPDX-License-Identifier: BSD-2-Clause
#include "requirements.h"

namespace barebpf
{
namespace
{

using namespace map_type;

constexpr requirement equals(type_set types, member of, uint32_t number, release when, rule broken)
{
    return {types, number, 0, never, of, test::equals, unit::one, when, broken};
}

constexpr requirement either(type_set types, member of, uint32_t a, uint32_t b, release b_since, release when,
                             rule broken)
{
    return {types, a, b, b_since, of, test::either, unit::one, when, broken};
}

constexpr requirement within(type_set types, member of, uint32_t a, uint32_t b, release when, rule broken)
{
    return {types, a, b, never, of, test::within, unit::one, when, broken};
}

constexpr requirement some(type_set types, member of, release when, rule broken)
{
    return within(types, of, 1, UINT32_MAX, when, broken);
}

constexpr requirement at_most(type_set types, member of, uint32_t a, unit in, release when, rule broken)
{
    return {types, a, 0, never, of, test::at_most, in, when, broken};
}

constexpr requirement multiple(type_set types, member of, uint32_t a, release when, rule broken)
{
    return {types, a, 0, never, of, test::multiple, unit::one, when, broken};
}

constexpr requirement flags(type_set types, release when)
{
    return {types, 0, 0, never, member::none, test::flags, unit::one, when, rule::flags_not_allowed};
}

constexpr requirement required(type_set types, release when)
{
    return {types, 0, 0, never, member::none, test::required, unit::one, when, rule::flags_required};
}

constexpr requirement permitted(type_set types, release when)
{
    return {types, 0, 0, never, member::none, test::capability, unit::one, when, rule::needs_bpf};
}

constexpr requirement inner(test how, release when)
{
    return {nested, 0, 0, never, member::none, how, unit::one, when, rule::inner_fd_closed};
}

constexpr requirement odd(type_set types, release when, rule broken)
{
    return {types, 0, 0, never, member::none, test::odd, unit::one, when, broken};
}

// For a member of these types that no other row constrains.
constexpr requirement odd_size(type_set types, member of, release when, rule broken)
{
    return {types, 0, 0, never, of, test::odd, unit::one, when, broken};
}

// A namespace, because these names are too common to share with the rest of a single-file build.
namespace table
{
constexpr member key = member::key_size;
constexpr member value = member::value_size;
constexpr member entries = member::max_entries;
constexpr release check = always;
constexpr release make = never;
constexpr release check_6_9 = v(6, 9);

constexpr requirement requirements[] = {
    inner(test::inner_first, check),

    // Arrays.
    either(types_of(reuseport_sockarray), value, 4, 8, always, check, rule::reuseport_value_size),
    equals(fd_arrays, value, 4, check, rule::fd_array_value_size),
    some(arrays | types_of(reuseport_sockarray), entries, check, rule::array_sizes),
    equals(arrays | types_of(reuseport_sockarray), key, 4, check, rule::array_sizes),
    some(arrays, value, check, rule::array_sizes),
    flags(arrays | types_of(reuseport_sockarray), check),
    odd(types_of(percpu_array), check, rule::numa_node_of_percpu),
    at_most(arrays, value, 1, unit::kmalloc, check, rule::array_value_size_4_9),
    at_most(arrays, value, 0, unit::kmalloc, check, rule::array_value_size_5_19),
    at_most(arrays, value, INT32_MAX, unit::one, check, rule::array_value_size),
    at_most(types_of(percpu_array), value, 1, unit::percpu, check, rule::percpu_value_size),
    permitted(types_of(reuseport_sockarray), make),
    inner(test::inner, make),
    odd(arrays, make, rule::array_rounded_up),

    // Hash tables.
    equals(types_of(hash_of_maps), value, 4, check, rule::hash_of_maps_value_size),
    permitted(lrus, check),
    odd(hashes, check, rule::zero_seed_needs_sys_admin),
    flags(hashes, check),
    odd(lrus, check, rule::lru_preallocates),
    odd(percpu_hashes | lrus, check, rule::numa_node_of_percpu),
    some(hashes, entries, check, rule::hash_sizes),
    some(hashes, key, check, rule::hash_sizes),
    some(hashes, value, check, rule::hash_sizes),
    at_most(hashes, key, 512, unit::one, check, rule::hash_key_size),
    odd(hashes, check, rule::hash_value_size),
    odd(hashes, check, rule::hash_element_size),
    at_most(percpu_hashes, value, 1, unit::percpu, check, rule::percpu_value_size_4_13),
    at_most(percpu_hashes, value, 1, unit::percpu, check, rule::percpu_value_size),
    odd(hashes, make, rule::hash_entries),

    // kernel/bpf, one type or two at a time.
    permitted(types_of(stack_trace), make),
    flags(types_of(stack_trace), make),
    some(types_of(stack_trace), entries, make, rule::stack_trace_sizes),
    equals(types_of(stack_trace), key, 4, make, rule::stack_trace_sizes),
    some(types_of(stack_trace), value, make, rule::stack_trace_sizes),
    multiple(types_of(stack_trace), value, 8, make, rule::stack_trace_sizes),
    odd(types_of(stack_trace), make, rule::stack_trace_depth),
    at_most(types_of(stack_trace), entries, 1u << 31, unit::one, make, rule::stack_trace_entries),

    permitted(types_of(lpm_trie), make),
    flags(types_of(lpm_trie), make),
    some(types_of(lpm_trie), entries, make, rule::trie_sizes),
    within(types_of(lpm_trie), key, 5, 260, make, rule::trie_sizes),
    some(types_of(lpm_trie), value, make, rule::trie_sizes),
    odd(types_of(lpm_trie), make, rule::trie_sizes),

    permitted(types_of(cpumap), make),
    flags(types_of(cpumap), make),
    some(types_of(cpumap), entries, make, rule::cpumap_sizes),
    equals(types_of(cpumap), key, 4, make, rule::cpumap_sizes),
    either(types_of(cpumap), value, 4, 8, v(5, 9), make, rule::cpumap_sizes),
    at_most(types_of(cpumap), entries, 1, unit::cpus, make, rule::cpumap_entries),

    permitted(devmaps, make),
    flags(devmaps, check_6_9),
    some(devmaps, entries, check_6_9, rule::devmap_sizes),
    equals(devmaps, key, 4, check_6_9, rule::devmap_sizes),
    either(devmaps, value, 4, 8, v(5, 8), check_6_9, rule::devmap_sizes),
    at_most(types_of(devmap_hash), entries, 1u << 31, unit::one, check_6_9, rule::devmap_hash_entries),

    odd_size(cgroup_storages, key, make, rule::cgroup_storage_sizes),
    some(cgroup_storages, value, make, rule::cgroup_storage_sizes),
    at_most(cgroup_storages, value, 1, unit::page, make, rule::cgroup_storage_value_page),
    odd(cgroup_storages, make, rule::cgroup_storage_value_size),
    flags(cgroup_storages, make),
    equals(cgroup_storages, entries, 0, make, rule::cgroup_storage_sizes),

    permitted(queues, check),
    flags(queues, check),
    equals(queues, key, 0, check, rule::queue_sizes),
    some(queues, value, check, rule::queue_sizes),
    some(queues, entries, check, rule::queue_sizes),
    at_most(queues, value, 0, unit::kmalloc, check, rule::queue_value_size),
    odd(queues, check, rule::queue_bytes),

    flags(storages, check),
    equals(storages, key, 4, check, rule::storage_sizes),
    some(storages, value, check, rule::storage_sizes),
    equals(storages, entries, 0, check, rule::storage_sizes),
    odd(storages, check, rule::storage_needs_btf),
    permitted(storages, check),
    odd(storages, check, rule::storage_value_size),
    odd(types_of(inode_storage), make, rule::storage_needs_lsm),

    flags(types_of(struct_ops), check),
    equals(types_of(struct_ops), key, 4, check, rule::struct_ops_sizes),
    equals(types_of(struct_ops), entries, 1, check, rule::struct_ops_sizes),
    odd(types_of(struct_ops), check, rule::struct_ops_needs_id),
    permitted(types_of(struct_ops), make),
    odd_size(types_of(struct_ops), value, make, rule::struct_ops_unknown),

    flags(ringbufs, make),
    equals(ringbufs, key, 0, make, rule::ringbuf_sizes),
    equals(ringbufs, value, 0, make, rule::ringbuf_sizes),
    odd_size(ringbufs, entries, make, rule::ringbuf_entries),

    at_most(types_of(bloom_filter), value, 0, unit::kmalloc, check, rule::bloom_value_size),
    permitted(types_of(bloom_filter), make),
    flags(types_of(bloom_filter), make),
    equals(types_of(bloom_filter), key, 0, make, rule::bloom_sizes),
    some(types_of(bloom_filter), value, make, rule::bloom_sizes),
    some(types_of(bloom_filter), entries, make, rule::bloom_sizes),
    odd(types_of(bloom_filter), make, rule::bloom_functions),

    odd(types_of(arena), make, rule::arena_not_in_jit),
    flags(types_of(arena), make),
    equals(types_of(arena), key, 0, make, rule::arena_sizes),
    equals(types_of(arena), value, 0, make, rule::arena_sizes),
    some(types_of(arena), entries, make, rule::arena_sizes),
    odd(types_of(arena), make, rule::arena_address),
    odd(types_of(arena), make, rule::arena_entries),
    odd(types_of(arena), make, rule::arena_crosses),

    flags(types_of(insn_array), check),
    equals(types_of(insn_array), key, 4, check, rule::insn_array_sizes),
    equals(types_of(insn_array), value, 16, check, rule::insn_array_sizes),
    some(types_of(insn_array), entries, check, rule::insn_array_sizes),

    required(types_of(rhash), check),
    odd(types_of(rhash), check, rule::flags_not_allowed),
    at_most(types_of(rhash), key, 65535, unit::one, check, rule::rhash_key_size),
    odd(types_of(rhash), check, rule::rhash_hint_high),
    odd(types_of(rhash), check, rule::rhash_hint),
    odd(types_of(rhash), check, rule::rhash_hint_above_entries),
    flags(types_of(rhash), check),
    some(types_of(rhash), entries, check, rule::rhash_sizes),
    some(types_of(rhash), key, check, rule::rhash_sizes),
    some(types_of(rhash), value, check, rule::rhash_sizes),
    odd(types_of(rhash), check, rule::hash_element_size),
    at_most(types_of(rhash), entries, 1u << 31, unit::one, make, rule::rhash_entries),

    // Sockets.
    permitted(types_of(xskmap), make),
    flags(types_of(xskmap), make),
    some(types_of(xskmap), entries, make, rule::xskmap_sizes),
    equals(types_of(xskmap), key, 4, make, rule::xskmap_sizes),
    equals(types_of(xskmap), value, 4, make, rule::xskmap_sizes),

    permitted(sockmaps, make),
    flags(sockmaps, make),
    some(types_of(sockmap), entries, make, rule::sockmap_sizes),
    equals(types_of(sockmap), key, 4, make, rule::sockmap_sizes),
    either(types_of(sockmap), value, 4, 8, v(5, 7), make, rule::sockmap_sizes),
    at_most(types_of(sockmap), entries, INT32_MAX, unit::one, make, rule::sockmap_entries),
    some(types_of(sockhash), entries, make, rule::sockhash_sizes),
    odd(types_of(sockhash), make, rule::sockhash_sizes),
    either(types_of(sockhash), value, 4, 8, v(5, 7), make, rule::sockhash_sizes),
    at_most(types_of(sockhash), key, 512, unit::one, make, rule::sockhash_key_size),
    odd(types_of(sockhash), make, rule::sockhash_entries),
};

constexpr type_set types_with_row(member of)
{
    type_set types = 0;
    for (const requirement &row : requirements)
        if (row.of == of)
            types |= row.types;
    return types;
}

constexpr type_set types_checked_for_flags()
{
    type_set types = 0;
    for (const requirement &row : requirements)
        if (row.how == test::flags)
            types |= row.types;
    return types;
}

// A type without a row was forgotten: even an unused member must be 0.
constexpr type_set ruled = every_type & ~types_of(unspec);
static_assert(types_checked_for_flags() == ruled,
              "each map type needs a row flags(): docs/kernels.md, A new map type");
static_assert(types_with_row(key) == ruled,
              "each map type needs a row about key_size: docs/kernels.md, A new map type");
static_assert(types_with_row(value) == ruled,
              "each map type needs a row about value_size: docs/kernels.md, A new map type");
static_assert(types_with_row(entries) == ruled,
              "each map type needs a row about max_entries: docs/kernels.md, A new map type");

constexpr type_set types_without(member of)
{
    type_set types = 0;
    for (const requirement &row : requirements)
        if (row.of == of && row.how == test::equals && row.a == 0)
            types |= row.types;
    return types;
}

// Indexed by member.
constexpr type_set without[] = {0, types_without(key), types_without(value), types_without(entries)};
} // namespace table

} // namespace

bool must_be_zero(member of, uint32_t type)
{
    return has(table::without[static_cast<size_t>(of)], type);
}

const requirement *requirement_at(size_t index)
{
    using table::requirements;
    return index < sizeof(requirements) / sizeof(requirements[0]) ? &requirements[index] : nullptr;
}

} // namespace barebpf
