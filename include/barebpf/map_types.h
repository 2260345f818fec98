/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BAREBPF_MAP_TYPES_H
#define BAREBPF_MAP_TYPES_H

/*
 * BAREBPF_MAP_TYPES(X), BAREBPF_MAP_FLAGS(X) and BAREBPF_MAP_FIELDS(X) list every map type, every map_flags
 * bit and every member of the struct that makes a map, through Linux 7.3, whatever the installed kernel
 * headers have. Everything that names one is generated from these lists: the C constants below, the C++
 * enumerations of <barebpf/barebpf.hpp>, the library's struct and tables, and the command line.
 *
 * X(UPPER, lower, value): UPPER as in the kernel's BPF_MAP_TYPE_UPPER, lower as bpftool spells it.
 * Source: enum bpf_map_type of include/uapi/linux/bpf.h, Linux 7.3.
 */
/* clang-format off */
#define BAREBPF_MAP_TYPES(X) \
    X(UNSPEC, unspec, 0) \
    X(HASH, hash, 1) \
    X(ARRAY, array, 2) \
    X(PROG_ARRAY, prog_array, 3) \
    X(PERF_EVENT_ARRAY, perf_event_array, 4) \
    X(PERCPU_HASH, percpu_hash, 5) \
    X(PERCPU_ARRAY, percpu_array, 6) \
    X(STACK_TRACE, stack_trace, 7) \
    X(CGROUP_ARRAY, cgroup_array, 8) \
    X(LRU_HASH, lru_hash, 9) \
    X(LRU_PERCPU_HASH, lru_percpu_hash, 10) \
    X(LPM_TRIE, lpm_trie, 11) \
    X(ARRAY_OF_MAPS, array_of_maps, 12) \
    X(HASH_OF_MAPS, hash_of_maps, 13) \
    X(DEVMAP, devmap, 14) \
    X(SOCKMAP, sockmap, 15) \
    X(CPUMAP, cpumap, 16) \
    X(XSKMAP, xskmap, 17) \
    X(SOCKHASH, sockhash, 18) \
    X(CGROUP_STORAGE, cgroup_storage, 19) \
    X(REUSEPORT_SOCKARRAY, reuseport_sockarray, 20) \
    X(PERCPU_CGROUP_STORAGE, percpu_cgroup_storage, 21) \
    X(QUEUE, queue, 22) \
    X(STACK, stack, 23) \
    X(SK_STORAGE, sk_storage, 24) \
    X(DEVMAP_HASH, devmap_hash, 25) \
    X(STRUCT_OPS, struct_ops, 26) \
    X(RINGBUF, ringbuf, 27) \
    X(INODE_STORAGE, inode_storage, 28) \
    X(TASK_STORAGE, task_storage, 29) \
    X(BLOOM_FILTER, bloom_filter, 30) \
    X(USER_RINGBUF, user_ringbuf, 31) \
    X(CGRP_STORAGE, cgrp_storage, 32) \
    X(ARENA, arena, 33) \
    X(INSN_ARRAY, insn_array, 34) \
    X(RHASH, rhash, 35)

/* X(UPPER, lower, bit): UPPER as in the kernel's BPF_F_UPPER. Bit 14 (PATH_FD) is no flag of BPF_MAP_CREATE. */
#define BAREBPF_MAP_FLAGS(X) \
    X(NO_PREALLOC, no_prealloc, 0) \
    X(NO_COMMON_LRU, no_common_lru, 1) \
    X(NUMA_NODE, numa_node, 2) \
    X(RDONLY, rdonly, 3) \
    X(WRONLY, wronly, 4) \
    X(STACK_BUILD_ID, stack_build_id, 5) \
    X(ZERO_SEED, zero_seed, 6) \
    X(RDONLY_PROG, rdonly_prog, 7) \
    X(WRONLY_PROG, wronly_prog, 8) \
    X(CLONE, clone, 9) \
    X(MMAPABLE, mmapable, 10) \
    X(PRESERVE_ELEMS, preserve_elems, 11) \
    X(INNER_MAP, inner_map, 12) \
    X(LINK, link, 13) \
    X(VTYPE_BTF_OBJ_FD, vtype_btf_obj_fd, 15) \
    X(TOKEN_FD, token_fd, 16) \
    X(SEGV_ON_FAULT, segv_on_fault, 17) \
    X(NO_USER_CONV, no_user_conv, 18) \
    X(RB_OVERWRITE, rb_overwrite, 19)

