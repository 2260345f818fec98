// SPDX-License-Identifier: BSD-2-Clause
#include "spec.h"

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
