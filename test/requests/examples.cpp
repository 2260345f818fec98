// SPDX-License-Identifier: BSD-2-Clause
#include "examples.h"

#include "btf_object.h"
#include "objects.h"

namespace barebpf::test
{
namespace
{

using namespace map_type;

struct shape {
    type_set types;
    uint32_t key_size;
    uint32_t value_size;
    uint32_t max_entries;
    uint32_t map_flags;
};

constexpr uint32_t whole_pages = 65536; // on every page size

constexpr shape shapes[] = {
    {fd_arrays | types_of(hash_of_maps, xskmap) | devmaps | sockmaps, 4, 4, 4, 0},
    {types_of(stack_trace), 4, 64, 4, 0},
    {types_of(lpm_trie), 8, 8, 4, BAREBPF_F_NO_PREALLOC},
    {types_of(cpumap), 4, 4, 1, 0},
    {cgroup_storages, 16, 8, 0, 0},
    {queues | types_of(bloom_filter), 0, 8, 4, 0},
    {storages, 4, 8, 0, BAREBPF_F_NO_PREALLOC},
    {types_of(struct_ops), 4, 8, 1, 0},
    {ringbufs, 0, 0, whole_pages, 0},
    {types_of(arena), 0, 0, 4, BAREBPF_F_MMAPABLE},
    {types_of(insn_array), 4, 16, 4, 0},
    {types_of(rhash), 4, 8, 4, BAREBPF_F_NO_PREALLOC},
    {types_of(hash, lru_hash, array, percpu_array, reuseport_sockarray) | percpu_hashes, 4, 8, 4, 0},
};

constexpr bool every_type_has_one_shape()
{
    type_set listed = types_of(unspec);
    for (const shape &row : shapes) {
        if (listed & row.types)
            return false;
        listed |= row.types;
    }
    return listed == every_type;
}
static_assert(every_type_has_one_shape(),
              "each map type must be in one row of `shapes`: docs/kernels.md, A new map type");

const shape &shape_of(uint32_t type)
{
    for (const shape &row : shapes)
        if (has(row.types, type))
            return row;
    return shapes[0];
}

} // namespace

map_create_attr example_of(uint32_t type, const kernel &running)
{
    const shape &its = shape_of(type);
    map_create_attr attr{};
    attr.map_type = type;
    attr.key_size = has(cgroup_storages, type) ? running.surroundings.cgroup_key_size : its.key_size;
    attr.value_size = its.value_size;
    attr.max_entries = its.max_entries;
    attr.map_flags = its.map_flags;
    if (has(nested, type))
        attr.inner_map_fd = array_fd;
    if (has(storages, type)) {
        attr.btf_fd = btf_fd;
        attr.btf_key_type_id = int_id;
        attr.btf_value_type_id = struct_id;
    }
    if (type == struct_ops && !running.struct_ops.empty()) {
        attr.btf_vmlinux_value_type_id = running.struct_ops[0].id;
        attr.value_size = running.struct_ops[0].size;
    }
    return attr;
}

} // namespace barebpf::test
