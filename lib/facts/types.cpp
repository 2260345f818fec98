// SPDX-License-Identifier: BSD-2-Clause
#include "types.h"

#include "barebpf/barebpf.h"
#include "lib/core/errno.h"
#include "lib/core/names.h"

namespace barebpf
{
namespace
{

#define BAREBPF_NAMED(upper, lower, number) {number, #lower},
constexpr named_number map_types[] = {BAREBPF_MAP_TYPES(BAREBPF_NAMED)};
constexpr named_number map_flags[] = {BAREBPF_MAP_FLAGS(BAREBPF_NAMED)};
#undef BAREBPF_NAMED

using namespace map_type;

// By number.
constexpr map_type_facts facts[] = {
    {unspec, never, capability::none, btf_use::unusable, extra_use::none},
    {hash, v(3, 19), capability::none, btf_use::accepted, extra_use::none},
    {array, v(3, 19), capability::none, btf_use::array_key, extra_use::none},
    {prog_array, v(4, 2), capability::none, btf_use::accepted, extra_use::none},
    {perf_event_array, v(4, 3), capability::none, btf_use::refused, extra_use::none},
    {percpu_hash, v(4, 6), capability::none, btf_use::accepted, extra_use::none},
    {percpu_array, v(4, 6), capability::none, btf_use::array_key, extra_use::none},
    {stack_trace, v(4, 6), capability::bpf, btf_use::refused, extra_use::none},
    {cgroup_array, v(4, 8), capability::none, btf_use::refused, extra_use::none},
    {lru_hash, v(4, 10), capability::bpf, btf_use::accepted, extra_use::none},
    {lru_percpu_hash, v(4, 10), capability::bpf, btf_use::accepted, extra_use::none},
    {lpm_trie, v(4, 11), capability::bpf, btf_use::trie_key, extra_use::none},
    {array_of_maps, v(4, 12), capability::none, btf_use::refused, extra_use::none},
    {hash_of_maps, v(4, 12), capability::none, btf_use::refused, extra_use::none},
    {devmap, v(4, 14), capability::net_admin, btf_use::refused, extra_use::none},
    {sockmap, v(4, 14), capability::net_admin, btf_use::refused, extra_use::none},
    {cpumap, v(4, 15), capability::bpf, btf_use::refused, extra_use::none},
    {xskmap, v(4, 18), capability::net_admin, btf_use::refused, extra_use::none},
    {sockhash, v(4, 18), capability::net_admin, btf_use::refused, extra_use::none},
    {cgroup_storage, v(4, 19), capability::none, btf_use::cgroup_key, extra_use::none},
    {reuseport_sockarray, v(4, 19), capability::bpf, btf_use::accepted, extra_use::none},
    {percpu_cgroup_storage, v(4, 20), capability::none, btf_use::cgroup_key, extra_use::none},
    {queue, v(4, 20), capability::bpf, btf_use::accepted, extra_use::none},
    {stack, v(4, 20), capability::bpf, btf_use::accepted, extra_use::none},
    {sk_storage, v(5, 2), capability::bpf, btf_use::local_storage, extra_use::none},
    {devmap_hash, v(5, 4), capability::net_admin, btf_use::refused, extra_use::none},
    {struct_ops, v(5, 6), capability::bpf, btf_use::unusable, extra_use::none},
    {ringbuf, v(5, 8), capability::none, btf_use::accepted, extra_use::none},
    {inode_storage, v(5, 10), capability::bpf, btf_use::local_storage, extra_use::none},
    {task_storage, v(5, 11), capability::bpf, btf_use::local_storage, extra_use::none},
    {bloom_filter, v(5, 16), capability::bpf, btf_use::keyless, extra_use::hash_functions},
    {user_ringbuf, v(6, 1), capability::none, btf_use::accepted, extra_use::none},
    {cgrp_storage, v(6, 2), capability::bpf, btf_use::local_storage, extra_use::none},
    {arena, v(6, 9), capability::bpf, btf_use::key_ignored, extra_use::address},
    {insn_array, v(6, 19), capability::bpf, btf_use::unusable, extra_use::none},
    {rhash, v(7, 2), capability::none, btf_use::accepted, extra_use::size_hint},
};

constexpr bool every_type_has_its_facts()
{
    type_set listed = 0;
    for (const map_type_facts &row : facts) {
        if (&row - facts != row.type)
            return false;
        listed |= types_of(row.type);
    }
    return listed == every_type;
}
static_assert(every_type_has_its_facts(),
              "`facts` needs a row for each type of BAREBPF_MAP_TYPES, by number: "
              "docs/kernels.md, A new map type");

// A flag, the first kernel that knows it, and the types that accept it (none before its own first kernel).
struct flag_facts {
    type_set types;
    release since;
    uint32_t flag;
};

constexpr flag_facts flag_table[] = {
    {types_of(hash, percpu_hash, hash_of_maps, lpm_trie, rhash) | storages, v(4, 6), BAREBPF_F_NO_PREALLOC},
    {lrus, v(4, 10), BAREBPF_F_NO_COMMON_LRU},
    {types_of(hash, array, prog_array, perf_event_array, stack_trace, cgroup_array, lru_hash, lpm_trie,
              array_of_maps, hash_of_maps, devmap, sockmap, cpumap, xskmap, sockhash, cgroup_storage,
              reuseport_sockarray, percpu_cgroup_storage, queue, stack, devmap_hash, ringbuf, bloom_filter,
              user_ringbuf, rhash),
     v(4, 14), BAREBPF_F_NUMA_NODE},
    {hashes | types_of(array, prog_array, perf_event_array, percpu_array, stack_trace, cgroup_array, lpm_trie,
                       array_of_maps, devmap, sockmap, xskmap, sockhash, cgroup_storage, reuseport_sockarray,
                       percpu_cgroup_storage, queue, stack, devmap_hash, bloom_filter, rhash),
     v(4, 15), BAREBPF_F_RDONLY | BAREBPF_F_WRONLY},
    {types_of(stack_trace), v(4, 17), BAREBPF_F_STACK_BUILD_ID},
    {hashes | types_of(bloom_filter), v(5, 0), BAREBPF_F_ZERO_SEED},
    {hashes | types_of(array, percpu_array, lpm_trie, cgroup_storage, reuseport_sockarray,
                       percpu_cgroup_storage, queue, stack, bloom_filter, rhash),
     v(5, 2), BAREBPF_F_RDONLY_PROG | BAREBPF_F_WRONLY_PROG},
    {storages, v(5, 4), BAREBPF_F_CLONE},
    {types_of(array, arena), v(5, 5), BAREBPF_F_MMAPABLE},
    {types_of(perf_event_array), v(5, 10), BAREBPF_F_PRESERVE_ELEMS},
    {types_of(array), v(5, 10), BAREBPF_F_INNER_MAP},
    {types_of(struct_ops), v(6, 4), BAREBPF_F_LINK},
    {types_of(struct_ops), v(6, 9), BAREBPF_F_VTYPE_BTF_OBJ_FD},
    {0, v(6, 9), BAREBPF_F_TOKEN_FD},
    {types_of(arena), v(6, 9), BAREBPF_F_SEGV_ON_FAULT | BAREBPF_F_NO_USER_CONV},
    {types_of(ringbuf), v(6, 19), BAREBPF_F_RB_OVERWRITE},
};

// Types without flags of their own.
constexpr type_set flagless = types_of(unspec, insn_array);

constexpr bool every_type_has_its_flags()
{
    type_set listed = flagless;
    for (const flag_facts &row : flag_table)
        listed |= row.types;
    return listed == every_type;
}
static_assert(every_type_has_its_flags(),
              "each type of BAREBPF_MAP_TYPES must be in a row of `flag_table`, or in "
              "`flagless`: docs/kernels.md, A new map type");

#define BAREBPF_LISTED(upper, lower, bit) | BAREBPF_F_##upper
constexpr uint32_t every_flag = 0 BAREBPF_MAP_FLAGS(BAREBPF_LISTED);
#undef BAREBPF_LISTED

constexpr bool every_flag_has_one_row()
{
    uint32_t listed = 0;
    for (const flag_facts &row : flag_table) {
        if (listed & row.flag)
            return false;
        listed |= row.flag;
    }
    return listed == every_flag;
}
static_assert(every_flag_has_one_row(), "each flag of BAREBPF_MAP_FLAGS must be in one row of `flag_table`: "
                                        "docs/kernels.md, A new flag");

// The kernel configuration that types need; a later row of a type replaces an earlier one. Which releases
// between 5.12 and 5.15 stopped needing BPF_STREAM_PARSER (sockets) and BPF_LSM (tasks) is not known exactly.
struct config_facts {
    type_set types;
    release since;
    uint32_t needs;
};

constexpr config_facts configs[] = {
    {(arrays | hashes | queues | ringbufs | types_of(unspec, lpm_trie, bloom_filter, insn_array, rhash)) &
         ~types_of(cgroup_array),
     always, 0},
    {types_of(stack_trace), always, config_perf_events},
    {types_of(cgroup_array, cgrp_storage), always, config_cgroups},
    {devmaps | types_of(cpumap, sk_storage), always, config_net},
    {types_of(sockmap), always, config_net | config_stream_parser},
    {sockmaps, v(4, 16), config_net | config_stream_parser | config_inet},
    {sockmaps, v(4, 20), config_net | config_stream_parser},
    {sockmaps, v(5, 13), config_net | config_inet},
    {types_of(xskmap), always, config_net | config_xdp_sockets},
    {cgroup_storages, always, config_cgroup_bpf},
    {types_of(reuseport_sockarray), always, config_net | config_inet},
    {types_of(struct_ops), always, config_bpf_jit},
    {types_of(inode_storage, task_storage), always, config_net | config_bpf_lsm},
    {types_of(task_storage), v(5, 13), config_net},
    {types_of(task_storage), v(5, 15), 0},
    {types_of(inode_storage), v(5, 15), config_bpf_lsm},
    {types_of(arena), always, config_64bit},
};

constexpr bool every_type_has_its_config()
{
    type_set listed = 0;
    for (const config_facts &row : configs)
        listed |= row.types;
    return listed == every_type;
}
static_assert(every_type_has_its_config(),
              "each type of BAREBPF_MAP_TYPES must be in a row of `configs`, with 0 "
              "where it needs nothing: docs/kernels.md, A new map type");

struct union_facts {
    release since;
    uint32_t size;
};

// What made the union grow: 4.1 kern_version, 4.15 the name and interface of programs, 5.0 function and line
// information, 5.5 attach_prog_fd, 5.14 fd_array, 5.17 core_relos, 6.9 prog_token_fd, 6.18 the signature.
constexpr union_facts unions[] = {
    {always, 40},    {v(4, 1), 48},   {v(4, 15), 72}, {v(5, 0), 112},  {v(5, 5), 120},
    {v(5, 14), 128}, {v(5, 17), 144}, {v(6, 9), 152}, {v(6, 18), 168},
};

} // namespace

#define BAREBPF_FIELD(type, name, extent, given, offset, major, minor) \
    {v(major, minor), offset, sizeof(type extent), #name},
constexpr attr_field attr_fields[attr_field_count] = {BAREBPF_MAP_FIELDS(BAREBPF_FIELD)};
#undef BAREBPF_FIELD

const map_type_facts &facts_of(uint32_t type)
{
    return facts[type < map_type_count ? type : BAREBPF_MAP_TYPE_UNSPEC];
}

uint32_t allowed_flags(uint32_t type, release kernel)
{
    uint32_t allowed = 0;
    for (const flag_facts &row : flag_table)
        if (has(row.types, type) && kernel >= row.since && kernel >= facts[type].since)
            allowed |= row.flag;
    return allowed;
}

uint32_t required_flags(uint32_t type)
{
    if (has(storages | types_of(lpm_trie, rhash), type))
        return BAREBPF_F_NO_PREALLOC;
    return type == arena ? BAREBPF_F_MMAPABLE : 0;
}

release first_kernel_of_flag(uint32_t flag)
{
    for (const flag_facts &row : flag_table)
        if (row.flag & flag)
            return row.since;
    return never;
}

uint32_t needed_config(uint32_t type, release kernel)
{
    uint32_t needs = 0;
    for (const config_facts &row : configs)
        if (has(row.types, type) && kernel >= row.since)
            needs = row.needs;
    return needs;
}

const attr_field *field_at(uint32_t offset)
{
    for (const attr_field &field : attr_fields)
        if (offset - field.offset < field.size)
            return &field;
    return nullptr;
}

uint32_t union_size(release kernel)
{
    uint32_t size = unions[0].size;
    for (const union_facts &row : unions)
        if (kernel >= row.since)
            size = row.size;
    return size;
}

uint32_t known_end(release kernel)
{
    uint32_t end = 0;
    for (const attr_field &field : attr_fields)
        if (kernel >= field.since)
            end = field.offset + field.size;
    return end;
}

} // namespace barebpf

using namespace barebpf;

extern "C" const char *barebpf_map_type_name(uint32_t map_type)
{
    return name_of(map_types, map_type);
}

extern "C" int barebpf_map_type_by_name(const char *name)
{
    return with_errno(number_of(map_types, name, -ENOENT));
}

extern "C" const char *barebpf_map_flag_name(uint32_t bit)
{
    return name_of(map_flags, bit);
}

extern "C" int barebpf_map_flag_by_name(const char *name)
{
    return with_errno(number_of(map_flags, name, -ENOENT));
}
