// SPDX-License-Identifier: BSD-2-Clause
#include "lib/rules/rules.h"

#include <cerrno>
#include <set>
#include <string>
#include <vector>

#include "test/catch.h"
#include "test/numbers.h"
#include "test/releases.h"

using namespace barebpf;
using namespace barebpf::map_type;
using test::enotsupp;
using test::first_unknown_type;

namespace
{

constexpr release newest = test::newest_release;

// A request, changed member by member.
struct request {
    map_create_attr attr{};
    uint32_t size = test::attr_size;

    request(uint32_t type, uint32_t key, uint32_t value, uint32_t entries, uint32_t flags = 0)
    {
        attr.map_type = type;
        attr.key_size = key;
        attr.value_size = value;
        attr.max_entries = entries;
        attr.map_flags = flags;
    }

    template <typename T> request with(T map_create_attr::*member, T value) const
    {
        request changed = *this;
        changed.attr.*member = value;
        return changed;
    }

    request named(const char *name) const
    {
        request changed = *this;
        for (unsigned int i = 0; i < sizeof(attr.map_name) && name[i]; i++)
            changed.attr.map_name[i] = name[i];
        return changed;
    }

    request btf(uint32_t fd, uint32_t key, uint32_t value) const
    {
        return with(&map_create_attr::btf_fd, fd)
            .with(&map_create_attr::btf_key_type_id, key)
            .with(&map_create_attr::btf_value_type_id, value);
    }

    request extra(uint64_t value) const { return with(&map_create_attr::map_extra, value); }
    request inner(uint32_t fd) const { return with(&map_create_attr::inner_map_fd, fd); }
    request device(uint32_t ifindex) const { return with(&map_create_attr::map_ifindex, ifindex); }
    request node(uint32_t node) const { return with(&map_create_attr::numa_node, node); }
    request token(int32_t fd) const { return with(&map_create_attr::map_token_fd, fd); }
    request vmlinux(uint32_t id) const { return with(&map_create_attr::btf_vmlinux_value_type_id, id); }

    request exclusive(uint64_t hash, uint32_t bytes) const
    {
        return with(&map_create_attr::excl_prog_hash, hash)
            .with(&map_create_attr::excl_prog_hash_size, bytes);
    }

