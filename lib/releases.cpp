// SPDX-License-Identifier: BSD-2-Clause
#include "barebpf/barebpf.h"
#include "types.h"

namespace barebpf
{
namespace
{

// A release as the public header has it; 0 for one that never comes.
uint32_t published(release since)
{
    return since == never ? 0 : major_of(since) << 16 | minor_of(since) << 8 | patch_of(since);
}

bool takes(uint32_t map_type, uint32_t flag)
{
    constexpr release newest = never - 1;
    return flag == BAREBPF_F_TOKEN_FD || (allowed_flags(map_type, newest) & flag);
}

release later(release a, release b)
{
    return a > b ? a : b;
}

bool is_type(uint32_t map_type)
{
    return map_type < map_type_count && facts_of(map_type).since != never;
}

} // namespace
} // namespace barebpf

using namespace barebpf;

extern "C" uint32_t barebpf_map_type_since(uint32_t map_type)
{
    return is_type(map_type) ? published(facts_of(map_type).since) : 0;
}

extern "C" uint32_t barebpf_map_flag_since(uint32_t map_type, uint32_t bit)
{
    if (!is_type(map_type) || bit > 31 || !takes(map_type, uint32_t{1} << bit))
        return 0;
    return published(later(facts_of(map_type).since, first_kernel_of_flag(uint32_t{1} << bit)));
}

extern "C" uint32_t barebpf_map_field_since(uint32_t index)
{
    return index < attr_field_count ? published(attr_fields[index].since) : 0;
}

extern "C" const char *barebpf_map_field_name(uint32_t index)
{
    return index < attr_field_count ? attr_fields[index].name : nullptr;
}