/*
 * X(type, name, extent, given, offset, major, minor): a member of the struct that BPF_MAP_CREATE is passed, in the
 * kernel's order: its C type, name, the extent if it is an array, and offset in bytes; `given` is its name in struct
 * barebpf_map_spec and, where that has it, in libbpf's struct bpf_map_create_opts; Linux major.minor is the first
 * release that reads it. Members follow one another without a gap.
 */
#define BAREBPF_MAP_FIELDS(X) \
    X(uint32_t, map_type, , map_type, 0, 3, 18) \
    X(uint32_t, key_size, , key_size, 4, 3, 18) \
    X(uint32_t, value_size, , value_size, 8, 3, 18) \
    X(uint32_t, max_entries, , max_entries, 12, 3, 18) \
    X(uint32_t, map_flags, , map_flags, 16, 4, 6) \
    X(uint32_t, inner_map_fd, , inner_map_fd, 20, 4, 12) \
    X(uint32_t, numa_node, , numa_node, 24, 4, 14) \
    X(char, map_name, [16], name, 28, 4, 15) \
    X(uint32_t, map_ifindex, , map_ifindex, 44, 4, 16) \
    X(uint32_t, btf_fd, , btf_fd, 48, 4, 18) \
    X(uint32_t, btf_key_type_id, , btf_key_type_id, 52, 4, 18) \
    X(uint32_t, btf_value_type_id, , btf_value_type_id, 56, 4, 18) \
    X(uint32_t, btf_vmlinux_value_type_id, , btf_vmlinux_value_type_id, 60, 5, 6) \
    X(uint64_t, map_extra, , map_extra, 64, 5, 16) \
    X(int32_t, value_type_btf_obj_fd, , value_type_btf_obj_fd, 72, 6, 9) \
    X(int32_t, map_token_fd, , token_fd, 76, 6, 9) \
    X(uint64_t, excl_prog_hash, , excl_prog_hash, 80, 6, 18) \
    X(uint32_t, excl_prog_hash_size, , excl_prog_hash_size, 88, 6, 18)
/* clang-format on */

/*
 * BAREBPF_MAP_TYPE_*: the kernel's BPF_MAP_TYPE_* under names that clash with no kernel header.
 * BAREBPF_F_*: the kernel's BPF_F_* bits of map_flags, likewise.
 * BAREBPF_COMMON_ATTRS: the kernel's BPF_COMMON_ATTRS, added to a bpf(2) command that carries a log. Linux
 * 7.2.
 */
#define BAREBPF_MAP_TYPE_CONSTANT(upper, lower, value) BAREBPF_CONSTANT(BAREBPF_MAP_TYPE_##upper, value)
#define BAREBPF_MAP_FLAG_CONSTANT(upper, lower, bit) BAREBPF_CONSTANT(BAREBPF_F_##upper, 1 << (bit))
#ifdef __cplusplus
/* Not enumerators: C++20 deprecates | between two enumerations (BPF_F_RDONLY | BAREBPF_F_RDONLY_PROG). */
#include <stdint.h>
#define BAREBPF_CONSTANT(name, value) constexpr uint32_t name = value;
BAREBPF_MAP_TYPES(BAREBPF_MAP_TYPE_CONSTANT)
BAREBPF_MAP_FLAGS(BAREBPF_MAP_FLAG_CONSTANT)
BAREBPF_CONSTANT(BAREBPF_COMMON_ATTRS, 1 << 16)
#else
#define BAREBPF_CONSTANT(name, value) name = value,
enum {
    BAREBPF_MAP_TYPES(BAREBPF_MAP_TYPE_CONSTANT)
    BAREBPF_MAP_FLAGS(BAREBPF_MAP_FLAG_CONSTANT) BAREBPF_CONSTANT(BAREBPF_COMMON_ATTRS, 1 << 16)
};
#endif
#undef BAREBPF_CONSTANT
#undef BAREBPF_MAP_TYPE_CONSTANT
#undef BAREBPF_MAP_FLAG_CONSTANT

#endif