    request sized(uint32_t bytes) const
    {
        request changed = *this;
        changed.size = bytes;
        return changed;
    }
};

const request good_hash(hash, 4, 8, 16);
const request good_array(array, 4, 8, 16);
const request good_lru(lru_hash, 4, 8, 16);
const request good_arena(arena, 0, 0, 16, BAREBPF_F_MMAPABLE);
const request good_rhash(rhash, 4, 8, 16, BAREBPF_F_NO_PREALLOC);
const request good_storage(sk_storage, 4, 8, 0, BAREBPF_F_NO_PREALLOC);
const request good_struct_ops = request(struct_ops, 4, 64, 1).vmlinux(50);

enum : int32_t {
    closed = 3,
    file,
    plain_map,
    nested_map,
    program_map,
    locked_map,
    exclusive_map,
    types_btf,
    vmlinux_btf,
    module_btf,
    array_token,
};

constexpr btf_type some_types[] = {
    {1, 4, btf_kind::integer, false, 0},
    {2, 8, btf_kind::structure, false, 0},
    {3, 8, btf_kind::structure, false, special_spin_lock},
    {4, 16, btf_kind::structure, false, special_timer},
    {5, 0, btf_kind::sizeless, false, 0},
    {6, 4, btf_kind::datasec, false, 0},
    {7, 16, btf_kind::structure, true, 0},
    {8, 4, btf_kind::odd_int, false, 0},
    {9, 8, btf_kind::integer, false, 0},
    {10, 8, btf_kind::structure, false, special_kptr},
    {11, 0, btf_kind::structure, false, 0},
    {12, 4, btf_kind::structure, false, special_spin_lock},
};

object open_object(int32_t fd, object_kind kind, uint32_t map_type = unspec)
{
    object made{};
    made.fd = fd;
    made.kind = kind;
    made.map_type = map_type;
    return made;
}

std::vector<object> open_objects()
{
    std::vector<object> objects = {
        open_object(file, object_kind::other),
        open_object(plain_map, object_kind::map, hash),
        open_object(nested_map, object_kind::map, array_of_maps),
        open_object(program_map, object_kind::map, prog_array),
        open_object(locked_map, object_kind::map, array),
        open_object(exclusive_map, object_kind::map, array),
        open_object(types_btf, object_kind::btf),
        open_object(vmlinux_btf, object_kind::kernel_btf),
        open_object(module_btf, object_kind::module_btf),
        open_object(array_token, object_kind::token),
    };
    objects[4].specials = special_spin_lock;
    objects[5].exclusive = true;
    objects[6].types = some_types;
    objects[6].type_count = std::size(some_types);
    objects[9].granted = types_of(array, lru_hash);
    objects[9].held = {true, false, false, false};
    return objects;
}

const std::vector<object> objects = open_objects();
constexpr network_device devices[] = {{1, false}, {2, true}};
constexpr struct_ops_type kernel_struct_ops[] = {{50, 64, -1}};

// Root on a machine where everything is there.
environment everything()
{
    environment around;
    around.objects = objects.data();
    around.object_count = objects.size();
    around.devices = devices;
    around.device_count = std::size(devices);
    around.struct_ops = kernel_struct_ops;
    around.struct_ops_count = std::size(kernel_struct_ops);
    return around;
}

environment nobody()
{
    environment around = everything();
    around.caller = {};
    return around;
}

environment locked_out()
{
    environment around = nobody();
    around.unprivileged_bpf_disabled = 2;
    return around;
}

template <typename T> environment changed(T environment::*member, T value)
{
    environment around = everything();
    around.*member = value;
    return around;
}

rule why(release kernel, const request &asked, const environment &around = everything())
{
    return decide(kernel, around, &asked.attr, asked.size).why;
}

int answer(release kernel, const request &asked, const environment &around = everything())
{
    return decide(kernel, around, &asked.attr, asked.size).error;
}

struct sample {
    rule expected;
    release kernel;
    request asked;
    environment around = everything();
};

std::vector<sample> samples_of_bytes_and_permission()
{
    request long_tail = good_hash;
    long_tail.attr.excl_prog_hash_size = 32;
    request beyond_page = good_hash.sized(4097);
    return {
        {rule::every_command_needs_root, v(4, 3), good_hash, nobody()},
        {rule::unprivileged_bpf_disabled, v(6, 4), good_hash, locked_out()},
        {rule::unprivileged_bpf_disabled_late, v(6, 5), good_hash, locked_out()},
        {rule::size_beyond_page, newest, beyond_page},
        {rule::tail_beyond_union, v(4, 20), long_tail},
        {rule::unknown_field, v(6, 17), long_tail},
        {rule::vmlinux_id_elsewhere, newest, good_hash.vmlinux(1)},
        {rule::vmlinux_id_and_btf_ids, newest, good_struct_ops.btf(types_btf, 1, 1)},
        {rule::key_id_without_value_id, newest, good_hash.btf(types_btf, 1, 0)},
        {rule::map_extra_unused, newest, good_hash.extra(1)},
        {rule::access_both_ways, v(7, 1), request(array, 4, 8, 1, 0x18)},
        {rule::access_both_ways_last, v(7, 2), request(array, 4, 8, 1, 0x18)},
        {rule::numa_node_offline, newest, request(hash, 4, 8, 1, 4).node(1)},
        {rule::type_unknown, newest, request(first_unknown_type, 4, 8, 1)},
        {rule::type_unspec, newest, request(unspec, 4, 8, 1)},
        {rule::type_newer, v(7, 1), good_rhash},
        {rule::type_not_built, newest, request(xskmap, 4, 4, 1), changed(&environment::config, 0u)},
        {rule::token_fd_closed, newest, request(array, 4, 8, 1, 0x10000).token(closed)},
        {rule::token_fd_other, newest, request(array, 4, 8, 1, 0x10000).token(plain_map)},
        {rule::needs_sys_admin, v(5, 7), good_lru, nobody()},
        {rule::needs_bpf, v(5, 8), good_lru, nobody()},
        {rule::needs_bpf_late, v(6, 5), good_lru, nobody()},
        {rule::needs_net_admin, v(6, 4), request(devmap, 4, 4, 1), nobody()},
        {rule::needs_net_admin_late, v(6, 5), request(devmap, 4, 4, 1), nobody()},
        {rule::zero_seed_needs_sys_admin, newest, request(hash, 4, 8, 1, 0x40), nobody()},
        {rule::offload_not_built, newest, good_hash.device(1), changed(&environment::config, 0u)},
        {rule::offload_needs_sys_admin, newest, good_hash.device(1), nobody()},
        {rule::offload_type, newest, request(queue, 0, 8, 1).device(1)},
        {rule::offload_no_device, newest, good_hash.device(77)},
        {rule::offload_unsupported, newest, good_hash.device(1)},
    };
}

std::vector<sample> samples_of_arrays_and_hashes()
{
    return {
        {rule::flags_not_allowed, newest, request(array, 4, 8, 1, 1)},
        {rule::flags_required, newest, request(lpm_trie, 8, 8, 1)},
        {rule::prog_access_both_ways, newest, request(array, 4, 8, 1, 0x180)},
        {rule::numa_node_of_percpu, newest, request(percpu_array, 4, 8, 1, 4)},
        {rule::array_sizes, newest, request(array, 8, 8, 1)},
        {rule::fd_array_value_size, newest, request(prog_array, 4, 8, 1)},
        {rule::array_value_size_4_9, v(4, 9), request(array, 4, 4 << 20, 1)},
        {rule::array_value_size_5_19, v(5, 19), request(array, 4, (4 << 20) + 1, 1)},
        {rule::array_value_size, v(6, 0), request(array, 4, 1u << 31, 1)},
        {rule::array_rounded_up, newest, request(array, 4, 8, (1u << 31) + 1), nobody()},
        {rule::percpu_value_size_4_13, v(4, 13), request(percpu_hash, 4, 32769, 1)},
        {rule::percpu_value_memory, v(4, 14), request(percpu_hash, 4, 32769, 1)},
        {rule::percpu_value_size, v(6, 12), request(percpu_hash, 4, 32769, 1)},
        {rule::hash_sizes, newest, request(hash, 0, 8, 1)},
        {rule::hash_of_maps_value_size, newest, request(hash_of_maps, 4, 8, 1)},
        {rule::hash_key_size, v(5, 10), request(hash, 513, 8, 1)},
        {rule::hash_value_size, v(5, 10), request(hash, 4, 4193744, 1)},
        {rule::hash_element_size, v(5, 11), request(hash, 4, 4194252, 1)},
        {rule::hash_entries, newest, request(hash, 4, 8, (1u << 27) + 1)},
        {rule::lru_preallocates, newest, request(lru_hash, 4, 8, 1, 1)},
        {rule::inner_fd_closed, newest, request(array_of_maps, 4, 4, 1).inner(closed)},
        {rule::inner_fd_other, newest, request(array_of_maps, 4, 4, 1).inner(types_btf)},
        {rule::inner_is_nested, newest, request(array_of_maps, 4, 4, 1).inner(nested_map)},
        {rule::inner_type, newest, request(hash_of_maps, 4, 4, 1).inner(program_map)},
        {rule::inner_spin_lock, v(6, 1), request(array_of_maps, 4, 4, 1).inner(locked_map)},
        {rule::inner_exclusive, v(7, 2), request(array_of_maps, 4, 4, 1).inner(exclusive_map)},
        {rule::array_cost, v(5, 2), request(array, 4, 1 << 20, 1 << 12)},
        {rule::hash_cost_3_19, v(3, 19), request(hash, 4, 1 << 20, 1 << 12)},
        {rule::net_cost, v(5, 2), request(sockmap, 4, 4, 1u << 29)},
        {rule::devmap_cost, v(5, 9), request(devmap, 4, 4, 1u << 29)},
        {rule::sockhash_cost, v(5, 10), request(sockhash, 4, 4, 1u << 27)},
        {rule::cost, v(5, 10), request(array, 4, 1 << 20, 1 << 12)},
        {rule::memlock_devmap, v(5, 9), request(devmap, 4, 4, 1),
         changed<uint64_t>(&environment::memlock, 0)},
        {rule::memlock, v(5, 10), good_hash, changed<uint64_t>(&environment::memlock, 0)},
        {rule::memory, newest, request(array, 4, 1 << 20, 1 << 12),
         changed<uint64_t>(&environment::memory, 1 << 30)},
    };
}

std::vector<sample> samples_of_other_types()
{
    const uint64_t gib = 1 << 30;
    return {
        {rule::stack_trace_sizes, newest, request(stack_trace, 4, 12, 1)},
        {rule::stack_trace_depth, newest, request(stack_trace, 4, 1024, 1)},
        {rule::stack_trace_entries, newest, request(stack_trace, 4, 8, (1u << 31) + 1)},
        {rule::trie_sizes, newest, request(lpm_trie, 4, 8, 1, 1)},
        {rule::cpumap_sizes, newest, request(cpumap, 4, 5, 1)},
        {rule::cpumap_entries, newest, request(cpumap, 4, 4, 8193)},
        {rule::devmap_sizes, newest, request(devmap, 8, 4, 1)},
        {rule::devmap_hash_entries, newest, request(devmap_hash, 4, 4, (1u << 31) + 1)},
        {rule::xskmap_sizes, newest, request(xskmap, 4, 8, 1)},
        {rule::sockmap_sizes, newest, request(sockmap, 4, 16, 1)},
        {rule::sockmap_entries, newest, request(sockmap, 4, 4, 1u << 31)},
        {rule::sockhash_sizes, newest, request(sockhash, 0, 4, 1)},
        {rule::sockhash_key_size, newest, request(sockhash, 513, 4, 1)},
        {rule::sockhash_entries, newest, request(sockhash, 4, 4, (1u << 27) + 1)},
        {rule::cgroup_storage_sizes, newest, request(cgroup_storage, 12, 8, 0)},
        {rule::cgroup_storage_value_page, v(5, 14), request(cgroup_storage, 16, 4097, 0)},
        {rule::cgroup_storage_value_size, v(5, 15), request(cgroup_storage, 16, 65408, 0)},
        {rule::reuseport_value_size, newest, request(reuseport_sockarray, 4, 5, 1)},
        {rule::queue_sizes, newest, request(queue, 4, 8, 1)},
        {rule::queue_value_size, newest, request(stack, 0, (4 << 20) + 1, 1)},
        {rule::queue_bytes, v(6, 12, 117), request(stack, 0, 8, 536870911)},
        {rule::storage_sizes, newest,
         good_storage.with(&map_create_attr::max_entries, 1u).btf(types_btf, 1, 2)},
        {rule::storage_needs_btf, newest, good_storage},
        {rule::storage_value_size, newest, request(sk_storage, 4, 65408, 0, 1).btf(types_btf, 1, 2)},
        {rule::storage_needs_lsm, newest, request(inode_storage, 4, 8, 0, 1).btf(types_btf, 1, 2),
         changed(&environment::lsm_active, false)},
        {rule::struct_ops_sizes, newest, request(struct_ops, 4, 64, 2).vmlinux(50)},
        {rule::struct_ops_needs_id, newest, request(struct_ops, 4, 64, 1)},
        {rule::struct_ops_btf_closed, newest,
         request(struct_ops, 4, 64, 1, 0x8000)
             .vmlinux(1)
             .with(&map_create_attr::value_type_btf_obj_fd, +closed)},
        {rule::struct_ops_btf_other, newest,
         request(struct_ops, 4, 64, 1, 0x8000)
             .vmlinux(1)
             .with(&map_create_attr::value_type_btf_obj_fd, +types_btf)},
        {rule::struct_ops_unknown, newest, request(struct_ops, 4, 64, 1).vmlinux(51)},
        {rule::struct_ops_value_size, newest, request(struct_ops, 4, 65, 1).vmlinux(50)},
        {rule::ringbuf_sizes, newest, request(ringbuf, 4, 0, 4096)},
        {rule::ringbuf_entries, newest, request(ringbuf, 0, 0, 12288)},
        {rule::bloom_value_size, v(6, 9), request(bloom_filter, 0, (4 << 20) + 1, 1)},
        {rule::bloom_sizes, newest, request(bloom_filter, 4, 8, 1)},
        {rule::bloom_functions, newest, request(bloom_filter, 0, 8, 1).extra(16)},
        {rule::arena_not_in_jit, newest, good_arena, changed(&environment::arena_in_jit, false)},
        {rule::arena_sizes, newest, request(arena, 4, 0, 1, 0x400)},
        {rule::arena_address, newest, good_arena.extra(1)},
        {rule::arena_entries, newest, request(arena, 0, 0, (1 << 20) + 1, 0x400)},
        {rule::arena_crosses, newest, good_arena.extra(4 * gib - 4096)},
        {rule::insn_array_sizes, newest, request(insn_array, 4, 8, 1)},
        {rule::rhash_hint_high, newest, good_rhash.extra(4 * gib)},
        {rule::rhash_sizes, newest, request(rhash, 4, 8, 0, 1)},
        {rule::rhash_hint_above_entries, newest, good_rhash.extra(17)},
        {rule::rhash_hint, newest, good_rhash.extra(65536)},
        {rule::rhash_key_size, newest, request(rhash, 65536, 8, 1, 1)},
        {rule::rhash_entries, newest, request(rhash, 4, 8, (1u << 31) + 1, 1)},
    };
}

std::vector<sample> samples_of_names_btf_and_hashes()
{
    return {
        {rule::name_unterminated, newest, good_hash.named("sixteen_bytes_16")},
        {rule::name_dot, v(5, 1), good_hash.named("a.b")},
        {rule::name_character, newest, good_hash.named("a-b")},
        {rule::btf_needs_both_ids, v(5, 1), good_hash.btf(types_btf, 0, 2)},
        {rule::btf_needs_value_id, v(5, 5), good_hash.btf(types_btf, 1, 0)},
        {rule::btf_fd_closed, newest, good_hash.btf(closed, 1, 2)},
        {rule::btf_fd_other, newest, good_hash.btf(plain_map, 1, 2)},
        {rule::btf_of_kernel, newest, good_hash.btf(vmlinux_btf, 1, 2)},
        {rule::btf_key_unknown, newest, good_hash.btf(types_btf, 5, 2)},
        {rule::btf_key_size, newest, good_hash.btf(types_btf, 2, 2)},
        {rule::btf_key_needed, v(7, 0), good_hash.btf(types_btf, 0, 2)},
        {rule::btf_hash_key_needed, v(7, 2), good_hash.btf(types_btf, 0, 2)},
        {rule::btf_value_unknown, newest, good_hash.btf(types_btf, 1, 99)},
        {rule::btf_value_size, newest, good_hash.btf(types_btf, 1, 1)},
        {rule::btf_special_needs_bpf, newest, good_hash.btf(types_btf, 1, 3), nobody()},
        {rule::btf_special_read_only, newest, request(hash, 4, 8, 1, 0x80).btf(types_btf, 1, 3)},
        {rule::btf_spin_lock_type, v(6, 1), good_lru.btf(types_btf, 1, 3)},
        {rule::btf_special_type, newest, request(percpu_hash, 4, 16, 1).btf(types_btf, 1, 4)},
        {rule::btf_refused, newest, request(stack_trace, 4, 8, 1).btf(types_btf, 1, 2)},
        {rule::btf_array_key, newest, good_array.btf(types_btf, 8, 2)},
        {rule::btf_array_keyless, newest, good_array.btf(types_btf, 0, 2)},
        {rule::btf_trie_key, newest, request(lpm_trie, 8, 8, 1, 1).btf(types_btf, 9, 2)},
        {rule::btf_cgroup_key, newest, request(cgroup_storage, 16, 8, 0).btf(types_btf, 4, 2)},
        {rule::btf_storage_key, newest, good_storage.btf(types_btf, 8, 2)},
        {rule::btf_keyless, newest, request(bloom_filter, 0, 8, 1).btf(types_btf, 11, 2)},
        {rule::btf_unusable, newest, request(insn_array, 4, 16, 1).btf(types_btf, 1, 7)},
        {rule::exclusive_size, newest, good_hash.exclusive(1 << 20, 16)},
        {rule::exclusive_unreadable, newest, good_hash.exclusive(1, 32)},
        {rule::exclusive_missing, newest, good_hash.exclusive(0, 32)},
    };
}

} // namespace

