// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_LIB_FACTS_RULE_LIST_H
#define BAREBPF_LIB_FACTS_RULE_LIST_H

#include <stddef.h>
#include <stdint.h>

// Every reason a kernel has to refuse BPF_MAP_CREATE: X(identity, errno, since, until, source, sentence).
//
// A rule holds in mainline releases from `since` up to, but not including, `until`; `since` is `never` for a
// rule that no mainline release has, only stable ones. The stable releases a rule was backported to are
// listed in rule_text.cpp. The source is a file of the kernel. The sentence states the rule to whoever made
// the request. In it {0} and {1} are numbers of the request or of its limit, {x0} the first in hexadecimal,
// {f0} flags by name, {stray} the flags of {0} that are not in {1}, {m0} the member of the attr at byte {0}
// and {s0} the release that added it, {c1} a character, {sp0} special members of a BTF type; {type} is the
// map type's name, {a} the same with its article, and {kernel} the release.
/* clang-format off */
#define BAREBPF_RULES(X) \
    /* Before anything is read. */ \
    X(every_command_needs_root, EPERM, v(3, 18), v(4, 4), "kernel/bpf/syscall.c", \
      "before Linux 4.4 every use of bpf(2) needs CAP_SYS_ADMIN") \
    X(unprivileged_bpf_disabled, EPERM, v(4, 4), v(6, 5), "kernel/bpf/syscall.c", \
      "kernel.unprivileged_bpf_disabled is {0}, so making a map needs CAP_BPF (before Linux 5.8 CAP_SYS_ADMIN)") \
    /* The bytes as such. */ \
    X(size_beyond_page, E2BIG, always, never, "kernel/bpf/syscall.c", \
      "the attr passed to bpf(2) is at most one page long, {1} bytes") \
    X(tail_beyond_union, E2BIG, always, never, "kernel/bpf/syscall.c", \
      "{m0} came {s0}; this kernel is Linux {kernel}") \
    X(unknown_field, EINVAL, always, never, "kernel/bpf/syscall.c", \
      "{m0} came {s0}; this kernel is Linux {kernel}") \
    X(vmlinux_id_elsewhere, EINVAL, v(5, 6), never, "kernel/bpf/syscall.c", \
      "btf_vmlinux_value_type_id is for struct_ops maps alone") \
    X(vmlinux_id_and_btf_ids, EINVAL, v(5, 6), never, "kernel/bpf/syscall.c", \
      "btf_vmlinux_value_type_id excludes btf_key_type_id and btf_value_type_id") \
    X(key_id_without_value_id, EINVAL, v(5, 6), never, "kernel/bpf/syscall.c", \
      "btf_key_type_id needs a btf_value_type_id beside it") \
    X(map_extra_unused, EINVAL, v(5, 16), never, "kernel/bpf/syscall.c", \
      "{a} has no use for map_extra on Linux {kernel}, so it must be 0") \
    X(access_both_ways, EINVAL, v(4, 15), v(7, 2), "kernel/bpf/syscall.c", \
      "rdonly and wronly together leave user space no way to use the map") \
    X(numa_node_offline, EINVAL, v(4, 14), never, "kernel/bpf/syscall.c", \
      "NUMA node {0} is not online; only nodes below {1} are") \
    X(type_unknown, EINVAL, always, never, "kernel/bpf/syscall.c", \
      "no kernel through Linux 7.3 has map type {0}") \
    X(type_unspec, EINVAL, always, never, "include/uapi/linux/bpf.h", \
      "a map needs a type, and 0 is none") \
    X(type_newer, EINVAL, always, never, "include/linux/bpf_types.h", \
      "{type} maps came with Linux {0}.{1}; this kernel is {kernel}") \
    X(type_not_built, EINVAL, always, never, "include/linux/bpf_types.h", \
      "this kernel was built without {type} maps") \
    /* Permission, late. */ \
    X(token_fd_closed, EBADF, v(6, 9), never, "kernel/bpf/token.c", \
      "token_fd {0} is not an open descriptor") \
    X(token_fd_other, EINVAL, v(6, 9), never, "kernel/bpf/token.c", \
      "token_fd {0} is open, but it is not a BPF token") \
    X(unprivileged_bpf_disabled_late, EPERM, v(6, 5), never, "kernel/bpf/syscall.c", \
      "kernel.unprivileged_bpf_disabled is {0}, so making a map needs CAP_BPF") \
    X(needs_sys_admin, EPERM, always, v(5, 8), "kernel/bpf", \
      "{a} needs CAP_SYS_ADMIN (from Linux 5.8 CAP_BPF will do)") \
    X(needs_bpf, EPERM, v(5, 8), v(6, 5), "kernel/bpf", \
      "{a} needs CAP_BPF") \
    X(needs_net_admin, EPERM, always, v(6, 5), "net/core", \
      "{a} needs CAP_NET_ADMIN, which CAP_SYS_ADMIN replaces only from Linux 6.9") \
    X(needs_bpf_late, EPERM, v(6, 5), never, "kernel/bpf/syscall.c", \
      "{a} needs CAP_BPF") \
    X(needs_net_admin_late, EPERM, v(6, 5), never, "kernel/bpf/syscall.c", \
      "{a} needs CAP_NET_ADMIN, which CAP_SYS_ADMIN replaces only from Linux 6.9") \
    X(zero_seed_needs_sys_admin, EPERM, v(5, 0), never, "kernel/bpf/hashtab.c", \
      "flag zero_seed needs CAP_SYS_ADMIN") \
    /* Flags, for every type. */ \
    X(flags_not_allowed, EINVAL, v(4, 6), never, "kernel/bpf", \
      "{a} does not take flag {stray} on Linux {kernel}") \
    X(flags_required, EINVAL, v(4, 11), never, "kernel/bpf", \
      "{a} needs flag {f0}, on every kernel") \
    X(prog_access_both_ways, EINVAL, v(5, 2), never, "include/linux/bpf.h", \
      "rdonly_prog and wronly_prog together leave programs no way to use the map") \
    X(numa_node_of_percpu, EINVAL, v(4, 14), never, "kernel/bpf", \
      "{a} has memory on every CPU and cannot be placed on one NUMA node") \
    /* Arrays. */ \
    X(array_sizes, EINVAL, v(3, 19), never, "kernel/bpf/arraymap.c", \
      "{a} has a key of 4 bytes, a value of at least 1 byte and at least 1 entry") \
    X(fd_array_value_size, EINVAL, v(4, 2), never, "kernel/bpf/arraymap.c", \
      "{a} holds descriptors, so its value is 4 bytes") \
    X(array_value_size_4_9, E2BIG, v(4, 4), v(4, 10), "kernel/bpf/arraymap.c", \
      "the value of {a} is at most {1} bytes before Linux 4.10") \
    X(array_value_size_5_19, E2BIG, v(4, 10), v(6, 0), "kernel/bpf/arraymap.c", \
      "the value of {a} is at most {1} bytes before Linux 6.0, the most kmalloc gives") \
    X(array_value_size, E2BIG, v(6, 0), never, "kernel/bpf/arraymap.c", \
      "the value of {a} is at most {1} bytes") \
    X(array_rounded_up, E2BIG, v(4, 15), never, "kernel/bpf/arraymap.c", \
      "{a} made without CAP_PERFMON (before Linux 5.8 CAP_SYS_ADMIN) has at most 2147483648 entries, for they are rounded up to a power of two") \
    X(percpu_value_size_4_13, E2BIG, v(4, 6), v(4, 14), "kernel/bpf/hashtab.c", \
      "the value of {a} is at most {1} bytes, the most one CPU's copy may take") \
    X(percpu_value_size, E2BIG, v(6, 12), never, "kernel/bpf", \
      "the value of {a} is at most {1} bytes, the most one CPU's copy may take") \
    X(percpu_value_memory, ENOMEM, v(4, 6), v(6, 12), "mm/percpu.c", \
      "the value of {a} is at most {1} bytes, the most that is allocated for one CPU") \
    /* Hash tables. */ \
    X(hash_sizes, EINVAL, v(3, 19), never, "kernel/bpf/hashtab.c", \
      "{a} has a key and a value of at least 1 byte each and at least 1 entry") \
    X(hash_of_maps_value_size, EINVAL, v(4, 12), never, "kernel/bpf/hashtab.c", \
      "a hash_of_maps holds descriptors, so its value is 4 bytes") \
    X(hash_key_size, E2BIG, v(3, 19), v(5, 11), "kernel/bpf/hashtab.c", \
      "the key of {a} is at most {1} bytes before Linux 5.11, the size of a program's stack") \
    X(hash_value_size, E2BIG, v(4, 4), v(5, 11), "kernel/bpf/hashtab.c", \
      "the value of {a} is at most {1} bytes before Linux 5.11, for an element must fit into one kmalloc") \
    X(hash_element_size, E2BIG, v(5, 11), never, "kernel/bpf/hashtab.c", \
      "key and value of {a} are together at most {1} bytes, for an element must fit into one kmalloc") \
    X(hash_entries, E2BIG, v(3, 19), never, "kernel/bpf/hashtab.c", \
      "{a} has at most {1} entries, for its buckets must fit into 32 bits") \
    X(lru_preallocates, ENOTSUPP, v(4, 10), never, "kernel/bpf/hashtab.c", \
      "{a} is always preallocated and does not take flag no_prealloc") \
    /* The other types of kernel/bpf. */ \
    X(stack_trace_sizes, EINVAL, v(4, 6), never, "kernel/bpf/stackmap.c", \
      "a stack_trace has a key of 4 bytes, a value of whole 8-byte frames and at least 1 entry") \
    X(stack_trace_depth, EINVAL, v(4, 6), never, "kernel/bpf/stackmap.c", \
      "the value of a stack_trace is a whole number of frames (8 bytes, with stack_build_id 32), at most {1} bytes by sysctl kernel.perf_event_max_stack") \
    X(stack_trace_entries, E2BIG, v(4, 6), never, "kernel/bpf/stackmap.c", \
      "a stack_trace has at most 2147483648 entries, for they are rounded up to a power of two") \
    X(trie_sizes, EINVAL, v(4, 11), never, "kernel/bpf/lpm_trie.c", \
      "an lpm_trie has a key of 5 to 260 bytes, a value of at least 1 byte that fits into one kmalloc (about 4 MiB) and at least 1 entry") \
    X(cpumap_sizes, EINVAL, v(4, 15), never, "kernel/bpf/cpumap.c", \
      "a cpumap has a key of 4 bytes, a value of 4 bytes (from Linux 5.9 also 8) and at least 1 entry") \
    X(cpumap_entries, E2BIG, v(4, 15), never, "kernel/bpf/cpumap.c", \
      "a cpumap has at most {1} entries, the CPUs this kernel was built for") \
    X(devmap_sizes, EINVAL, v(4, 14), never, "kernel/bpf/devmap.c", \
      "{a} has a key of 4 bytes, a value of 4 bytes (from Linux 5.8 also 8) and at least 1 entry") \
    X(devmap_hash_entries, EINVAL, v(5, 4), never, "kernel/bpf/devmap.c", \
      "a devmap_hash has at most 2147483648 entries, for they are rounded up to a power of two") \
    X(xskmap_sizes, EINVAL, v(4, 18), never, "net/xdp/xskmap.c", \
      "an xskmap has a key and a value of 4 bytes each and at least 1 entry") \
    X(sockmap_sizes, EINVAL, v(4, 14), never, "net/core/sock_map.c", \
      "a sockmap has a key of 4 bytes, a value of 4 bytes (from Linux 5.7 also 8) and at least 1 entry") \
    X(sockmap_entries, EINVAL, v(7, 2), never, "net/core/sock_map.c", \
      "a sockmap has at most {1} entries") \
    X(sockhash_sizes, EINVAL, v(4, 18), never, "net/core/sock_map.c", \
      "a sockhash has a key of at least 1 byte, a value of 4 bytes (from Linux 5.7 also 8) and at least 1 entry") \
    X(sockhash_key_size, E2BIG, v(4, 18), never, "net/core/sock_map.c", \
      "the key of a sockhash is at most {1} bytes, the size of a program's stack") \
    X(sockhash_entries, EINVAL, v(4, 18), never, "net/core/sock_map.c", \
      "a sockhash has at most {1} entries, for its buckets must fit into 32 bits") \
    X(cgroup_storage_sizes, EINVAL, v(4, 19), never, "kernel/bpf/local_storage.c", \
      "{a} has a key of 16 bytes (12 on i386; from Linux 5.9 also 8), a value of at least 1 byte and 0 entries") \
    X(cgroup_storage_value_page, E2BIG, v(4, 19), v(5, 15), "kernel/bpf/local_storage.c", \
      "the value of {a} is at most one page before Linux 5.15, {1} bytes") \
    X(cgroup_storage_value_size, E2BIG, v(5, 15), never, "kernel/bpf/local_storage.c", \
      "the value of {a} is at most {1} bytes") \
    X(reuseport_value_size, EINVAL, v(4, 19), never, "kernel/bpf/reuseport_array.c", \
      "a reuseport_sockarray has a value of 4 or 8 bytes") \
    X(queue_sizes, EINVAL, v(4, 20), never, "kernel/bpf/queue_stack_maps.c", \
      "{a} has no key, a value of at least 1 byte and at least 1 entry") \
    X(queue_value_size, E2BIG, v(4, 20), never, "kernel/bpf/queue_stack_maps.c", \
      "the value of {a} is at most {1} bytes, the most kmalloc gives") \
    X(queue_bytes, E2BIG, never, never, "kernel/bpf/queue_stack_maps.c", \
      "the entries of {a}, and one more, take {0} bytes, and 32 bits must count them") \
    X(storage_sizes, EINVAL, v(5, 2), never, "kernel/bpf/bpf_local_storage.c", \
      "{a} has a key of 4 bytes, a value of at least 1 byte and 0 entries") \
    X(storage_needs_btf, EINVAL, v(5, 2), never, "kernel/bpf/bpf_local_storage.c", \
      "{a} needs BTF types for key and value: btf_fd, btf_key_type_id and btf_value_type_id") \
    X(storage_value_size, E2BIG, v(5, 2), never, "kernel/bpf/bpf_local_storage.c", \
      "the value of {a} is at most {1} bytes") \
    X(storage_needs_lsm, EOPNOTSUPP, v(7, 2), never, "kernel/bpf/bpf_inode_storage.c", \
      "an inode_storage needs the bpf LSM, and it is not active") \
    X(struct_ops_sizes, EINVAL, v(5, 6), never, "kernel/bpf/bpf_struct_ops.c", \
      "a struct_ops map has a key of 4 bytes and 1 entry") \
    X(struct_ops_needs_id, EINVAL, v(5, 6), never, "kernel/bpf/bpf_struct_ops.c", \
      "a struct_ops map needs btf_vmlinux_value_type_id") \
    X(struct_ops_btf_closed, EBADF, v(6, 9), never, "kernel/bpf/bpf_struct_ops.c", \
      "value_type_btf_obj_fd {0} is not an open descriptor") \
    X(struct_ops_btf_other, EINVAL, v(6, 9), never, "kernel/bpf/bpf_struct_ops.c", \
      "value_type_btf_obj_fd {0} is open, but it is not the BTF of a kernel module") \
    X(struct_ops_unknown, ENOTSUPP, v(5, 6), never, "kernel/bpf/bpf_struct_ops.c", \
      "btf_vmlinux_value_type_id {0} is not a struct_ops type of this kernel") \
    X(struct_ops_value_size, EINVAL, v(5, 6), never, "kernel/bpf/bpf_struct_ops.c", \
      "the value of a struct_ops map has the size of the kernel's type, its struct bpf_struct_ops_NAME") \
    X(ringbuf_sizes, EINVAL, v(5, 8), never, "kernel/bpf/ringbuf.c", \
      "{a} has no key and no value: both sizes are 0") \
    X(ringbuf_entries, EINVAL, v(5, 8), never, "kernel/bpf/ringbuf.c", \
      "the entries of {a} are its size in bytes: a power of two and a multiple of the page size ({1} bytes)") \
    X(bloom_value_size, E2BIG, v(6, 9), never, "kernel/bpf/bloom_filter.c", \
      "the value of a bloom_filter is at most {1} bytes, the most kmalloc gives") \
    X(bloom_sizes, EINVAL, v(5, 16), never, "kernel/bpf/bloom_filter.c", \
      "a bloom_filter has no key, a value of at least 1 byte and at least 1 entry") \
    X(bloom_functions, EINVAL, v(5, 16), never, "kernel/bpf/bloom_filter.c", \
      "map_extra of a bloom_filter is its number of hash functions, at most {1}") \
    X(arena_not_in_jit, EOPNOTSUPP, v(6, 13), never, "kernel/bpf/arena.c", \
      "this machine's JIT has no arenas") \
    X(arena_sizes, EINVAL, v(6, 9), never, "kernel/bpf/arena.c", \
      "an arena has no key, no value and at least 1 entry, a page each") \
    X(arena_address, EINVAL, v(6, 9), never, "kernel/bpf/arena.c", \
      "map_extra of an arena is the address where user space maps it, a multiple of the page size ({1} bytes)") \
    X(arena_entries, E2BIG, v(6, 9), never, "kernel/bpf/arena.c", \
      "an arena has at most {1} entries, pages that make 4 GiB") \
    X(arena_crosses, ERANGE, v(6, 9), never, "kernel/bpf/arena.c", \
      "an arena of {1} bytes at map_extra {x0} crosses a 4 GiB boundary") \
    X(insn_array_sizes, EINVAL, v(6, 19), never, "kernel/bpf/bpf_insn_array.c", \
      "an insn_array has a key of 4 bytes, a value of 16 bytes and at least 1 entry") \
    X(rhash_hint_high, EINVAL, v(7, 2), never, "kernel/bpf/hashtab.c", \
      "map_extra of an rhash is a size hint of 32 bits; the bits above are 0") \
    X(rhash_sizes, EINVAL, v(7, 2), never, "kernel/bpf/hashtab.c", \
      "an rhash has a key and a value of at least 1 byte each and at least 1 entry") \
    X(rhash_hint_above_entries, EINVAL, v(7, 2), never, "kernel/bpf/hashtab.c", \
      "map_extra of an rhash is a size hint, at most the entries ({1})") \
    X(rhash_hint, E2BIG, v(7, 2), never, "kernel/bpf/hashtab.c", \
      "map_extra of an rhash is a size hint of at most {1}") \
    X(rhash_key_size, E2BIG, v(7, 2), never, "kernel/bpf/hashtab.c", \
      "the key of an rhash is at most {1} bytes") \
    X(rhash_entries, E2BIG, v(7, 2), never, "kernel/bpf/hashtab.c", \
      "an rhash has at most {1} entries") \
    /* The inner map of a map of maps. */ \
    X(inner_fd_closed, EBADF, v(4, 12), never, "kernel/bpf/map_in_map.c", \
      "inner_map_fd {0} is not an open descriptor; {a} needs a map there, the template of its inner maps") \
    X(inner_fd_other, EINVAL, v(4, 12), never, "kernel/bpf/map_in_map.c", \
      "inner_map_fd {0} is open, but it is not a map") \
    X(inner_is_nested, EINVAL, v(4, 12), never, "kernel/bpf/map_in_map.c", \
      "inner_map_fd {0} is itself a map of maps, and these do not nest") \
    X(inner_type, ENOTSUPP, v(4, 12), never, "kernel/bpf/map_in_map.c", \
      "inner_map_fd {0} is a map of a type that cannot be inside another") \
    X(inner_spin_lock, ENOTSUPP, v(5, 1), v(6, 2), "kernel/bpf/map_in_map.c", \
      "inner_map_fd {0} has a bpf_spin_lock in its values, which no inner map has before Linux 6.2") \
    X(inner_exclusive, ENOTSUPP, v(7, 2), never, "kernel/bpf/map_in_map.c", \
      "inner_map_fd {0} belongs to one program alone (excl_prog_hash) and cannot be inside another map") \
    /* Devices. */ \
    X(offload_not_built, EOPNOTSUPP, v(4, 16), never, "include/linux/bpf.h", \
      "this kernel was built without networking, so map_ifindex must be 0") \
    X(offload_needs_sys_admin, EPERM, v(4, 16), never, "kernel/bpf/offload.c", \
      "a map on a network device (map_ifindex {0}) needs CAP_SYS_ADMIN") \
    X(offload_type, EINVAL, v(4, 16), never, "kernel/bpf/offload.c", \
      "only array and hash maps live on network devices; {a} needs map_ifindex 0") \
    X(offload_no_device, EINVAL, v(4, 16), never, "kernel/bpf/offload.c", \
      "there is no network device with index {0} (map_ifindex)") \
    X(offload_unsupported, EOPNOTSUPP, v(4, 16), never, "kernel/bpf/offload.c", \
      "network device {0} (map_ifindex) holds no maps") \
    /* Memory. */ \
    X(array_cost, ENOMEM, v(3, 19), v(5, 3), "kernel/bpf/arraymap.c", \
      "the map would take {0} bytes, and before Linux 5.3 32 bits must count them") \
    X(hash_cost_3_19, ENOMEM, v(3, 19), v(4, 0), "kernel/bpf/hashtab.c", \
      "the map would take {0} bytes, and before Linux 4.0 32 bits must count them") \
    X(net_cost, EINVAL, v(4, 14), v(5, 3), "kernel/bpf/devmap.c", \
      "the map would take {0} bytes, and before Linux 5.3 32 bits must count them") \
    X(devmap_cost, EINVAL, v(5, 3), v(5, 10), "kernel/bpf/devmap.c", \
      "the map would take {0} bytes, and before Linux 5.10 32 bits must count them") \
    X(sockhash_cost, EINVAL, v(4, 18), v(5, 11), "net/core/sock_map.c", \
      "the map would take {0} bytes, and before Linux 5.11 32 bits must count them") \
    X(cost, E2BIG, v(4, 0), v(5, 11), "kernel/bpf/syscall.c", \
      "the map would take {0} bytes, and before Linux 5.11 32 bits must count them") \
    X(memlock_devmap, EINVAL, v(5, 4), v(5, 10), "kernel/bpf/devmap.c", \
      "the map takes {0} bytes, and RLIMIT_MEMLOCK, which counts maps before Linux 5.11, is {1} bytes") \
    X(memlock, EPERM, v(4, 4), v(5, 11), "kernel/bpf/syscall.c", \
      "the map takes {0} bytes, and RLIMIT_MEMLOCK, which counts maps before Linux 5.11, is {1} bytes") \
    X(memory, ENOMEM, always, never, "kernel/bpf/syscall.c", \
      "the map takes {0} bytes, more memory than the kernel could give") \
    /* The name. */ \
    X(name_unterminated, EINVAL, v(4, 15), never, "kernel/bpf/syscall.c", \
      "a name has at most 15 bytes and a NUL") \
    X(name_dot, EINVAL, v(4, 15), v(5, 2), "kernel/bpf/syscall.c", \
      "a name has no dot before Linux 5.2") \
    X(name_character, EINVAL, v(4, 15), never, "kernel/bpf/syscall.c", \
      "a name has letters, digits, '_' and (from Linux 5.2) '.' only; {c1} at offset {0} is none of them") \
    /* BTF. */ \
    X(btf_needs_both_ids, EINVAL, v(4, 18), v(5, 2), "kernel/bpf/syscall.c", \
      "btf_key_type_id and btf_value_type_id are given together before Linux 5.2") \
    X(btf_needs_value_id, EINVAL, v(5, 2), v(5, 6), "kernel/bpf/syscall.c", \
      "btf_key_type_id needs a btf_value_type_id beside it") \
    X(btf_fd_closed, EBADF, v(4, 18), never, "kernel/bpf/btf.c", \
      "btf_fd {0} is not an open descriptor") \
    X(btf_fd_other, EINVAL, v(4, 18), never, "kernel/bpf/btf.c", \
      "btf_fd {0} is open, but it is not a BTF object") \
    X(btf_of_kernel, EACCES, v(5, 11), never, "kernel/bpf/syscall.c", \
      "btf_fd {0} is the kernel's own BTF; types of key and value come from BTF the program loaded") \
    X(btf_key_unknown, EINVAL, v(4, 18), never, "kernel/bpf/btf.c", \
      "btf_key_type_id {0} is not a type with a size in the BTF object") \
    X(btf_key_size, EINVAL, v(4, 18), never, "kernel/bpf/syscall.c", \
      "the BTF type of the key has {0} bytes, and the key of the map {1}") \
    X(btf_key_needed, EINVAL, v(5, 2), never, "kernel/bpf/syscall.c", \
      "{a} with BTF needs btf_key_type_id") \
    X(btf_hash_key_needed, EINVAL, v(7, 2), never, "kernel/bpf/hashtab.c", \
      "{a} with BTF needs btf_key_type_id") \
    X(btf_value_unknown, EINVAL, v(4, 18), never, "kernel/bpf/btf.c", \
      "btf_value_type_id {0} is not a type with a size in the BTF object") \
    X(btf_value_size, EINVAL, v(4, 18), never, "kernel/bpf/syscall.c", \
      "the BTF type of the value has {0} bytes, and the value of the map {1}") \
    X(btf_special_needs_bpf, EPERM, v(5, 19), never, "kernel/bpf/syscall.c", \
      "a value with {sp0} in it needs CAP_BPF") \
    X(btf_special_read_only, EACCES, v(5, 1), never, "kernel/bpf/syscall.c", \
      "a value with {sp0} in it must be writable by programs: no flag rdonly_prog or wronly_prog, and not {a} that is read-only by itself") \
    X(btf_spin_lock_type, ENOTSUPP, v(5, 1), v(6, 2), "kernel/bpf/syscall.c", \
      "{a} cannot hold a bpf_spin_lock") \
    X(btf_special_type, EOPNOTSUPP, v(5, 15), never, "kernel/bpf/syscall.c", \
      "{a} cannot hold values with {sp0} on Linux {kernel}") \
    X(btf_refused, ENOTSUPP, v(4, 19), never, "kernel/bpf/syscall.c", \
      "{a} takes no BTF types of key and value") \
    X(btf_array_key, EINVAL, v(4, 18), never, "kernel/bpf/arraymap.c", \
      "the BTF type of the key of {a} is an int of 32 bits") \
    X(btf_array_keyless, EINVAL, v(5, 2), never, "kernel/bpf/arraymap.c", \
      "only an array of 1 entry, the variables of a program, has no BTF type for its key") \
    X(btf_trie_key, EINVAL, v(4, 19), never, "kernel/bpf/lpm_trie.c", \
      "the BTF type of the key of an lpm_trie is a struct") \
    X(btf_cgroup_key, EINVAL, v(5, 0), never, "kernel/bpf/local_storage.c", \
      "the BTF type of the key of {a} is struct bpf_cgroup_storage_key or an int of 64 bits") \
    X(btf_storage_key, EINVAL, v(5, 2), never, "kernel/bpf/bpf_local_storage.c", \
      "the BTF type of the key of {a} is an int of 32 bits") \
    X(btf_keyless, EINVAL, v(5, 16), never, "kernel/bpf/bloom_filter.c", \
      "{a} has no key, so btf_key_type_id must be 0") \
    X(btf_unusable, EINVAL, v(6, 19), never, "kernel/bpf/bpf_insn_array.c", \
      "no BTF types describe key and value of {a}") \
    /* The program the map is for. */ \
    X(exclusive_size, EINVAL, v(6, 18), never, "kernel/bpf/syscall.c", \
      "excl_prog_hash is a SHA-256, so excl_prog_hash_size is {1} bytes") \
    X(exclusive_unreadable, EFAULT, v(6, 18), never, "kernel/bpf/syscall.c", \
      "excl_prog_hash {x0} is not an address that can be read") \
    X(exclusive_missing, EINVAL, v(6, 18), never, "kernel/bpf/syscall.c", \
      "excl_prog_hash_size needs an excl_prog_hash beside it") \
    X(access_both_ways_last, EINVAL, v(7, 2), never, "kernel/bpf/syscall.c", \
      "rdonly and wronly together leave user space no way to use the map")
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
