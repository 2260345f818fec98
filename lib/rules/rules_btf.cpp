// SPDX-License-Identifier: BSD-2-Clause
#include "request.h"

namespace barebpf
{
namespace
{

using namespace map_type;

constexpr type_set timed = types_of(hash, lru_hash, array, rhash);
constexpr type_set locked = types_of(hash, array, cgroup_storage, rhash) | storages;

// A special member, the first kernel that recognises it, and the map types that may hold it.
struct special_facts {
    type_set types;
    release since;
    uint16_t bit;
};

constexpr special_facts specials[] = {
    {locked, release_of(5, 1), special_spin_lock},
    {timed, release_of(5, 15), special_timer},
    {timed, release_of(5, 19), special_kptr},
    {types_of(percpu_array), release_of(6, 1), special_kptr},
    {types_of(percpu_hash, lru_percpu_hash) | storages, release_of(6, 4), special_kptr},
    {timed, release_of(6, 2), special_list_head},
    {timed, release_of(6, 3), special_rb_root},
    {timed, release_of(6, 10), special_workqueue},
    {types_of(task_storage), release_of(6, 13), special_uptr},
    {locked, release_of(6, 15), special_res_spin_lock},
    {timed, release_of(6, 18), special_task_work},
};

// The types whose values may have one kind of special member on this kernel.
type_set types_with(const request &r, uint16_t bit)
{
    type_set types = 0;
    for (const special_facts &row : specials)
        if (row.bit == bit && r.kernel >= row.since)
            types |= row.types;
    return types;
}

uint16_t specials_seen(const request &r, uint16_t present)
{
    uint16_t seen = 0;
    for (const special_facts &row : specials)
        if (r.kernel >= row.since && present & row.bit)
            seen |= row.bit;
    return seen;
}

// True if programs cannot write the map: some types are read-only without the flag.
bool is_read_only(const request &r)
{
    return r.flag(BAREBPF_F_RDONLY_PROG) || (has(devmaps, r.type()) && r.kernel >= release_of(5, 3)) ||
           r.type() == insn_array;
}

// Before 6.2 only values with a kptr needed a capability, and only they excluded BPF_F_WRONLY_PROG.
bool specials_are_unwanted(request &r, uint16_t seen)
{
    const bool strict = r.kernel >= release_of(6, 2) || seen & special_kptr;
    if (strict && !r.may_bpf() && r.refuse(rule::btf_special_needs_bpf, seen))
        return true;
    if (is_read_only(r) || (strict && r.flag(BAREBPF_F_WRONLY_PROG)))
        return r.refuse(rule::btf_special_read_only, seen);
    for (const special_facts &row : specials) {
        if (!(seen & row.bit) || has(types_with(r, row.bit), r.type()))
            continue;
        if (row.bit == special_spin_lock && r.refuse(rule::btf_spin_lock_type, seen))
            return true;
        return r.refuse(rule::btf_special_type, seen);
    }
    return false;
}

const btf_type *type_with_id(const object &btf, uint32_t id)
{
    for (uint32_t i = 0; i < btf.type_count; i++)
        if (btf.types[i].id == id && btf.types[i].kind != btf_kind::sizeless)
            return &btf.types[i];
    return nullptr;
}

bool is_int(const btf_type *key, uint32_t size)
{
    return key && key->kind == btf_kind::integer && key->size == size;
}

// What the type makes of key and value types on this kernel.
btf_use use_of(const request &r)
{
    const bool new_types = r.kernel < release_of(5, 0);
    if (new_types && has(cgroup_storages | types_of(prog_array), r.type()))
        return btf_use::refused;
    return facts_of(r.type()).btf;
}

bool array_types_are_wrong(request &r, const btf_type *key, const btf_type &value)
{
    if (key)
        return !is_int(key, 4) && r.refuse(rule::btf_array_key);
    const bool holds_data = r.type() == array || r.kernel >= release_of(7, 3);
    return (!holds_data || r.attr.max_entries != 1 || value.kind != btf_kind::datasec) &&
           r.refuse(rule::btf_array_keyless);
}

// Hash tables check their BTF types themselves from 7.1 on; until btf_hash_key_needed came they accepted a
// missing key id.
bool hash_looks_itself(const request &r)
{
    return has(types_of(hash, percpu_hash, lru_hash, lru_percpu_hash, rhash), r.type()) &&
           (r.kernel >= release_of(7, 1) || in_force(rule::btf_hash_key_needed, r.kernel));
}

// A map type that checks its BTF types decides itself about a missing key id; the others need one.
bool key_is_needed(const request &r)
{
    return use_of(r) == btf_use::accepted && !hash_looks_itself(r);
}

bool types_are_wrong(request &r, const btf_type *key, const btf_type &value)
{
    switch (use_of(r)) {
    case btf_use::refused:
        return r.refuse(rule::btf_refused);
    case btf_use::array_key:
        return array_types_are_wrong(r, key, value);
    case btf_use::trie_key:
        return !(key && key->kind == btf_kind::structure) && r.refuse(rule::btf_trie_key);
    case btf_use::cgroup_key:
        return !(r.attr.key_size == 8 ? is_int(key, 8) : key && key->cgroup_key) &&
               r.refuse(rule::btf_cgroup_key);
    case btf_use::local_storage:
        return !is_int(key, 4) && r.refuse(rule::btf_storage_key);
    case btf_use::keyless:
        return key && r.refuse(rule::btf_keyless, r.attr.btf_key_type_id);
    case btf_use::accepted:
        return !key && hash_looks_itself(r) && r.refuse(rule::btf_hash_key_needed);
    case btf_use::unusable:
        return r.refuse(rule::btf_unusable);
    default:
        return false;
    }
}

bool key_does_not_fit(request &r, const object &btf, const btf_type **key)
{
    const uint32_t id = r.attr.btf_key_type_id;
    *key = id ? type_with_id(btf, id) : nullptr;
    if (!id)
        return key_is_needed(r) && r.refuse(rule::btf_key_needed);
    if (!*key)
        return r.refuse(rule::btf_key_unknown, id);
    return (*key)->size != r.attr.key_size && r.refuse(rule::btf_key_size, (*key)->size, r.attr.key_size);
}

// 4.18 accepted a BTF type smaller than the value.
bool value_fits(const request &r, uint32_t size)
{
    return size == r.attr.value_size || (r.kernel < release_of(4, 19) && size < r.attr.value_size);
}

bool ids_do_not_fit(request &r, const object &btf)
{
    const btf_type *key = nullptr;
    if (key_does_not_fit(r, btf, &key))
        return true;
    const btf_type *value = type_with_id(btf, r.attr.btf_value_type_id);
    if (!value)
        return r.refuse(rule::btf_value_unknown, r.attr.btf_value_type_id);
    if (!value_fits(r, value->size))
        return r.refuse(rule::btf_value_size, value->size, r.attr.value_size);
    if (const uint16_t seen = specials_seen(r, value->specials); seen && specials_are_unwanted(r, seen))
        return true;
    return types_are_wrong(r, key, *value);
}

// 4.18 read the ids of arrays only.
bool ids_are_ignored(const request &r)
{
    const map_create_attr &attr = r.attr;
    if (!attr.btf_key_type_id && !attr.btf_value_type_id && !attr.btf_vmlinux_value_type_id)
        return true;
    return r.kernel < release_of(4, 19) && r.type() != array;
}

} // namespace

bool btf_does_not_fit(request &r)
{
    const map_create_attr &attr = r.attr;
    if (ids_are_ignored(r))
        return false;
    if ((!attr.btf_key_type_id || !attr.btf_value_type_id) &&
        r.refuse(rule::btf_needs_both_ids, attr.btf_key_type_id, attr.btf_value_type_id))
        return true;
    if (!attr.btf_value_type_id && r.refuse(rule::btf_needs_value_id, attr.btf_key_type_id))
        return true;
    const object *btf = r.find(attr.btf_fd);
    if (!btf)
        return r.refuse(rule::btf_fd_closed, attr.btf_fd);
    if (btf->kind == object_kind::other || btf->kind == object_kind::map || btf->kind == object_kind::token)
        return r.refuse(rule::btf_fd_other, attr.btf_fd);
    if (btf->kind != object_kind::btf && r.refuse(rule::btf_of_kernel, attr.btf_fd))
        return true;
    return attr.btf_value_type_id && ids_do_not_fit(r, *btf);
}

} // namespace barebpf