TEST_CASE("rules: every rule can be provoked")
{
    std::set<rule> provoked = {rule::none};
    for (const auto &samples : {samples_of_bytes_and_permission(), samples_of_arrays_and_hashes(),
                                samples_of_other_types(), samples_of_names_btf_and_hashes()})
        for (const sample &given : samples) {
            INFO("expected " << name_of(given.expected));
            const rule said = why(given.kernel, given.asked, given.around);
            CHECK(std::string(name_of(said)) == name_of(given.expected));
            provoked.insert(said);
        }
    for (size_t i = 0; i < rule_count; i++) {
        INFO("never provoked: " << name_of(static_cast<rule>(i)));
        CHECK(provoked.count(static_cast<rule>(i)) == 1);
    }
}

TEST_CASE("rules: every rule explains itself, names its source and refuses with an errno")
{
    for (size_t i = 1; i < rule_count; i++) {
        const auto each = static_cast<rule>(i);
        INFO(name_of(each));
        char text[256] = "";
        const verdict given = {error_of(each), each, hash, newest, {1, 2}};
        CHECK(explain(given, text, sizeof(text)) < sizeof(text));
        CHECK(std::string(text).find_first_of("{}") == std::string::npos);
        CHECK(std::string(source_of(each)).find('/') != std::string::npos);
        CHECK(error_of(each) > 0);
        CHECK((since_of(each) < until_of(each) || since_of(each) == never));
    }
}

