// SPDX-License-Identifier: BSD-2-Clause
#include "spec.h"

#include "errno.h"
#include "opts.h"

namespace barebpf
{
namespace
{

#define BAREBPF_COUNTED(type, name, extent, given, offset, major, minor) +1
static_assert(count_members<barebpf_map_spec>() == 1 BAREBPF_MAP_FIELDS(BAREBPF_COUNTED),
              "each member of barebpf_map_spec but sz needs a row in BAREBPF_MAP_FIELDS: docs/kernels.md, "
              "A new member of the attr");
#undef BAREBPF_COUNTED

// The kernel's field has room for a NUL too.
bool is_too_long(const char *name)
{
    for (size_t i = 0; name && name[i]; i++)
        if (i == sizeof(map_create_attr::map_name) - 1)
            return true;
    return false;
}

} // namespace

int read_spec(map_create_attr *attr, bool *name_cut, const barebpf_map_spec *given)
{
    barebpf_map_spec spec;
    if (!given || !read_whole(&spec, given, BAREBPF_END_OF(barebpf_map_spec, excl_prog_hash_size)))
        return -EINVAL;
    *name_cut = is_too_long(spec.name);
    encode(attr, spec);
    return 0;
}

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
