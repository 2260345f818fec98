// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_LIB_FACTS_TYPES_H
#define BAREBPF_LIB_FACTS_TYPES_H

#include <stddef.h>
#include <stdint.h>

#include "barebpf/map_types.h"

// What each kernel release supports in BPF_MAP_CREATE: members, flags, map types. Facts only; lib/rules
// decides what follows from them.
namespace barebpf
{

// A kernel release as a number that compares: 4.14.67 is release_of(4, 14, 67).
using release = uint32_t;

constexpr release release_of(unsigned int major, unsigned int minor, unsigned int patch = 0)
{
    return major << 24 | minor << 16 | patch;
}

// The same, short for tables.
constexpr release v(unsigned int major, unsigned int minor, unsigned int patch = 0)
{
    return release_of(major, minor, patch);
}

constexpr unsigned int major_of(release kernel)
{
    return kernel >> 24;
}
constexpr unsigned int minor_of(release kernel)
{
    return kernel >> 16 & 0xff;
}
constexpr unsigned int patch_of(release kernel)
{
    return kernel & 0xffff;
}

inline constexpr release always = 0;
inline constexpr release never = UINT32_MAX;

// The map types under short names, for tables.
namespace map_type
{
enum type : uint8_t {
#define BAREBPF_ENUMERATOR(upper, lower, value) lower = value,
    BAREBPF_MAP_TYPES(BAREBPF_ENUMERATOR)
#undef BAREBPF_ENUMERATOR
};
} // namespace map_type

// Map types as bits.
using type_set = uint64_t;

#define BAREBPF_COUNTED(upper, lower, value) +1
inline constexpr uint32_t map_type_count = 0 BAREBPF_MAP_TYPES(BAREBPF_COUNTED);
#undef BAREBPF_COUNTED

template <typename... T> constexpr type_set types_of(T... types)
{
    return ((type_set{1} << types) | ...);
}

// By halves: a 64-bit shift by a variable calls libgcc on some 32-bit processors.
constexpr bool has(type_set types, uint32_t type)
{
    const auto half = static_cast<uint32_t>(type < 32 ? types : types >> 32);
    return type < map_type_count && half >> (type & 31) & 1;
}

#define BAREBPF_LISTED(upper, lower, value) | type_set{1} << (value)
inline constexpr type_set every_type = 0 BAREBPF_MAP_TYPES(BAREBPF_LISTED);
#undef BAREBPF_LISTED
static_assert(map_type_count < 64 && every_type == (type_set{1} << map_type_count) - 1,
              "BAREBPF_MAP_TYPES must number the map types from 0 without a gap, up to 62");

// Families: types that the same kernel code makes or treats alike.
namespace map_type
{
inline constexpr type_set fd_arrays = types_of(prog_array, perf_event_array, cgroup_array, array_of_maps);
inline constexpr type_set arrays = fd_arrays | types_of(array, percpu_array);
inline constexpr type_set percpu_hashes = types_of(percpu_hash, lru_percpu_hash);
inline constexpr type_set lrus = types_of(lru_hash, lru_percpu_hash);
inline constexpr type_set hashes = percpu_hashes | types_of(hash, lru_hash, hash_of_maps);
inline constexpr type_set nested = types_of(array_of_maps, hash_of_maps);
inline constexpr type_set devmaps = types_of(devmap, devmap_hash);
inline constexpr type_set sockmaps = types_of(sockmap, sockhash);
inline constexpr type_set cgroup_storages = types_of(cgroup_storage, percpu_cgroup_storage);
inline constexpr type_set queues = types_of(queue, stack);
inline constexpr type_set ringbufs = types_of(ringbuf, user_ringbuf);
inline constexpr type_set storages = types_of(sk_storage, inode_storage, task_storage, cgrp_storage);
} // namespace map_type

// The capability a caller needs to make maps of a type. CAP_BPF is CAP_SYS_ADMIN before 5.8.
enum class capability : uint8_t {
    none,
    bpf,
    net_admin,
};

// What a type makes of btf_key_type_id and btf_value_type_id once their sizes match.
enum class btf_use : uint8_t {
    accepted,      // any key and value type; both are needed
    refused,       // ENOTSUPP, the 524
    array_key,     // the key is a 32-bit int; no key type for a DATASEC in one entry
    trie_key,      // the key is a struct
    cgroup_key,    // the key is the kernel's cgroup storage key, or a 64-bit int
    local_storage, // both ids must be given; the key is a 32-bit int
    keyless,       // the key id must be 0
    key_ignored,   // the key id may be 0
    unusable,      // no ids match the sizes the type requires
};

// What map_extra means.
enum class extra_use : uint8_t {
    none,
    hash_functions, // bloom_filter: how many, 0 to 15
    address,        // arena: where user space maps it
    size_hint,      // rhash: entries to make room for
};

struct map_type_facts {
    map_type::type type;
    release since; // the first kernel that makes one, `never` for unspec
    capability needs;
    btf_use btf;
    extra_use extra;
};

// The facts of a type; those of unspec for a number that is no type's.
const map_type_facts &facts_of(uint32_t type);

// The bits of map_flags that this kernel accepts for a type; BPF_F_TOKEN_FD belongs to no type and is left
// out.
uint32_t allowed_flags(uint32_t type, release kernel);

// The bits of map_flags that a type requires.
uint32_t required_flags(uint32_t type);

// The first kernel that knows a flag; `never` for a bit that is no flag of BPF_MAP_CREATE.
release first_kernel_of_flag(uint32_t flag);

// Kernel configuration a map type may need, as bits.
enum config : uint32_t {
    config_net = 1 << 0,
    config_inet = 1 << 1,
    config_stream_parser = 1 << 2, // BPF_STREAM_PARSER; before 4.20 STREAM_PARSER
    config_xdp_sockets = 1 << 3,
    config_perf_events = 1 << 4,
    config_cgroups = 1 << 5,
    config_cgroup_bpf = 1 << 6,
    config_bpf_jit = 1 << 7,
    config_bpf_lsm = 1 << 8,
    config_64bit = 1 << 9,
};
inline constexpr uint32_t config_everything = (1 << 10) - 1;

// The configuration a kernel needs to make maps of a type.
uint32_t needed_config(uint32_t type, release kernel);

// A member of the attr, and the first kernel that reads it.
struct attr_field {
    release since;
    uint8_t offset;
    uint8_t size;
    char name[26];
};

#define BAREBPF_COUNTED(type, name, extent, given, offset, major, minor) +1
inline constexpr size_t attr_field_count = 0 BAREBPF_MAP_FIELDS(BAREBPF_COUNTED);
#undef BAREBPF_COUNTED
extern const attr_field attr_fields[attr_field_count];

// The member of the attr that a byte belongs to; nullptr beyond the last.
const attr_field *field_at(uint32_t offset);

// Where the attr ends: union_size() is the end of the kernel's whole union, beyond which a set byte is E2BIG;
// known_end() is the end of the last member that BPF_MAP_CREATE reads, beyond which it is EINVAL.
uint32_t union_size(release kernel);
uint32_t known_end(release kernel);

} // namespace barebpf

#endif