TEST_CASE("rules: explanations carry the request's numbers")
{
    const request big(hash, 513, 8, 16);
    const verdict given = decide(v(5, 4, 286), everything(), &big.attr, big.size);
    char text[128];
    const size_t length = explain(given, text, sizeof(text));
    CHECK(length == std::string(text).size());
    CHECK(std::string(text) ==
          "the key of a hash is at most 512 bytes before Linux 5.11, the size of a program's stack");

    SECTION("and are cut to the room there is")
    {
        char small[9];
        CHECK(explain(given, small, sizeof(small)) > sizeof(small));
        CHECK(std::string(small) == "the key ");
        CHECK(explain(given, nullptr, 0) == length);
    }
}

TEST_CASE("rules: explanations write hexadecimal numbers without leading zeros")
{
    const auto text_of = [](uint64_t number) {
        char text[128];
        const verdict given = {14, rule::exclusive_unreadable, hash, newest, {number, 0}};
        explain(given, text, sizeof(text));
        return std::string(text).substr(0, std::string(text).find(" is not"));
    };
    CHECK(text_of(0) == "excl_prog_hash 0x0");
    CHECK(text_of(0xf) == "excl_prog_hash 0xf");
    CHECK(text_of(0x10) == "excl_prog_hash 0x10");
    CHECK(text_of(0x123456789abcdef0) == "excl_prog_hash 0x123456789abcdef0");
    CHECK(text_of(UINT64_MAX) == "excl_prog_hash 0xffffffffffffffff");
}

