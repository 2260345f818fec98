// SPDX-License-Identifier: BSD-2-Clause
#include "samples.h"

namespace barebpf::test
{

sample sample_of(rule which)
{
    switch (which) {
    case rule::none:
        return {newest, good_hash};
    case rule::every_command_needs_root:
        return {v(4, 3), good_hash, nobody()};
    case rule::unprivileged_bpf_disabled:
        return {v(6, 4), good_hash, locked_out()};
    case rule::unprivileged_bpf_disabled_late:
        return {v(6, 5), good_hash, locked_out()};
    case rule::size_beyond_page:
        return {newest, good_hash.sized(4097)};
    case rule::tail_beyond_union:
        return {v(4, 20), good_hash.with(&map_create_attr::excl_prog_hash_size, 32u)};
    case rule::unknown_field:
        return {v(6, 17), good_hash.with(&map_create_attr::excl_prog_hash_size, 32u)};
    case rule::vmlinux_id_elsewhere:
        return {newest, good_hash.vmlinux(1)};
    case rule::vmlinux_id_and_btf_ids:
        return {newest, good_struct_ops.btf(types_btf, 1, 1)};
    case rule::key_id_without_value_id:
        return {newest, good_hash.btf(types_btf, 1, 0)};
    case rule::map_extra_unused:
        return {newest, good_hash.extra(1)};
    case rule::access_both_ways:
        return {v(7, 1), request(array, 4, 8, 1, 0x18)};
    case rule::access_both_ways_last:
        return {v(7, 2), request(array, 4, 8, 1, 0x18)};
    case rule::numa_node_offline:
        return {newest, request(hash, 4, 8, 1, 4).node(1)};
    case rule::type_unknown:
        return {newest, request(first_unknown_type, 4, 8, 1)};
    case rule::type_unspec:
        return {newest, request(unspec, 4, 8, 1)};
    case rule::type_newer:
        return {v(7, 1), good_rhash};
    case rule::type_not_built:
        return {newest, request(xskmap, 4, 4, 1), changed(&environment::config, 0u)};
    case rule::token_fd_closed:
        return {newest, request(array, 4, 8, 1, 0x10000).token(closed)};
    case rule::token_fd_other:
        return {newest, request(array, 4, 8, 1, 0x10000).token(plain_map)};
    case rule::needs_sys_admin:
        return {v(5, 7), good_lru, nobody()};
    case rule::needs_bpf:
        return {v(5, 8), good_lru, nobody()};
    case rule::needs_bpf_late:
        return {v(6, 5), good_lru, nobody()};
    case rule::needs_net_admin:
        return {v(6, 4), request(devmap, 4, 4, 1), nobody()};
    case rule::needs_net_admin_late:
        return {v(6, 5), request(devmap, 4, 4, 1), nobody()};
    case rule::zero_seed_needs_sys_admin:
        return {newest, request(hash, 4, 8, 1, 0x40), nobody()};
    case rule::offload_not_built:
        return {newest, good_hash.device(1), changed(&environment::config, 0u)};
    case rule::offload_needs_sys_admin:
        return {newest, good_hash.device(1), nobody()};
    case rule::offload_type:
        return {newest, request(queue, 0, 8, 1).device(1)};
    case rule::offload_no_device:
        return {newest, good_hash.device(77)};
    case rule::offload_unsupported:
        return {newest, good_hash.device(1)};
    case rule::flags_not_allowed:
        return {newest, request(array, 4, 8, 1, 1)};
    case rule::flags_required:
        return {newest, request(lpm_trie, 8, 8, 1)};
    case rule::prog_access_both_ways:
        return {newest, request(array, 4, 8, 1, 0x180)};
    case rule::numa_node_of_percpu:
        return {newest, request(percpu_array, 4, 8, 1, 4)};
    case rule::array_sizes:
        return {newest, request(array, 8, 8, 1)};
    case rule::fd_array_value_size:
        return {newest, request(prog_array, 4, 8, 1)};
    case rule::array_value_size_4_9:
        return {v(4, 9), request(array, 4, 4 << 20, 1)};
    case rule::array_value_size_5_19:
        return {v(5, 19), request(array, 4, (4 << 20) + 1, 1)};
    case rule::array_value_size:
        return {v(6, 0), request(array, 4, 1u << 31, 1)};
    case rule::array_rounded_up:
        return {newest, request(array, 4, 8, (1u << 31) + 1), nobody()};
    case rule::percpu_value_size_4_13:
        return {v(4, 13), request(percpu_hash, 4, 32769, 1)};
    case rule::percpu_value_memory:
        return {v(4, 14), request(percpu_hash, 4, 32769, 1)};
    case rule::percpu_value_size:
        return {v(6, 12), request(percpu_hash, 4, 32769, 1)};
    case rule::hash_sizes:
        return {newest, request(hash, 0, 8, 1)};
    case rule::hash_of_maps_value_size:
        return {newest, request(hash_of_maps, 4, 8, 1).inner(plain_map)};
    case rule::hash_key_size:
        return {v(5, 10), request(hash, 513, 8, 1)};
    case rule::hash_value_size:
        return {v(5, 10), request(hash, 4, 4193744, 1)};
    case rule::hash_element_size:
        return {v(5, 11), request(hash, 4, 4194252, 1)};
    case rule::hash_entries:
        return {newest, request(hash, 4, 8, (1u << 27) + 1)};
    case rule::lru_preallocates:
        return {newest, request(lru_hash, 4, 8, 1, 1)};
    case rule::inner_fd_closed:
        return {newest, request(array_of_maps, 4, 4, 1).inner(closed)};
    case rule::inner_fd_other:
        return {newest, request(array_of_maps, 4, 4, 1).inner(types_btf)};
    case rule::inner_is_nested:
        return {newest, request(array_of_maps, 4, 4, 1).inner(nested_map)};
    case rule::inner_type:
        return {newest, request(hash_of_maps, 4, 4, 1).inner(program_map)};
    case rule::inner_spin_lock:
        return {v(6, 1), request(array_of_maps, 4, 4, 1).inner(locked_map)};
    case rule::inner_exclusive:
        return {v(7, 2), request(array_of_maps, 4, 4, 1).inner(exclusive_map)};
    case rule::array_cost:
        return {v(5, 2), request(array, 4, 1 << 20, 1 << 12)};
    case rule::hash_cost_3_19:
        return {v(3, 19), request(hash, 4, 1 << 20, 1 << 12)};
    case rule::net_cost:
        return {v(5, 2), request(sockmap, 4, 4, 1u << 29)};
    case rule::devmap_cost:
        return {v(5, 9), request(devmap, 4, 4, 1u << 29)};
    case rule::sockhash_cost:
        return {v(5, 10), request(sockhash, 4, 4, 1u << 27)};
    case rule::cost:
        return {v(5, 10), request(array, 4, 1 << 20, 1 << 12)};
    case rule::memlock_devmap:
        return {v(5, 9), request(devmap, 4, 4, 1), changed<uint64_t>(&environment::memlock, 0)};
    case rule::memlock:
        return {v(5, 10), good_hash, changed<uint64_t>(&environment::memlock, 0)};
    case rule::memory:
        return {newest, request(array, 4, 1 << 20, 1 << 12),
                changed<uint64_t>(&environment::memory, 1 << 30)};
    case rule::stack_trace_sizes:
        return {newest, request(stack_trace, 4, 12, 1)};
    case rule::stack_trace_depth:
        return {newest, request(stack_trace, 4, 1024, 1)};
    case rule::stack_trace_entries:
        return {newest, request(stack_trace, 4, 8, (1u << 31) + 1)};
    case rule::trie_sizes:
        return {newest, request(lpm_trie, 4, 8, 1, 1)};
    case rule::cpumap_sizes:
        return {newest, request(cpumap, 4, 5, 1)};
    case rule::cpumap_entries:
        return {newest, request(cpumap, 4, 4, 8193)};
    case rule::devmap_sizes:
        return {newest, request(devmap, 8, 4, 1)};
    case rule::devmap_hash_entries:
        return {newest, request(devmap_hash, 4, 4, (1u << 31) + 1)};
    case rule::xskmap_sizes:
        return {newest, request(xskmap, 4, 8, 1)};
    case rule::sockmap_sizes:
        return {newest, request(sockmap, 4, 16, 1)};
    case rule::sockmap_entries:
        return {newest, request(sockmap, 4, 4, 1u << 31)};
    case rule::sockhash_sizes:
        return {newest, request(sockhash, 0, 4, 1)};
    case rule::sockhash_key_size:
        return {newest, request(sockhash, 513, 4, 1)};
    case rule::sockhash_entries:
        return {newest, request(sockhash, 4, 4, (1u << 27) + 1)};
    case rule::cgroup_storage_sizes:
        return {newest, request(cgroup_storage, 12, 8, 0)};
    case rule::cgroup_storage_value_page:
        return {v(5, 14), request(cgroup_storage, 16, 4097, 0)};
    case rule::cgroup_storage_value_size:
        return {v(5, 15), request(cgroup_storage, 16, 65408, 0)};
    case rule::reuseport_value_size:
        return {newest, request(reuseport_sockarray, 4, 5, 1)};
    case rule::queue_sizes:
        return {newest, request(queue, 4, 8, 1)};
    case rule::queue_value_size:
        return {newest, request(stack, 0, (4 << 20) + 1, 1)};
    case rule::queue_bytes:
        return {v(6, 12, 117), request(stack, 0, 8, 536870911)};
    case rule::storage_sizes:
        return {newest, good_storage.with(&map_create_attr::max_entries, 1u).btf(types_btf, 1, 2)};
    case rule::storage_needs_btf:
        return {newest, good_storage};
    case rule::storage_value_size:
        return {newest, request(sk_storage, 4, 65408, 0, 1).btf(types_btf, 1, 2)};
    case rule::storage_needs_lsm:
        return {newest, request(inode_storage, 4, 8, 0, 1).btf(types_btf, 1, 2),
                changed(&environment::lsm_active, false)};
    case rule::struct_ops_sizes:
        return {newest, request(struct_ops, 4, 64, 2).vmlinux(50).btf(types_btf, 0, 0)};
    case rule::struct_ops_needs_id:
        return {newest, request(struct_ops, 4, 64, 1)};
    case rule::struct_ops_btf_closed:
        return {newest, request(struct_ops, 4, 64, 1, 0x8000)
                            .vmlinux(50)
                            .btf(types_btf, 0, 0)
                            .with(&map_create_attr::value_type_btf_obj_fd, +closed)};
    case rule::struct_ops_btf_other:
        return {newest, request(struct_ops, 4, 64, 1, 0x8000)
                            .vmlinux(50)
                            .btf(types_btf, 0, 0)
                            .with(&map_create_attr::value_type_btf_obj_fd, +types_btf)};
    case rule::struct_ops_unknown:
        return {newest, request(struct_ops, 4, 64, 1).vmlinux(51).btf(types_btf, 0, 0)};
    case rule::struct_ops_value_size:
        return {newest, request(struct_ops, 4, 65, 1).vmlinux(50).btf(types_btf, 0, 0)};
    case rule::ringbuf_sizes:
        return {newest, request(ringbuf, 4, 0, 4096)};
    case rule::ringbuf_entries:
        return {newest, request(ringbuf, 0, 0, 12288)};
    case rule::bloom_value_size:
        return {v(6, 9), request(bloom_filter, 0, (4 << 20) + 1, 1)};
    case rule::bloom_sizes:
        return {newest, request(bloom_filter, 4, 8, 1)};
    case rule::bloom_functions:
        return {newest, request(bloom_filter, 0, 8, 1).extra(16)};
    case rule::arena_not_in_jit:
        return {newest, good_arena, changed(&environment::arena_in_jit, false)};
    case rule::arena_sizes:
        return {newest, request(arena, 4, 0, 1, 0x400)};
    case rule::arena_address:
        return {newest, good_arena.extra(1)};
    case rule::arena_entries:
        return {newest, request(arena, 0, 0, (1 << 20) + 1, 0x400)};
    case rule::arena_crosses:
        return {newest, good_arena.extra(4 * (uint64_t{1} << 30) - 4096)};
    case rule::insn_array_sizes:
        return {newest, request(insn_array, 4, 8, 1)};
    case rule::rhash_hint_high:
        return {newest, good_rhash.extra(4 * (uint64_t{1} << 30))};
    case rule::rhash_sizes:
        return {newest, request(rhash, 4, 8, 0, 1)};
    case rule::rhash_hint_above_entries:
        return {newest, good_rhash.extra(17)};
    case rule::rhash_hint:
        return {newest, request(rhash, 4, 8, 65536, 1).extra(65536)};
    case rule::rhash_key_size:
        return {newest, request(rhash, 65536, 8, 1, 1)};
    case rule::rhash_entries:
        return {newest, request(rhash, 4, 8, (1u << 31) + 1, 1)};
    case rule::name_unterminated:
        return {newest, good_hash.named("sixteen_bytes_16")};
    case rule::name_dot:
        return {v(5, 1), good_hash.named("a.b")};
    case rule::name_character:
        return {newest, good_hash.named("a-b")};
    case rule::btf_needs_both_ids:
        return {v(5, 1), good_hash.btf(types_btf, 0, 2)};
    case rule::btf_needs_value_id:
        return {v(5, 5), good_hash.btf(types_btf, 1, 0)};
    case rule::btf_fd_closed:
        return {newest, good_hash.btf(closed, 1, 2)};
    case rule::btf_fd_other:
        return {newest, good_hash.btf(plain_map, 1, 2)};
    case rule::btf_of_kernel:
        return {newest, good_hash.btf(vmlinux_btf, 1, 2)};
    case rule::btf_key_unknown:
        return {newest, good_hash.btf(types_btf, 5, 2)};
    case rule::btf_key_size:
        return {newest, good_hash.btf(types_btf, 9, 2)};
    case rule::btf_key_needed:
        return {v(7, 0), good_hash.btf(types_btf, 0, 2)};
    case rule::btf_hash_key_needed:
        return {v(7, 2), good_hash.btf(types_btf, 0, 2)};
    case rule::btf_value_unknown:
        return {newest, good_hash.btf(types_btf, 1, 99)};
    case rule::btf_value_size:
        return {newest, good_hash.btf(types_btf, 1, 1)};
    case rule::btf_special_needs_bpf:
        return {newest, good_hash.btf(types_btf, 1, 3), nobody()};
    case rule::btf_special_read_only:
        return {newest, request(hash, 4, 8, 1, 0x80).btf(types_btf, 1, 3)};
    case rule::btf_spin_lock_type:
        return {v(6, 1), good_lru.btf(types_btf, 1, 3)};
    case rule::btf_special_type:
        return {newest, request(percpu_hash, 4, 16, 1).btf(types_btf, 1, 4)};
    case rule::btf_refused:
        return {newest, request(stack_trace, 4, 8, 1).btf(types_btf, 1, 2)};
    case rule::btf_array_key:
        return {newest, good_array.btf(types_btf, 8, 2)};
    case rule::btf_array_keyless:
        return {newest, good_array.btf(types_btf, 0, 2)};
    case rule::btf_trie_key:
        return {newest, request(lpm_trie, 8, 8, 1, 1).btf(types_btf, 9, 2)};
    case rule::btf_cgroup_key:
        return {newest, request(cgroup_storage, 16, 8, 0).btf(types_btf, 4, 2)};
    case rule::btf_storage_key:
        return {newest, good_storage.btf(types_btf, 8, 2)};
    case rule::btf_keyless:
        return {newest, request(bloom_filter, 0, 8, 1).btf(types_btf, 11, 2)};
    case rule::btf_unusable:
        return {newest, request(insn_array, 4, 16, 1).btf(types_btf, 1, 7)};
    case rule::exclusive_size:
        return {newest, good_hash.exclusive(1 << 20, 16)};
    case rule::exclusive_unreadable:
        return {newest, good_hash.exclusive(1, 32)};
    case rule::exclusive_missing:
        return {newest, good_hash.exclusive(0, 32)};
    }
    return {newest, good_hash};
}

} // namespace barebpf::test
