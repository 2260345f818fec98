// SPDX-License-Identifier: BSD-2-Clause
#include "broken.h"

#include <cstring>
#include <functional>

#include "test/requests/btf_object.h"
#include "test/requests/examples.h"

namespace barebpf::test
{
namespace
{

using namespace map_type;

constexpr uint32_t closed_fd = 998;
const unsigned char readable_hash[32] = {};

struct situation {
    map_create_attr &attr;
    random_numbers &numbers;
    const kernel &running;
    const open_objects &open;
};

constexpr type_set any = ~type_set{0} & ~types_of(unspec, struct_ops);
constexpr type_set with_btf = types_of(hash, array);
constexpr type_set flagged_node = types_of(hash, array, lru_hash, lpm_trie, queue, stack, devmap, cpumap);

// One way to break a request of one of these types, and what the kernel's rules call it.
struct way {
    const char *words;
    type_set types;
    void (*apply)(const situation &);
    std::set<std::string> causes;
    bool needs_what_is_dropped = false;
};

uint32_t other_than(const situation &at, uint32_t number)
{
    const uint32_t drawn = 1 + at.numbers.below(64);
    return drawn == number ? drawn + 1 : drawn;
}

int32_t descriptor_of(const situation &at, object_kind kind, uint32_t map_type)
{
    for (const object &one : at.open.objects)
        if (one.kind == kind && (kind != object_kind::map || one.map_type == map_type))
            return one.fd;
    return static_cast<int32_t>(closed_fd);
}

void give_types(const situation &at, uint32_t key, uint32_t value)
{
    at.attr.btf_fd = btf_fd;
    at.attr.btf_key_type_id = key;
    at.attr.btf_value_type_id = value;
}

// clang-format off: its releases differ
const way ways[] = {
    {"a character no name has", any,
     [](const situation &at) {
         constexpr char wrong[] = "-/ +@\"\x80";
         std::memcpy(at.attr.map_name, "na_e", 4);
         at.attr.map_name[at.numbers.below(4)] = wrong[at.numbers.below(sizeof(wrong) - 1)];
     },
     {"name_character"}},
    {"a name without an end", any, [](const situation &at) { std::memset(at.attr.map_name, 'n', 16); },
     {"name_unterminated"}},
    {"map_extra where it says nothing", any & ~types_of(bloom_filter, arena, rhash),
     [](const situation &at) { at.attr.map_extra = 1 + at.numbers.below(1000); },
     {"map_extra_unused", "unknown_field"}},
    {"a NUMA node that is not there", flagged_node,
     [](const situation &at) {
         at.attr.map_flags |= BAREBPF_F_NUMA_NODE;
         at.attr.numa_node = 100 + at.numbers.below(900);
     },
     {"numa_node_offline"}},
    {"a flag no type has", any,
     [](const situation &at) { at.attr.map_flags |= 1u << (20 + at.numbers.below(12)); },
     {"flags_not_allowed"}},
    {"a flag of another type", types_of(array, hash, queue, stack, lpm_trie),
     [](const situation &at) { at.attr.map_flags |= BAREBPF_F_CLONE; },
     {"flags_not_allowed"}},
    {"without a flag it needs", storages | types_of(lpm_trie, rhash, arena),
     [](const situation &at) { at.attr.map_flags = 0; },
     {"flags_required"}},
    {"rdonly and wronly", types_of(hash, array, queue, stack),
     [](const situation &at) { at.attr.map_flags |= BAREBPF_F_RDONLY | BAREBPF_F_WRONLY; },
     {"access_both_ways", "access_both_ways_last"}},
    {"rdonly_prog and wronly_prog", types_of(hash, array, queue, stack),
     [](const situation &at) { at.attr.map_flags |= BAREBPF_F_RDONLY_PROG | BAREBPF_F_WRONLY_PROG; },
     {"prog_access_both_ways"}},
    {"a type in the kernel's BTF", any,
     [](const situation &at) { at.attr.btf_vmlinux_value_type_id = 1 + at.numbers.below(1000); },
     {"vmlinux_id_elsewhere"}},
    {"the id of the key alone", any & ~storages,
     [](const situation &at) { give_types(at, int_id, 0); },
     {"key_id_without_value_id"}},
    {"a device that is not there", types_of(array, hash),
     [](const situation &at) { at.attr.map_ifindex = 7000 + at.numbers.below(1000); },
     {"offload_no_device"}},
    {"a device for a type that lives on none", types_of(queue, stack, lpm_trie, ringbuf, percpu_array),
     [](const situation &at) { at.attr.map_ifindex = 1; },
     {"offload_type"}},
    {"a device that holds no maps", types_of(array, hash),
     [](const situation &at) { at.attr.map_ifindex = 1; },
     {"offload_unsupported"}},
    {"a key that is not 4 bytes", arrays,
     [](const situation &at) { at.attr.key_size = other_than(at, 4); },
     {"array_sizes"}},
    {"a key that is not 4 bytes", devmaps, [](const situation &at) { at.attr.key_size = other_than(at, 4); },
     {"devmap_sizes"}},
    {"a key that is not 4 bytes", types_of(stack_trace),
     [](const situation &at) { at.attr.key_size = other_than(at, 4); },
     {"stack_trace_sizes"}},
    {"a key that is not 4 bytes", types_of(cpumap),
     [](const situation &at) { at.attr.key_size = other_than(at, 4); },
     {"cpumap_sizes"}},
    {"a key that is not 4 bytes", types_of(xskmap),
     [](const situation &at) { at.attr.key_size = other_than(at, 4); },
     {"xskmap_sizes"}},
    {"a key that is not 4 bytes", types_of(sockmap),
     [](const situation &at) { at.attr.key_size = other_than(at, 4); },
     {"sockmap_sizes"}},
    {"no key", hashes, [](const situation &at) { at.attr.key_size = 0; }, {"hash_sizes"}},
    {"no key", types_of(sockhash), [](const situation &at) { at.attr.key_size = 0; }, {"sockhash_sizes"}},
    {"a key where there is none", types_of(queue, stack),
     [](const situation &at) { at.attr.key_size = other_than(at, 0); },
     {"queue_sizes"}},
    {"a key where there is none", types_of(ringbuf, user_ringbuf),
     [](const situation &at) { at.attr.key_size = other_than(at, 0); },
     {"ringbuf_sizes"}},
    {"a key where there is none", types_of(bloom_filter),
     [](const situation &at) { at.attr.key_size = other_than(at, 0); },
     {"bloom_sizes"}},
    {"a key where there is none", types_of(arena),
     [](const situation &at) { at.attr.key_size = other_than(at, 0); },
     {"arena_sizes"}},
    {"a key below 5 or above 260 bytes", types_of(lpm_trie),
     [](const situation &at) { at.attr.key_size = at.numbers.one_in(2) ? at.numbers.below(5) : 261; },
     {"trie_sizes"}},
    {"no value", types_of(array, percpu_array), [](const situation &at) { at.attr.value_size = 0; },
     {"array_sizes"}},
    {"no value", hashes & ~nested, [](const situation &at) { at.attr.value_size = 0; }, {"hash_sizes"}},
    {"a value of other than 4 bytes", fd_arrays,
     [](const situation &at) { at.attr.value_size = other_than(at, 4); },
     {"fd_array_value_size"}},
    {"a value of other than 4 bytes", types_of(hash_of_maps),
     [](const situation &at) { at.attr.value_size = other_than(at, 4); },
     {"hash_of_maps_value_size"}},
    {"a value that is not whole frames", types_of(stack_trace),
     [](const situation &at) { at.attr.value_size = 8 * at.numbers.below(60) + 1 + at.numbers.below(7); },
     {"stack_trace_sizes"}},
    {"a value of too many frames", types_of(stack_trace),
     [](const situation &at) { at.attr.value_size = 8 * (1000 + at.numbers.below(100)); },
     {"stack_trace_depth"}},
    {"a value too large for one CPU", types_of(percpu_array, percpu_hash),
     [](const situation &at) { at.attr.value_size = 32776 + 8 * at.numbers.below(1000); },
     {"percpu_value_size", "percpu_value_memory"}},
    {"an element too large", types_of(hash),
     [](const situation &at) { at.attr.value_size = (4u << 20) + at.numbers.below(1u << 20); },
     {"hash_element_size", "hash_value_size"}},
    {"no entries", arrays, [](const situation &at) { at.attr.max_entries = 0; }, {"array_sizes"}},
    {"no entries", hashes, [](const situation &at) { at.attr.max_entries = 0; }, {"hash_sizes"}},
    {"no entries", types_of(queue, stack), [](const situation &at) { at.attr.max_entries = 0; },
     {"queue_sizes"}},
    {"no entries", devmaps, [](const situation &at) { at.attr.max_entries = 0; }, {"devmap_sizes"}},
    {"entries where there are none", storages,
     [](const situation &at) { at.attr.max_entries = 1 + at.numbers.below(100); },
     {"storage_sizes"}},
    {"more buckets than 32 bits can count", types_of(hash),
     [](const situation &at) { at.attr.max_entries = (1u << 28) + at.numbers.below(1u << 31); },
     {"hash_entries"}},
    {"more entries than CPUs", types_of(cpumap),
     [](const situation &at) { at.attr.max_entries = 100000 + at.numbers.below(1000); },
     {"cpumap_entries"}},
    {"a size that is not a power of two", types_of(ringbuf, user_ringbuf),
     [](const situation &at) { at.attr.max_entries = 4096 * (3 + 4 * at.numbers.below(100)); },
     {"ringbuf_entries"}},
    {"a size that is not whole pages", types_of(ringbuf, user_ringbuf),
     [](const situation &at) { at.attr.max_entries = 1u << at.numbers.below(12); },
     {"ringbuf_entries"}},
    {"too many hash functions", types_of(bloom_filter),
     [](const situation &at) { at.attr.map_extra = 16 + at.numbers.below(1000); },
     {"bloom_functions"}},
    {"an address within a page", types_of(arena),
     [](const situation &at) { at.attr.map_extra = 1 + at.numbers.below(4000); },
     {"arena_address"}},
    {"no_prealloc", types_of(lru_hash, lru_percpu_hash),
     [](const situation &at) { at.attr.map_flags |= BAREBPF_F_NO_PREALLOC; },
     {"lru_preallocates"}},
    {"an inner map that is not open", nested, [](const situation &at) { at.attr.inner_map_fd = closed_fd; },
     {"inner_fd_closed"}},
    {"an inner map that is a file", nested, [](const situation &at) { at.attr.inner_map_fd = 1; },
     {"inner_fd_other"}},
    {"an inner map that has inner maps", nested,
     [](const situation &at) {
         at.attr.inner_map_fd = static_cast<uint32_t>(descriptor_of(at, object_kind::map, array_of_maps));
     },
     {"inner_is_nested"}},
    {"an inner map of programs", nested,
     [](const situation &at) {
         at.attr.inner_map_fd = static_cast<uint32_t>(descriptor_of(at, object_kind::map, prog_array));
     },
     {"inner_type"}},
    {"BTF that is not open", with_btf,
     [](const situation &at) {
         give_types(at, int_id, struct_id);
         at.attr.btf_fd = closed_fd;
     },
     {"btf_fd_closed"}},
    {"BTF that is a map", with_btf,
     [](const situation &at) {
         give_types(at, int_id, struct_id);
         at.attr.btf_fd = array_fd;
     },
     {"btf_fd_other"}},
    {"a type of the key that is not there", with_btf,
     [](const situation &at) { give_types(at, 5000, struct_id); },
     {"btf_key_unknown"}},
    {"a type of the value that is not there", with_btf,
     [](const situation &at) { give_types(at, int_id, 5000); },
     {"btf_value_unknown"}},
    {"a type of the key that has another size", types_of(hash),
     [](const situation &at) { give_types(at, struct_id, struct_id); },
     {"btf_key_size"}},
    {"a type of the value that has another size", with_btf,
     [](const situation &at) { give_types(at, int_id, int_id); },
     {"btf_value_size"}},
    {"types for a map that takes none", types_of(cgroup_array, perf_event_array, xskmap, cpumap),
     [](const situation &at) {
         give_types(at, int_id, int_id);
         at.attr.value_size = 4;
     },
     {"btf_refused"}},
    {"without types", storages,
     [](const situation &at) { give_types(at, 0, 0); },
     {"storage_needs_btf"}},
    {"a hash of the wrong size", any,
     [](const situation &at) {
         at.attr.excl_prog_hash = reinterpret_cast<uintptr_t>(readable_hash);
         at.attr.excl_prog_hash_size = 1 + at.numbers.below(31);
     },
     {"exclusive_size", "tail_beyond_union", "unknown_field"}},
    {"a token that is not open", any,
     [](const situation &at) {
         at.attr.map_flags |= BAREBPF_F_TOKEN_FD;
         at.attr.map_token_fd = static_cast<int32_t>(closed_fd);
     },
     {"token_fd_closed", "unknown_field", "flags_not_allowed"}},
    {"a token that is a map", any,
     [](const situation &at) {
         at.attr.map_flags |= BAREBPF_F_TOKEN_FD;
         at.attr.map_token_fd = array_fd;
     },
     {"token_fd_other", "unknown_field", "flags_not_allowed"}},
    {"a type no kernel has", any,
     [](const situation &at) { at.attr.map_type = 64 + at.numbers.below(1000); },
     {"type_unknown"}},
    {"no type", any, [](const situation &at) { at.attr.map_type = 0; }, {"type_unspec"}},
    {"a type of Linux 7.2", types_of(hash),
     [](const situation &at) {
         at.attr.map_type = rhash;
         at.attr.map_flags = BAREBPF_F_NO_PREALLOC;
     },
     {"type_newer"}},
};
// clang-format on

} // namespace

broken_request broken_requests::next()
{
    const way &one = ways[numbers_.below(std::size(ways))];
    uint32_t type = unspec;
    while (!has(one.types, type) || type == unspec)
        type = numbers_.below(map_type_count);
    broken_request made{};
    made.whole = example_of(type, running_);
    made.attr = made.whole;
    one.apply({made.attr, numbers_, running_, open_});
    made.causes = one.causes;
    made.needs_what_is_dropped = one.needs_what_is_dropped;
    made.words = std::string(barebpf_map_type_name(type)) + " with " + one.words;
    return made;
}

} // namespace barebpf::test