TEST_CASE("rules: a plain map is made by every kernel that knows its type")
{
    for (const release kernel : {v(3, 19), v(4, 4), v(4, 15), v(5, 4), v(6, 1), newest}) {
        CHECK(answer(kernel, good_hash) == 0);
        CHECK(answer(kernel, good_array) == 0);
    }
    CHECK(answer(newest, good_rhash) == 0);
    CHECK(answer(newest, good_arena) == 0);
    CHECK(answer(newest, good_struct_ops.with(&map_create_attr::btf_fd, uint32_t{types_btf})) == 0);
    CHECK(answer(v(3, 18), good_hash) == EINVAL);
}

TEST_CASE("rules: a field moves from E2BIG to EINVAL to understood")
{
    const request named = good_hash.named("name");
    CHECK(answer(v(4, 4), named) == EINVAL);
    CHECK(answer(v(4, 15), named) == 0);
    const request with_ids = good_hash.btf(types_btf, 1, 2);
    CHECK(answer(v(4, 14), with_ids) == E2BIG);
    CHECK(answer(v(4, 15), with_ids) == EINVAL);
    CHECK(answer(v(4, 18), with_ids) == 0);
    const request with_token = good_array.token(closed);
    CHECK(answer(v(4, 20), with_token) == E2BIG);
    CHECK(answer(v(5, 0), with_token) == EINVAL);
    CHECK(answer(v(6, 9), with_token) == 0);
}

