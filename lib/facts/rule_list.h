// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_LIB_FACTS_RULE_LIST_H
#define BAREBPF_LIB_FACTS_RULE_LIST_H

#include <stddef.h>
#include <stdint.h>

// Every reason a kernel has to refuse BPF_MAP_CREATE: X(identity, errno, since, until, source, sentence).
//
// A rule holds in mainline releases from `since` up to but not including `until`; rules.cpp lists the stable
// releases it was carried back to, some of them before a mainline release had it (since: never). The source
// is a file of the kernel. In a sentence {0} and {1} are numbers of the request or of its limit, {x0} and
// {x1} the same in hexadecimal, {type} the map type's name and {kernel} the release.
/* clang-format off */
#define BAREBPF_RULES(X) \
    /* Before anything is read. */ \
    X(every_command_needs_root, EPERM, v(3, 18), v(4, 4), "kernel/bpf/syscall.c", \
      "before 4.4 every bpf(2) command needs CAP_SYS_ADMIN") \
    X(unprivileged_bpf_disabled, EPERM, v(4, 4), v(6, 5), "kernel/bpf/syscall.c", \
      "kernel.unprivileged_bpf_disabled is {0} and the caller has neither CAP_BPF (from 5.8) nor CAP_SYS_ADMIN") \
    /* The bytes as such. */ \
    X(size_beyond_page, E2BIG, always, never, "kernel/bpf/syscall.c", \
      "the attr is {0} bytes long, more than a page of {1}") \
    X(tail_beyond_union, E2BIG, always, never, "kernel/bpf/syscall.c", \
      "byte {0} of the attr is set, but {kernel} knows only {1} bytes of it") \
    X(unknown_field, EINVAL, always, never, "kernel/bpf/syscall.c", \
      "byte {0} of the attr is set, but {kernel} reads only {1} bytes of it to make a map") \
    X(vmlinux_id_elsewhere, EINVAL, v(5, 6), never, "kernel/bpf/syscall.c", \
      "btf_vmlinux_value_type_id is {0}, but only a struct_ops map has one") \
    X(vmlinux_id_and_btf_ids, EINVAL, v(5, 6), never, "kernel/bpf/syscall.c", \
      "btf_vmlinux_value_type_id {0} excludes btf_key_type_id and btf_value_type_id") \
    X(key_id_without_value_id, EINVAL, v(5, 6), never, "kernel/bpf/syscall.c", \
      "btf_key_type_id is {0} but btf_value_type_id is 0") \
    X(map_extra_unused, EINVAL, v(5, 16), never, "kernel/bpf/syscall.c", \
      "map_extra is {x0}, which says nothing for a {type} map on {kernel}") \
    X(access_both_ways, EINVAL, v(4, 15), v(7, 2), "kernel/bpf/syscall.c", \
      "BPF_F_RDONLY and BPF_F_WRONLY together leave no way to use the descriptor") \
    X(numa_node_offline, EINVAL, v(4, 14), never, "kernel/bpf/syscall.c", \
      "numa_node is {0}, but the machine has only {1}") \
    X(type_unknown, EINVAL, always, never, "kernel/bpf/syscall.c", \
      "map_type is {0}, which no kernel through 7.3 knows") \
    X(type_unspec, EINVAL, always, never, "include/uapi/linux/bpf.h", \
      "map_type is 0, which is no map") \
    X(type_newer, EINVAL, always, never, "include/linux/bpf_types.h", \
      "{type} maps exist since {0}.{1} only") \
    X(type_not_built, EINVAL, always, never, "include/linux/bpf_types.h", \
      "this kernel was built without what {type} maps need") \
    /* Permission, late. */ \
    X(token_fd_closed, EBADF, v(6, 9), never, "kernel/bpf/token.c", \
      "map_token_fd {0} is not open") \
    X(token_fd_other, EINVAL, v(6, 9), never, "kernel/bpf/token.c", \
      "map_token_fd {0} is no BPF token") \
    X(unprivileged_bpf_disabled_late, EPERM, v(6, 5), never, "kernel/bpf/syscall.c", \
      "kernel.unprivileged_bpf_disabled is {0} and the caller has neither CAP_BPF nor CAP_SYS_ADMIN") \
    X(needs_sys_admin, EPERM, always, v(5, 8), "kernel/bpf", \
      "a {type} map needs CAP_SYS_ADMIN") \
    X(needs_bpf, EPERM, v(5, 8), v(6, 5), "kernel/bpf", \
      "a {type} map needs CAP_BPF or CAP_SYS_ADMIN") \
    X(needs_net_admin, EPERM, always, v(6, 5), "net/core", \
      "a {type} map needs CAP_NET_ADMIN; CAP_SYS_ADMIN does not replace it") \
    X(needs_bpf_late, EPERM, v(6, 5), never, "kernel/bpf/syscall.c", \
      "a {type} map needs CAP_BPF or CAP_SYS_ADMIN") \
    X(needs_net_admin_late, EPERM, v(6, 5), never, "kernel/bpf/syscall.c", \
      "a {type} map needs CAP_NET_ADMIN (from 6.9 CAP_SYS_ADMIN will do)") \
    X(zero_seed_needs_sys_admin, EPERM, v(5, 0), never, "kernel/bpf/hashtab.c", \
      "BPF_F_ZERO_SEED needs CAP_SYS_ADMIN on a {type} map") \
    /* Flags, for every type. */ \
    X(flags_not_allowed, EINVAL, v(4, 6), never, "kernel/bpf", \
      "map_flags has {x0}, of which a {type} map takes only {x1} on {kernel}") \
    X(flags_required, EINVAL, v(4, 11), never, "kernel/bpf", \
      "a {type} map must have {x0} in map_flags") \
    X(prog_access_both_ways, EINVAL, v(5, 2), never, "include/linux/bpf.h", \
      "BPF_F_RDONLY_PROG and BPF_F_WRONLY_PROG together leave programs no way to use the map") \
    X(numa_node_of_percpu, EINVAL, v(4, 14), never, "kernel/bpf", \
      "BPF_F_NUMA_NODE with a node ({0}) does not go with memory spread over all CPUs") \
    /* Arrays. */ \
    X(array_sizes, EINVAL, v(3, 19), never, "kernel/bpf/arraymap.c", \
      "a {type} map has key_size 4, a value_size and max_entries; {0} is 0 or wrong") \
    X(fd_array_value_size, EINVAL, v(4, 2), never, "kernel/bpf/arraymap.c", \
      "a {type} map holds descriptors, so value_size is 4, not {0}") \
    X(array_value_size_4_9, E2BIG, v(4, 4), v(4, 10), "kernel/bpf/arraymap.c", \
      "value_size {0} is above {1}") \
    X(array_value_size_5_19, E2BIG, v(4, 10), v(6, 0), "kernel/bpf/arraymap.c", \
      "value_size {0} is above {1}, the most kmalloc gives") \
    X(array_value_size, E2BIG, v(6, 0), never, "kernel/bpf/arraymap.c", \
      "value_size {0} is above {1}") \
    X(array_rounded_up, E2BIG, v(4, 15), never, "kernel/bpf/arraymap.c", \
      "without CAP_PERFMON (before 5.8 CAP_SYS_ADMIN) max_entries {0} is rounded up to a power of two, which overflows") \
    X(percpu_value_size_4_13, E2BIG, v(4, 6), v(4, 14), "kernel/bpf/hashtab.c", \
      "value_size {0} is above {1}, the most one CPU's share may be") \
    X(percpu_value_size, E2BIG, v(6, 12), never, "kernel/bpf", \
      "value_size {0} is above {1}, the most one CPU's share may be") \
    X(percpu_value_memory, ENOMEM, v(4, 6), v(6, 12), "mm/percpu.c", \
      "value_size {0} is above {1}, the most that is allocated for one CPU") \
    /* Hash tables. */ \
    X(hash_sizes, EINVAL, v(3, 19), never, "kernel/bpf/hashtab.c", \
      "a {type} map has a key_size, a value_size and max_entries; {0} is 0") \
    X(hash_of_maps_value_size, EINVAL, v(4, 12), never, "kernel/bpf/hashtab.c", \
      "a hash_of_maps map holds descriptors, so value_size is 4, not {0}") \
    X(hash_key_size, E2BIG, v(3, 19), v(5, 11), "kernel/bpf/hashtab.c", \
      "key_size {0} is above {1}, the size of a program's stack") \
    X(hash_value_size, E2BIG, v(4, 4), v(5, 11), "kernel/bpf/hashtab.c", \
      "value_size {0} is above {1}: an element must fit into one kmalloc") \
    X(hash_element_size, E2BIG, v(5, 11), never, "kernel/bpf/hashtab.c", \
      "key_size and value_size make {0}, above {1}: an element must fit into one kmalloc") \
    X(hash_entries, E2BIG, v(3, 19), never, "kernel/bpf/hashtab.c", \
      "max_entries {0} is above {1}: the buckets would not fit into 32 bits") \
    X(lru_preallocates, ENOTSUPP, v(4, 10), never, "kernel/bpf/hashtab.c", \
      "a {type} map is always preallocated and refuses BPF_F_NO_PREALLOC") \
    /* The other types of kernel/bpf. */ \
    X(stack_trace_sizes, EINVAL, v(4, 6), never, "kernel/bpf/stackmap.c", \
      "a stack_trace map has key_size 4, max_entries, and a value_size of whole 8-byte frames; {0} is wrong") \
    X(stack_trace_depth, EINVAL, v(4, 6), never, "kernel/bpf/stackmap.c", \
      "value_size {0} is not a whole number of frames up to {1} bytes (sysctl kernel.perf_event_max_stack)") \
    X(stack_trace_entries, E2BIG, v(4, 6), never, "kernel/bpf/stackmap.c", \
      "max_entries {0} cannot be rounded up to a power of two") \
    X(trie_sizes, EINVAL, v(4, 11), never, "kernel/bpf/lpm_trie.c", \
      "an lpm_trie map has a key_size of 5 to 260, a value_size up to about 4 MiB and max_entries; {0} is not so") \
    X(cpumap_sizes, EINVAL, v(4, 15), never, "kernel/bpf/cpumap.c", \
      "a cpumap map has key_size 4, value_size 4 (from 5.9 also 8) and max_entries; {0} is not so") \
    X(cpumap_entries, E2BIG, v(4, 15), never, "kernel/bpf/cpumap.c", \
      "max_entries {0} is above {1}, the CPUs this kernel was built for") \
    X(devmap_sizes, EINVAL, v(4, 14), never, "kernel/bpf/devmap.c", \
      "a {type} map has key_size 4, value_size 4 (from 5.8 also 8) and max_entries; {0} is not so") \
    X(devmap_hash_entries, EINVAL, v(5, 4), never, "kernel/bpf/devmap.c", \
      "max_entries {0} cannot be rounded up to a power of two") \
    X(xskmap_sizes, EINVAL, v(4, 18), never, "net/xdp/xskmap.c", \
      "an xskmap map has key_size 4, value_size 4 and max_entries; {0} is not so") \
    X(sockmap_sizes, EINVAL, v(4, 14), never, "net/core/sock_map.c", \
      "a sockmap map has key_size 4, value_size 4 (from 5.7 also 8) and max_entries; {0} is not so") \
    X(sockmap_entries, EINVAL, v(7, 2), never, "net/core/sock_map.c", \
      "max_entries {0} is above {1}") \
    X(sockhash_sizes, EINVAL, v(4, 18), never, "net/core/sock_map.c", \
      "a sockhash map has a key_size, value_size 4 (from 5.7 also 8) and max_entries; {0} is not so") \
    X(sockhash_key_size, E2BIG, v(4, 18), never, "net/core/sock_map.c", \
      "key_size {0} is above {1}, the size of a program's stack") \
    X(sockhash_entries, EINVAL, v(4, 18), never, "net/core/sock_map.c", \
      "max_entries {0} is above {1}: the buckets would not fit into 32 bits") \
    X(cgroup_storage_sizes, EINVAL, v(4, 19), never, "kernel/bpf/local_storage.c", \
      "a {type} map has the kernel's key (16 bytes; from 5.9 also 8), a value_size and max_entries 0; {0} is not so") \
    X(cgroup_storage_value_page, E2BIG, v(4, 19), v(5, 15), "kernel/bpf/local_storage.c", \
      "value_size {0} is above {1}, one page") \
    X(cgroup_storage_value_size, E2BIG, v(5, 15), never, "kernel/bpf/local_storage.c", \
      "value_size {0} is above {1}") \
    X(reuseport_value_size, EINVAL, v(4, 19), never, "kernel/bpf/reuseport_array.c", \
      "a reuseport_sockarray map has value_size 4 or 8, not {0}") \
    X(queue_sizes, EINVAL, v(4, 20), never, "kernel/bpf/queue_stack_maps.c", \
      "a {type} map has key_size 0, a value_size and max_entries; {0} is not so") \
    X(queue_value_size, E2BIG, v(4, 20), never, "kernel/bpf/queue_stack_maps.c", \
      "value_size {0} is above {1}, the most kmalloc gives") \
    X(queue_bytes, E2BIG, never, never, "kernel/bpf/queue_stack_maps.c", \
      "the entries, and one more, take {0} bytes, more than 32 bits can count") \
    X(storage_sizes, EINVAL, v(5, 2), never, "kernel/bpf/bpf_local_storage.c", \
      "a {type} map has key_size 4, a value_size and max_entries 0; {0} is not so") \
    X(storage_needs_btf, EINVAL, v(5, 2), never, "kernel/bpf/bpf_local_storage.c", \
      "a {type} map needs btf_key_type_id and btf_value_type_id") \
    X(storage_value_size, E2BIG, v(5, 2), never, "kernel/bpf/bpf_local_storage.c", \
      "value_size {0} is above {1}") \
    X(storage_needs_lsm, EOPNOTSUPP, v(7, 2), never, "kernel/bpf/bpf_inode_storage.c", \
      "an inode_storage map needs the bpf LSM, which is not active") \
    X(struct_ops_sizes, EINVAL, v(5, 6), never, "kernel/bpf/bpf_struct_ops.c", \
      "a struct_ops map has key_size 4 and max_entries 1; {0} is not so") \
    X(struct_ops_needs_id, EINVAL, v(5, 6), never, "kernel/bpf/bpf_struct_ops.c", \
      "a struct_ops map needs btf_vmlinux_value_type_id") \
    X(struct_ops_btf_closed, EBADF, v(6, 9), never, "kernel/bpf/bpf_struct_ops.c", \
      "value_type_btf_obj_fd {0} is not open") \
    X(struct_ops_btf_other, EINVAL, v(6, 9), never, "kernel/bpf/bpf_struct_ops.c", \
      "value_type_btf_obj_fd {0} is not the BTF of a kernel module") \
    X(struct_ops_unknown, ENOTSUPP, v(5, 6), never, "kernel/bpf/bpf_struct_ops.c", \
      "btf_vmlinux_value_type_id {0} is no struct_ops type of this kernel") \
    X(struct_ops_value_size, EINVAL, v(5, 6), never, "kernel/bpf/bpf_struct_ops.c", \
      "value_size is {0}, but the kernel's type has {1} bytes") \
    X(ringbuf_sizes, EINVAL, v(5, 8), never, "kernel/bpf/ringbuf.c", \
      "a {type} map has key_size 0 and value_size 0; {0} is not so") \
    X(ringbuf_entries, EINVAL, v(5, 8), never, "kernel/bpf/ringbuf.c", \
      "max_entries is the size in bytes, a power of two and whole pages of {1}, not {0}") \
    X(bloom_value_size, E2BIG, v(6, 9), never, "kernel/bpf/bloom_filter.c", \
      "value_size {0} is above {1}, the most kmalloc gives") \
    X(bloom_sizes, EINVAL, v(5, 16), never, "kernel/bpf/bloom_filter.c", \
      "a bloom_filter map has key_size 0, a value_size and max_entries; {0} is not so") \
    X(bloom_functions, EINVAL, v(5, 16), never, "kernel/bpf/bloom_filter.c", \
      "map_extra {0} is above {1}, the most hash functions") \
    X(arena_not_in_jit, EOPNOTSUPP, v(6, 13), never, "kernel/bpf/arena.c", \
      "this machine's JIT has no arenas") \
    X(arena_sizes, EINVAL, v(6, 9), never, "kernel/bpf/arena.c", \
      "an arena map has key_size 0, value_size 0 and max_entries pages; {0} is not so") \
    X(arena_address, EINVAL, v(6, 9), never, "kernel/bpf/arena.c", \
      "map_extra {x0} is not the address of a page of {1} bytes") \
    X(arena_entries, E2BIG, v(6, 9), never, "kernel/bpf/arena.c", \
      "max_entries {0} is above {1} pages, 4 GiB") \
    X(arena_crosses, ERANGE, v(6, 9), never, "kernel/bpf/arena.c", \
      "{1} bytes at map_extra {x0} cross a 4 GiB boundary") \
    X(insn_array_sizes, EINVAL, v(6, 19), never, "kernel/bpf/bpf_insn_array.c", \
      "an insn_array map has key_size 4, value_size 16 and max_entries; {0} is not so") \
    X(rhash_hint_high, EINVAL, v(7, 2), never, "kernel/bpf/hashtab.c", \
      "map_extra {x0} has bits above the 32 of the size hint") \
    X(rhash_sizes, EINVAL, v(7, 2), never, "kernel/bpf/hashtab.c", \
      "an rhash map has a key_size, a value_size and max_entries; {0} is 0") \
    X(rhash_hint_above_entries, EINVAL, v(7, 2), never, "kernel/bpf/hashtab.c", \
      "the size hint {0} in map_extra is above max_entries {1}") \
    X(rhash_hint, E2BIG, v(7, 2), never, "kernel/bpf/hashtab.c", \
      "the size hint {0} in map_extra is above {1}") \
    X(rhash_key_size, E2BIG, v(7, 2), never, "kernel/bpf/hashtab.c", \
      "key_size {0} is above {1}") \
    X(rhash_entries, E2BIG, v(7, 2), never, "kernel/bpf/hashtab.c", \
      "max_entries {0} is above {1}") \
    /* The inner map of a map of maps. */ \
    X(inner_fd_closed, EBADF, v(4, 12), never, "kernel/bpf/map_in_map.c", \
      "inner_map_fd {0} is not open") \
    X(inner_fd_other, EINVAL, v(4, 12), never, "kernel/bpf/map_in_map.c", \
      "inner_map_fd {0} is no map") \
    X(inner_is_nested, EINVAL, v(4, 12), never, "kernel/bpf/map_in_map.c", \
      "inner_map_fd {0} is itself a map of maps") \
    X(inner_type, ENOTSUPP, v(4, 12), never, "kernel/bpf/map_in_map.c", \
      "inner_map_fd {0} is a map of a type that cannot be inside another") \
    X(inner_spin_lock, ENOTSUPP, v(5, 1), v(6, 2), "kernel/bpf/map_in_map.c", \
      "inner_map_fd {0} has a bpf_spin_lock in its values") \
    X(inner_exclusive, ENOTSUPP, v(7, 2), never, "kernel/bpf/map_in_map.c", \
      "inner_map_fd {0} belongs to one program alone") \
    /* Devices. */ \
    X(offload_not_built, EOPNOTSUPP, v(4, 16), never, "include/linux/bpf.h", \
      "map_ifindex is {0}, but this kernel was built without networking") \
    X(offload_needs_sys_admin, EPERM, v(4, 16), never, "kernel/bpf/offload.c", \
      "map_ifindex is {0}, and a map on a device needs CAP_SYS_ADMIN") \
    X(offload_type, EINVAL, v(4, 16), never, "kernel/bpf/offload.c", \
      "map_ifindex is {0}, but only array and hash maps live on devices") \
    X(offload_no_device, EINVAL, v(4, 16), never, "kernel/bpf/offload.c", \
      "map_ifindex is {0}, and there is no such network device") \
    X(offload_unsupported, EOPNOTSUPP, v(4, 16), never, "kernel/bpf/offload.c", \
      "map_ifindex is {0}, a network device that holds no maps") \
    /* Memory. */ \
    X(array_cost, ENOMEM, v(3, 19), v(5, 3), "kernel/bpf/arraymap.c", \
      "the map would take {0} bytes, more than 32 bits can count") \
    X(hash_cost_3_19, ENOMEM, v(3, 19), v(4, 0), "kernel/bpf/hashtab.c", \
      "the map would take {0} bytes, more than 32 bits can count") \
    X(net_cost, EINVAL, v(4, 14), v(5, 3), "kernel/bpf/devmap.c", \
      "the map would take {0} bytes, more than 32 bits can count") \
    X(devmap_cost, EINVAL, v(5, 3), v(5, 10), "kernel/bpf/devmap.c", \
      "the map would take {0} bytes, more than 32 bits can count") \
    X(sockhash_cost, EINVAL, v(4, 18), v(5, 11), "net/core/sock_map.c", \
      "the map would take {0} bytes, more than 32 bits can count") \
    X(cost, E2BIG, v(4, 0), v(5, 11), "kernel/bpf/syscall.c", \
      "the map would take {0} bytes, more than 32 bits can count") \
    X(memlock_devmap, EINVAL, v(5, 4), v(5, 10), "kernel/bpf/devmap.c", \
      "the map takes {0} bytes, and RLIMIT_MEMLOCK leaves {1}") \
    X(memlock, EPERM, v(4, 4), v(5, 11), "kernel/bpf/syscall.c", \
      "the map takes {0} bytes, and RLIMIT_MEMLOCK leaves {1}") \
    X(memory, ENOMEM, always, never, "kernel/bpf/syscall.c", \
      "the map takes {0} bytes, and the machine has {1}") \
    /* The name. */ \
    X(name_unterminated, EINVAL, v(4, 15), never, "kernel/bpf/syscall.c", \
      "map_name has no NUL in its {0} bytes") \
    X(name_dot, EINVAL, v(4, 15), v(5, 2), "kernel/bpf/syscall.c", \
      "map_name has a dot at {0}, which names have since 5.2 only") \
    X(name_character, EINVAL, v(4, 15), never, "kernel/bpf/syscall.c", \
      "map_name has the byte {x1} at {0}, which is no letter, digit, '_' or '.'") \
    /* BTF. */ \
    X(btf_needs_both_ids, EINVAL, v(4, 18), v(5, 2), "kernel/bpf/syscall.c", \
      "btf_key_type_id is {0} and btf_value_type_id {1}: before 5.2 one needs the other") \
    X(btf_needs_value_id, EINVAL, v(5, 2), v(5, 6), "kernel/bpf/syscall.c", \
      "btf_key_type_id is {0} but btf_value_type_id is 0") \
    X(btf_fd_closed, EBADF, v(4, 18), never, "kernel/bpf/btf.c", \
      "btf_fd {0} is not open") \
    X(btf_fd_other, EINVAL, v(4, 18), never, "kernel/bpf/btf.c", \
      "btf_fd {0} is no BTF object") \
    X(btf_of_kernel, EACCES, v(5, 11), never, "kernel/bpf/syscall.c", \
      "btf_fd {0} is the kernel's own BTF") \
    X(btf_key_unknown, EINVAL, v(4, 18), never, "kernel/bpf/btf.c", \
      "btf_key_type_id {0} is no type with a size in the BTF object") \
    X(btf_key_size, EINVAL, v(4, 18), never, "kernel/bpf/syscall.c", \
      "the key's BTF type has {0} bytes but key_size is {1}") \
    X(btf_key_needed, EINVAL, v(5, 2), never, "kernel/bpf/syscall.c", \
      "a {type} map with BTF needs btf_key_type_id") \
    X(btf_hash_key_needed, EINVAL, v(7, 2), never, "kernel/bpf/hashtab.c", \
      "a {type} map with BTF needs btf_key_type_id") \
    X(btf_value_unknown, EINVAL, v(4, 18), never, "kernel/bpf/btf.c", \
      "btf_value_type_id {0} is no type with a size in the BTF object") \
    X(btf_value_size, EINVAL, v(4, 18), never, "kernel/bpf/syscall.c", \
      "the value's BTF type has {0} bytes but value_size is {1}") \
    X(btf_special_needs_bpf, EPERM, v(5, 19), never, "kernel/bpf/syscall.c", \
      "special fields in the value ({x0}) need CAP_BPF or CAP_SYS_ADMIN") \
    X(btf_special_read_only, EACCES, v(5, 1), never, "kernel/bpf/syscall.c", \
      "special fields in the value ({x0}) do not go with BPF_F_RDONLY_PROG or BPF_F_WRONLY_PROG") \
    X(btf_spin_lock_type, ENOTSUPP, v(5, 1), v(6, 2), "kernel/bpf/syscall.c", \
      "a {type} map holds no bpf_spin_lock") \
    X(btf_special_type, EOPNOTSUPP, v(5, 15), never, "kernel/bpf/syscall.c", \
      "a {type} map holds no values with these special fields ({x0})") \
    X(btf_refused, ENOTSUPP, v(4, 19), never, "kernel/bpf/syscall.c", \
      "a {type} map takes no BTF") \
    X(btf_array_key, EINVAL, v(4, 18), never, "kernel/bpf/arraymap.c", \
      "the key of a {type} map is a 32-bit int in BTF") \
    X(btf_array_keyless, EINVAL, v(5, 2), never, "kernel/bpf/arraymap.c", \
      "only an array of one entry, a DATASEC, has no key in BTF") \
    X(btf_trie_key, EINVAL, v(4, 19), never, "kernel/bpf/lpm_trie.c", \
      "the key of an lpm_trie map is a struct in BTF") \
    X(btf_cgroup_key, EINVAL, v(5, 0), never, "kernel/bpf/local_storage.c", \
      "the key of a {type} map is struct bpf_cgroup_storage_key or a 64-bit int in BTF") \
    X(btf_storage_key, EINVAL, v(5, 2), never, "kernel/bpf/bpf_local_storage.c", \
      "the key of a {type} map is a 32-bit int in BTF") \
    X(btf_keyless, EINVAL, v(5, 16), never, "kernel/bpf/bloom_filter.c", \
      "a {type} map has no key in BTF either, but btf_key_type_id is {0}") \
    X(btf_unusable, EINVAL, v(6, 19), never, "kernel/bpf/bpf_insn_array.c", \
      "no BTF describes the values of a {type} map") \
    /* The program the map is for. */ \
    X(exclusive_size, EINVAL, v(6, 18), never, "kernel/bpf/syscall.c", \
      "excl_prog_hash_size is {0}, not the {1} bytes of a SHA-256") \
    X(exclusive_unreadable, EFAULT, v(6, 18), never, "kernel/bpf/syscall.c", \
      "excl_prog_hash {x0} cannot be read") \
    X(exclusive_missing, EINVAL, v(6, 18), never, "kernel/bpf/syscall.c", \
      "excl_prog_hash_size is {0} but excl_prog_hash is 0") \
    X(access_both_ways_last, EINVAL, v(7, 2), never, "kernel/bpf/syscall.c", \
      "BPF_F_RDONLY and BPF_F_WRONLY together leave no way to use the descriptor")
/* clang-format on */

namespace barebpf
{

enum class rule : uint8_t {
    none, // the map is made
#define BAREBPF_ENUMERATOR(identity, error, since, until, source, text) identity,
    BAREBPF_RULES(BAREBPF_ENUMERATOR)
#undef BAREBPF_ENUMERATOR
};

#define BAREBPF_COUNTED(identity, error, since, until, source, text) +1
inline constexpr size_t rule_count = 1 BAREBPF_RULES(BAREBPF_COUNTED);
#undef BAREBPF_COUNTED

} // namespace barebpf

#endif
