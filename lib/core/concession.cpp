// SPDX-License-Identifier: BSD-2-Clause
#include "concession.h"

#include "map_name.h"

namespace barebpf
{
namespace
{

// Flags whose effect a kernel that does not know them has anyway.
uint32_t idle_flags(const map_create_attr &attr)
{
    uint32_t flags = 0;
    if (attr.map_type == BAREBPF_MAP_TYPE_HASH)
        flags |= BAREBPF_F_NO_PREALLOC;
    if (attr.numa_node == UINT32_MAX)
        flags |= BAREBPF_F_NUMA_NODE;
    return attr.map_flags & flags;
}

// The smallest power of two that is at least a page and at least `bytes`; `bytes` itself when there is none.
uint32_t in_pages(uint32_t bytes, uint32_t page_size)
{
    constexpr uint32_t largest = 1u << 31;
    if (bytes == 0 || bytes > largest || page_size == 0)
        return bytes;
    uint32_t size = page_size;
    while (size < bytes)
        size *= 2;
    return size;
}

uint32_t next_size(const map_create_attr &attr, const machine_sizes &sizes)
{
    const uint32_t entries = attr.max_entries, cpus = sizes.possible_cpus;
    if (is_in_pages(attr.map_type))
        return in_pages(entries, sizes.page_size);
    if (is_per_cpu(attr.map_type) && cpus && (entries == 0 || entries > cpus))
        return cpus;
    return entries;
}

// True if the request has BTF types that only describe its key and value.
bool has_idle_btf(const map_create_attr &attr)
{
    switch (attr.map_type) {
    case BAREBPF_MAP_TYPE_SK_STORAGE:
    case BAREBPF_MAP_TYPE_INODE_STORAGE:
    case BAREBPF_MAP_TYPE_TASK_STORAGE:
    case BAREBPF_MAP_TYPE_CGRP_STORAGE:
    case BAREBPF_MAP_TYPE_STRUCT_OPS:
        return false;
    default:
        return attr.btf_fd || attr.btf_key_type_id || attr.btf_value_type_id;
    }
}

void concede_flags(map_create_attr *attr)
{
    const uint32_t idle = idle_flags(*attr);
    attr->map_flags &= ~idle;
    if (idle & BAREBPF_F_NUMA_NODE)
        attr->numa_node = 0;
}

} // namespace

bool is_in_pages(uint32_t map_type)
{
    return map_type == BAREBPF_MAP_TYPE_RINGBUF || map_type == BAREBPF_MAP_TYPE_USER_RINGBUF;
}

bool is_per_cpu(uint32_t map_type)
{
    return map_type == BAREBPF_MAP_TYPE_PERF_EVENT_ARRAY || map_type == BAREBPF_MAP_TYPE_CPUMAP;
}

concessions possible(const map_create_attr &attr, const machine_sizes &sizes)
{
    concessions found = 0;
    if (idle_flags(attr))
        found |= BAREBPF_GIVE_UP_FLAGS;
    if (next_size(attr, sizes) != attr.max_entries)
        found |= BAREBPF_GIVE_UP_SIZE;
    if (!is_plain_name(attr))
        found |= BAREBPF_GIVE_UP_NAME_CHARS;
    if (attr.map_name[0])
        found |= BAREBPF_GIVE_UP_NAME;
    if (has_idle_btf(attr))
        found |= BAREBPF_GIVE_UP_BTF;
    return found;
}

void concede(map_create_attr *attr, concessions what, const machine_sizes &sizes)
{
    if (what & BAREBPF_GIVE_UP_FLAGS)
        concede_flags(attr);
    if (what & BAREBPF_GIVE_UP_SIZE)
        attr->max_entries = next_size(*attr, sizes);
    if (what & BAREBPF_GIVE_UP_NAME_CHARS)
        make_plain(attr);
    if (what & BAREBPF_GIVE_UP_NAME)
        clear_name(attr);
    if (what & BAREBPF_GIVE_UP_BTF)
        attr->btf_fd = attr->btf_key_type_id = attr->btf_value_type_id = 0;
}

} // namespace barebpf