TEST_CASE("rules: E2BIG beyond the union wins over EINVAL within it")
{
    request both = good_hash.exclusive(1, 32);
    both.attr.map_token_fd = 1;
    CHECK(why(v(4, 20), both) == rule::tail_beyond_union);
    CHECK(why(v(6, 8), both) == rule::unknown_field);
}

TEST_CASE("rules: missing bytes are zero")
{
    CHECK(answer(newest, good_hash.sized(16)) == 0);
    CHECK(why(newest, good_hash.sized(12)) == rule::hash_sizes);
    CHECK(why(newest, good_hash.sized(0)) == rule::type_unspec);
    CHECK(answer(newest, good_hash.named("a-b").sized(28)) == 0);
}

TEST_CASE("rules: permission is asked before the bytes until 6.5 and after the type since")
{
    const request foreign = request(first_unknown_type, 4, 8, 1).sized(5000);
    CHECK(why(v(6, 4), foreign, locked_out()) == rule::unprivileged_bpf_disabled);
    CHECK(why(v(6, 5), foreign, locked_out()) == rule::size_beyond_page);
    CHECK(why(v(6, 5), request(hash, 0, 8, 1), locked_out()) == rule::hash_sizes);
    CHECK(why(v(6, 5), request(stack_trace, 0, 8, 1), locked_out()) == rule::unprivileged_bpf_disabled_late);
}

