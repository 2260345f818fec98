// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_TEST_SAMPLES_SAMPLES_H
#define BAREBPF_TEST_SAMPLES_SAMPLES_H

#include <vector>

#include "lib/rules/rules.h"
#include "test/numbers.h"
#include "test/releases.h"

// A request for every rule that breaks only this one, with the kernel and the surroundings that refuse it.
namespace barebpf::test
{

using namespace map_type;

inline constexpr release newest = test::newest_release;

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

inline const request good_hash(hash, 4, 8, 16);
inline const request good_array(array, 4, 8, 16);
inline const request good_lru(lru_hash, 4, 8, 16);
inline const request good_arena(arena, 0, 0, 16, BAREBPF_F_MMAPABLE);
inline const request good_rhash(rhash, 4, 8, 16, BAREBPF_F_NO_PREALLOC);
inline const request good_storage(sk_storage, 4, 8, 0, BAREBPF_F_NO_PREALLOC);
inline const request good_bare_struct_ops = request(struct_ops, 4, 64, 1).vmlinux(50);

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

// A struct_ops map needs a BTF object even if no id is looked up in it.
inline const request good_struct_ops = good_bare_struct_ops.btf(types_btf, 0, 0);

inline constexpr btf_type some_types[] = {
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

inline object open_object(int32_t fd, object_kind kind, uint32_t map_type = unspec)
{
    object made{};
    made.fd = fd;
    made.kind = kind;
    made.map_type = map_type;
    return made;
}

inline std::vector<object> open_objects()
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

inline const std::vector<object> objects = open_objects();
inline constexpr network_device devices[] = {{1, false}, {2, true}};
inline constexpr struct_ops_type kernel_struct_ops[] = {{50, 64, -1}};

// Root on a machine that has everything.
inline environment everything()
{
    environment machine;
    machine.objects = objects.data();
    machine.object_count = objects.size();
    machine.devices = devices;
    machine.device_count = std::size(devices);
    machine.struct_ops = kernel_struct_ops;
    machine.struct_ops_count = std::size(kernel_struct_ops);
    return machine;
}

inline environment nobody()
{
    environment machine = everything();
    machine.caller = {};
    return machine;
}

inline environment locked_out()
{
    environment machine = nobody();
    machine.unprivileged_bpf_disabled = 2;
    return machine;
}

template <typename T> environment changed(T environment::*member, T value)
{
    environment machine = everything();
    machine.*member = value;
    return machine;
}

struct sample {
    release kernel;
    request wanted;
    environment machine = everything();
};

// Without a default: a rule without a sample does not compile. rule::none has one that is accepted.
sample sample_of(rule which);

} // namespace barebpf::test

#endif
