// SPDX-License-Identifier: BSD-2-Clause
#include "barebpf/barebpf.h"

#include "errno.h"
#include "names.h"

namespace barebpf
{
namespace
{

#define BAREBPF_NAMED(upper, lower, number) {number, #lower},
constexpr named_number map_types[] = {BAREBPF_MAP_TYPES(BAREBPF_NAMED)};
constexpr named_number map_flags[] = {BAREBPF_MAP_FLAGS(BAREBPF_NAMED)};
#undef BAREBPF_NAMED

} // namespace
} // namespace barebpf

using namespace barebpf;

extern "C" const char *barebpf_map_type_name(uint32_t map_type)
{
    return name_of(map_types, map_type);
}

extern "C" int barebpf_map_type_by_name(const char *name)
{
    return with_errno(number_of(map_types, name, -ENOENT));
}

extern "C" const char *barebpf_map_flag_name(uint32_t bit)
{
    return name_of(map_flags, bit);
}

extern "C" int barebpf_map_flag_by_name(const char *name)
{
    return with_errno(number_of(map_flags, name, -ENOENT));
}