TEST_CASE("rules: capabilities stand in for one another by release")
{
    environment around = nobody();
    SECTION("CAP_BPF is known since 5.8")
    {
        around.caller.bpf = true;
        CHECK(why(v(5, 7), good_lru, around) == rule::needs_sys_admin);
        CHECK(answer(v(5, 8), good_lru, around) == 0);
    }
    SECTION("CAP_SYS_ADMIN replaces CAP_NET_ADMIN since 6.9")
    {
        around.caller.sys_admin = true;
        CHECK(answer(v(6, 8), request(devmap, 4, 4, 1), around) == EPERM);
        CHECK(answer(v(6, 9), request(devmap, 4, 4, 1), around) == 0);
    }
    SECTION("a token lends its capabilities to the types it was made for")
    {
        around.unprivileged_bpf_disabled = 1;
        CHECK(answer(v(6, 9), request(lru_hash, 4, 8, 1, 0x10000).token(array_token), around) == 0);
        CHECK(answer(v(6, 9), request(hash, 4, 8, 1, 0x10000).token(array_token), around) == EPERM);
        CHECK(answer(v(6, 8), request(lru_hash, 4, 8, 1, 0x10000).token(array_token)) == EINVAL);
    }
}

TEST_CASE("rules: maps of maps look at the inner map before their sizes until 4.16")
{
    const request both_wrong = request(array_of_maps, 8, 4, 1).inner(closed);
    CHECK(answer(v(4, 15), both_wrong) == EBADF);
    CHECK(answer(v(4, 16), both_wrong) == EINVAL);
}

TEST_CASE("rules: a name is looked at after permission and allocation")
{
    const request wrong = request(lru_hash, 4, 8, 16).named("a-b");
    CHECK(why(newest, wrong, nobody()) == rule::needs_bpf_late);
    CHECK(why(newest, wrong) == rule::name_character);
}

TEST_CASE("rules: letters of a name are Latin-1")
{
    CHECK(answer(newest, good_hash.named("\xc0\xff")) == 0);
    CHECK(answer(newest, good_hash.named("\xd7")) == EINVAL);
    CHECK(answer(newest, good_hash.named("\xf7")) == EINVAL);
    CHECK(answer(newest, good_hash.named("\xbf")) == EINVAL);
    CHECK(answer(newest, good_hash.named("a.b")) == 0);
}

TEST_CASE("rules: BTF sizes are compared before a type refuses BTF")
{
    const request stack = request(stack_trace, 4, 8, 1);
    CHECK(answer(newest, stack.btf(types_btf, 1, 1)) == EINVAL);
    CHECK(answer(newest, stack.btf(types_btf, 1, 2)) == enotsupp);
    CHECK(answer(v(4, 18), stack.btf(types_btf, 1, 2)) == 0);
    CHECK(answer(v(4, 18), request(array, 4, 4, 1).btf(types_btf, 1, 2)) == EINVAL);
    CHECK(answer(v(4, 18), request(array, 4, 12, 1).btf(types_btf, 1, 2)) == 0);
    CHECK(answer(v(4, 19), request(array, 4, 12, 1).btf(types_btf, 1, 2)) == EINVAL);
}

TEST_CASE("rules: an array without a key in BTF is a DATASEC in one entry")
{
    CHECK(answer(newest, request(array, 4, 4, 1).btf(types_btf, 0, 6)) == 0);
    CHECK(answer(newest, request(array, 4, 4, 2).btf(types_btf, 0, 6)) == EINVAL);
    CHECK(answer(v(7, 2), request(percpu_array, 4, 4, 1).btf(types_btf, 0, 6)) == EINVAL);
    CHECK(answer(v(7, 3), request(percpu_array, 4, 4, 1).btf(types_btf, 0, 6)) == 0);
}

TEST_CASE("rules: a rule carried back holds from that patch level on, in that series")
{
    CHECK(!in_force(rule::percpu_value_size, v(5, 4, 284)));
    CHECK(in_force(rule::percpu_value_size, v(5, 4, 286)));
    CHECK(!in_force(rule::percpu_value_size, v(5, 10, 223)));
    CHECK(!in_force(rule::percpu_value_size, v(6, 2, 300)));
    CHECK(in_force(rule::percpu_value_size, v(6, 12)));
    CHECK(since_of(rule::percpu_value_size) == v(6, 12));
}

TEST_CASE("rules: no node is a node, even where nodes are refused")
{
    CHECK(answer(newest, request(percpu_hash, 4, 8, 1, 4).node(0)) == EINVAL);
    CHECK(answer(newest, request(percpu_hash, 4, 8, 1, 4).node(UINT32_MAX)) == 0);
    CHECK(answer(newest, request(hash, 4, 8, 1, 4).node(0)) == 0);
    CHECK(answer(newest, request(hash, 4, 8, 1).node(1023)) == 0);
}

