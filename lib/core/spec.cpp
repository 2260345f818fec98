// SPDX-License-Identifier: BSD-2-Clause
#include "spec.h"

namespace barebpf
{

#define BAREBPF_COUNTED(type, name, extent, given, offset, major, minor) +1
static_assert(
    count_members<barebpf_map_spec>() ==
        1 + reserved_size<barebpf_map_spec>() / sizeof(uint32_t) BAREBPF_MAP_FIELDS(BAREBPF_COUNTED),
    "each member of barebpf_map_spec but sz and reserved needs a row in BAREBPF_MAP_FIELDS: docs/kernels.md, "
    "A new member of the attr");
#undef BAREBPF_COUNTED

} // namespace barebpf

using namespace barebpf;

extern "C" int barebpf_map_create_attr(const struct barebpf_map_spec *spec, void *attr, size_t size)
{
    map_create_attr encoded;
    bool name_cut = false;
    if (const int refused = read_spec(&encoded, &name_cut, spec))
        return with_errno(refused);
    if (name_cut)
        return with_errno(-ENAMETOOLONG);
    if (size < map_create_attr_size)
        return with_errno(-ENOSPC);
    copy(attr, &encoded, map_create_attr_size);
    return static_cast<int>(map_create_attr_size);
}
