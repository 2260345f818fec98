// SPDX-License-Identifier: BSD-2-Clause
#include "smallest_map.h"

#include "lib/facts/requirements.h"

namespace barebpf
{
namespace
{

using namespace map_type;

constexpr uint32_t bad_fd = UINT32_MAX;
constexpr uint32_t bad_type_id = UINT32_MAX;

uint32_t *member_of(map_create_attr *attr, member of)
{
    if (of == member::key_size)
        return &attr->key_size;
    return of == member::value_size ? &attr->value_size : &attr->max_entries;
}

// The least number that meets the requirement and is no less than `number`. It never exceeds a maximum.
uint32_t meeting(const requirement &row, uint32_t number)
{
    switch (row.how) {
    case test::equals:
    case test::either:
        return row.a;
    case test::within:
        return number < row.a ? row.a : number;
    case test::multiple:
        return (number + row.a - 1) & ~(row.a - 1);
    default:
        return number;
    }
}

void meet_requirements(map_create_attr *attr)
{
    for (size_t i = 0; const requirement *row = requirement_at(i); i++) {
        if (row->of == member::none || !has(row->types, attr->map_type))
            continue;
        uint32_t *number = member_of(attr, row->of);
        *number = meeting(*row, *number);
    }
    attr->map_flags = required_flags(attr->map_type);
}

// The requirements that no table has as numbers.
void meet_odd_rules(map_create_attr *attr, unsigned int variant)
{
    const uint32_t type = attr->map_type;
    if (has(cgroup_storages, type))
        attr->key_size = variant == 0 ? 16 : 12; // 12: the kernel of i386
    if (has(ringbufs, type))
        attr->max_entries = variant == 0 ? 1 << 16 : 1 << 18; // whole pages, which are at most 256 KiB
    if (type == sockhash)
        attr->key_size = 1;
    if (has(nested, type))
        attr->inner_map_fd = bad_fd;
    if (has(storages, type)) {
        attr->btf_fd = bad_fd;
        attr->btf_key_type_id = attr->btf_value_type_id = 1;
    }
    if (type == struct_ops)
        attr->btf_vmlinux_value_type_id = bad_type_id;
}

} // namespace

unsigned int smallest_map_variants(uint32_t map_type)
{
    return has(cgroup_storages | ringbufs, map_type) ? 2 : 1;
}

void smallest_map(map_create_attr *attr, uint32_t map_type, unsigned int variant)
{
    clear(attr);
    attr->map_type = map_type;
    meet_requirements(attr);
    meet_odd_rules(attr, variant);
}

} // namespace barebpf
