// SPDX-License-Identifier: BSD-2-Clause
#include "examples.h"

#include <iterator>

#include "btf_object.h"
#include "objects.h"

namespace barebpf::test
{
namespace
{

using namespace map_type;

constexpr type_set cgroup_storages = types_of(cgroup_storage, percpu_cgroup_storage);

struct shape {
    type_set types;
    uint32_t key_size;
    uint32_t value_size;
    uint32_t max_entries;
    uint32_t map_flags;
};

constexpr uint32_t whole_pages = 65536; // whatever a page is

// The last row is for all types that are in none before.
constexpr shape shapes[] = {
    {fd_arrays | nested | devmaps | types_of(sockmap, xskmap, sockhash), 4, 4, 4, 0},
    {types_of(stack_trace), 4, 64, 4, 0},
    {types_of(lpm_trie), 8, 8, 4, BAREBPF_F_NO_PREALLOC},
    {types_of(cpumap), 4, 4, 1, 0},
    {cgroup_storages, 16, 8, 0, 0},
    {types_of(queue, stack, bloom_filter), 0, 8, 4, 0},
    {storages, 4, 8, 0, BAREBPF_F_NO_PREALLOC},
    {types_of(struct_ops), 4, 8, 1, 0},
    {types_of(ringbuf, user_ringbuf), 0, 0, whole_pages, 0},
    {types_of(arena), 0, 0, 4, BAREBPF_F_MMAPABLE},
    {types_of(insn_array), 4, 16, 4, 0},
    {types_of(rhash), 4, 8, 4, BAREBPF_F_NO_PREALLOC},
    {~type_set{0}, 4, 8, 4, 0},
};

const shape &shape_of(uint32_t type)
{
    const shape *row = shapes;
    while (!has(row->types, type) && row + 1 != std::end(shapes))
        row++;
    return *row;
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