TEST_CASE("rules: special members of values by release")
{
    CHECK(answer(v(5, 0), good_lru.btf(types_btf, 1, 3)) == 0);
    CHECK(answer(v(5, 1), good_lru.btf(types_btf, 1, 3)) == enotsupp);
    CHECK(answer(v(6, 2), good_lru.btf(types_btf, 1, 3)) == EOPNOTSUPP);
    CHECK(answer(v(6, 1), good_hash.btf(types_btf, 1, 3), nobody()) == 0);
    CHECK(answer(v(6, 2), good_hash.btf(types_btf, 1, 3), nobody()) == EPERM);
    CHECK(answer(v(5, 19), good_hash.btf(types_btf, 1, 10), nobody()) == EPERM);
}

TEST_CASE("rules: a timer is no member of its own before 5.15")
{
    const request read_only = request(hash, 4, 16, 1, 0x80).btf(types_btf, 1, 4);
    CHECK(answer(v(5, 14), read_only) == 0);
    CHECK(answer(v(5, 15), read_only) == EACCES);
}

TEST_CASE("rules: kptrs came to each map type in its own release")
{
    const request percpu = request(percpu_array, 4, 8, 1).btf(types_btf, 1, 10);
    const request storage = request(sk_storage, 4, 8, 0, 1).btf(types_btf, 1, 10);
    CHECK(answer(v(5, 19), good_hash.btf(types_btf, 1, 10)) == 0);
    CHECK(answer(v(6, 0), percpu) == EOPNOTSUPP);
    CHECK(answer(v(6, 1), percpu) == 0);
    CHECK(answer(v(6, 3), storage) == EOPNOTSUPP);
    CHECK(answer(v(6, 4), storage) == 0);
}

TEST_CASE("rules: limits follow the size of the kernel's own structures")
{
    CHECK(answer(v(4, 9), request(hash, 4, 4193751, 1)) == 0);
    CHECK(answer(v(4, 10), request(hash, 4, 4193751, 1)) == E2BIG);
    CHECK(answer(v(4, 10), request(hash, 4, 4193743, 1)) == 0);
    CHECK(answer(v(6, 12), request(lpm_trie, 8, 4194009, 1, 1)) == EINVAL);
    CHECK(answer(v(6, 13), request(lpm_trie, 8, 4194009, 1, 1)) == 0);
    CHECK(answer(v(6, 13), request(lpm_trie, 8, 4194025, 1, 1)) == EINVAL);
}

TEST_CASE("rules: an empty key of a sockhash was taken by 4.18 alone")
{
    CHECK(answer(v(4, 18), request(sockhash, 0, 4, 1)) == 0);
    CHECK(answer(v(4, 19), request(sockhash, 0, 4, 1)) == EINVAL);
}

TEST_CASE("rules: memory of all CPUs has a node to refuse since nodes came")
{
    const request numa = request(percpu_hash, 4, 8, 1, 4);
    CHECK(why(v(4, 13), numa) == rule::flags_not_allowed);
    CHECK(why(v(4, 14), numa) == rule::numa_node_of_percpu);
}

TEST_CASE("rules: arrays are rounded up for a caller without CAP_PERFMON, which came with 5.8")
{
    environment around = nobody();
    around.caller.perfmon = true;
    const request long_array(array, 4, 8, (1u << 31) + 1);
    CHECK(why(v(5, 7), long_array, around) == rule::array_rounded_up);
    CHECK(why(v(5, 8), long_array, around) == rule::cost);
}

TEST_CASE("rules: BTF of a type by release")
{
    const request programs = request(prog_array, 4, 4, 1).btf(types_btf, 1, 1);
    CHECK(answer(v(4, 20), programs) == enotsupp);
    CHECK(answer(v(5, 0), programs) == 0);
    const request keyless = good_hash.btf(types_btf, 0, 2);
    CHECK(why(v(7, 0), keyless) == rule::btf_key_needed);
    CHECK(answer(v(7, 1), keyless) == 0);
    CHECK(why(v(7, 2), keyless) == rule::btf_hash_key_needed);
    const request locked_device = request(devmap, 4, 4, 1).btf(types_btf, 1, 12);
    CHECK(why(v(5, 2), locked_device) == rule::btf_spin_lock_type);
    CHECK(why(v(5, 3), locked_device) == rule::btf_special_read_only);
}

TEST_CASE("rules: i386 makes a sockhash whose buckets wrap")
{
    environment i386;
    i386.pointer_size = 4;
    const request wrapping = request(sockhash, 4, 4, (1u << 31) + 1);
    CHECK(answer(v(6, 1), wrapping, i386) == EINVAL);
    i386.shift_count_wraps = true;
    CHECK(answer(v(6, 1), wrapping, i386) == 0);
    CHECK(answer(v(6, 1), request(sockhash, 4, 4, 1u << 31), i386) == EINVAL);
}
