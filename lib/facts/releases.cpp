// SPDX-License-Identifier: BSD-2-Clause
#include "barebpf/barebpf.h"
#include "barebpf/probe.h"
#include "lib/core/names.h"
#include "types.h"

namespace barebpf
{
namespace
{

// Indexed by BAREBPF_FEATURE_*.
struct feature_facts {
    release since;
    release until;
    char name[13];
};
constexpr feature_facts features[] = {
    {v(5, 2), never, "name_dot"},     {v(4, 4), v(5, 11), "memlock"},   {v(4, 18), never, "btf_load"},
    {v(6, 9), never, "token_create"}, {v(7, 2), never, "common_attrs"},
};
constexpr uint32_t feature_count = sizeof(features) / sizeof(features[0]);
static_assert(feature_count == BAREBPF_FEATURE_COMMON_ATTRS + 1);

// Indexed by the bits of enum config.
constexpr named_number config_names[] = {
    {0, "NET"},     {1, "INET"},       {2, "BPF_STREAM_PARSER"}, {3, "XDP_SOCKETS"}, {4, "PERF_EVENTS"},
    {5, "CGROUPS"}, {6, "CGROUP_BPF"}, {7, "BPF_JIT"},           {8, "BPF_LSM"},     {9, "64BIT"},
};
static_assert(config_everything == (1 << sizeof(config_names) / sizeof(config_names[0])) - 1);

// A release in the public header's encoding; 0 for `never`.
uint32_t published(release since)
{
    return since == never ? 0 : major_of(since) << 16 | minor_of(since) << 8 | patch_of(since);
}

release read_published(uint32_t given)
{
    return release_of(given >> 16, given >> 8 & 0xff, given & 0xff);
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
    return facts_of(map_type).since != never;
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

extern "C" const char *barebpf_feature_name(uint32_t feature)
{
    return feature < feature_count ? features[feature].name : nullptr;
}

extern "C" uint32_t barebpf_feature_since(uint32_t feature)
{
    return feature < feature_count ? published(features[feature].since) : 0;
}

extern "C" uint32_t barebpf_feature_until(uint32_t feature)
{
    return feature < feature_count ? published(features[feature].until) : 0;
}

extern "C" uint32_t barebpf_map_type_config(uint32_t map_type, uint32_t release)
{
    return is_type(map_type) ? needed_config(map_type, read_published(release)) : 0;
}

extern "C" const char *barebpf_config_name(uint32_t bit)
{
    return name_of(config_names, bit);
}
