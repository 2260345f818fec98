// SPDX-License-Identifier: BSD-2-Clause
#include "fill.h"

#include <cerrno>

#include "barebpf/apply.h"

namespace barebpf::tool
{
namespace
{

constexpr size_t usual_scratch = 256 << 10;

} // namespace

size_t whole_value_size(uint32_t map_type, uint32_t value_size, uint32_t cpus)
{
    switch (map_type) {
    case BAREBPF_MAP_TYPE_PERCPU_HASH:
    case BAREBPF_MAP_TYPE_PERCPU_ARRAY:
    case BAREBPF_MAP_TYPE_LRU_PERCPU_HASH:
    case BAREBPF_MAP_TYPE_PERCPU_CGROUP_STORAGE:
        return (size_t{value_size} + 7) / 8 * 8 * cpus;
    default:
        return value_size;
    }
}

int filler::fill(map_reader *reader, int map)
{
    barebpf_map_filling how{};
    how.sz = sizeof(how);
    how.file = &reader->file;
    how.line = &reader->line;
    scratch.resize(usual_scratch);
    int error = 0;
    do {
        how.scratch = scratch.data();
        how.scratch_size = scratch.size();
        error = barebpf_map_fill(map, &how);
        if (error == -ENOBUFS && how.scratch_needed > scratch.size())
            scratch.resize(how.scratch_needed);
    } while (error == -ENOBUFS && how.scratch_size != scratch.size());
    elements = how.elements;
    line = how.failed_line;
    return error;
}

} // namespace barebpf::tool
