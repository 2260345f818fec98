// SPDX-License-Identifier: BSD-2-Clause
#include "attr.h"
#include "create.h"
#include "errno.h"

namespace barebpf
{
namespace
{

// Fills the attr from a caller's spec: 0 or -errno. The kernel's field has room for 15 bytes and a NUL.
int read(map_create_attr *attr, const barebpf_map_spec *given)
{
    barebpf_map_spec spec;
    if (!given || !read_spec(&spec, given))
        return -EINVAL;
    for (unsigned int i = 0; spec.name && spec.name[i]; i++)
        if (i == sizeof(attr->map_name) - 1)
            return -ENAMETOOLONG;
    encode(attr, spec);
    return 0;
}

} // namespace
} // namespace barebpf

using namespace barebpf;

extern "C" int barebpf_map_create(const struct barebpf_map_spec *spec)
{
    request asked;
    clear(&asked);
    const int refused = read(&asked.attr, spec);
    return with_errno(refused ? refused : create(&asked));
}

extern "C" int barebpf_map_create_attr(const struct barebpf_map_spec *spec, void *attr, size_t size)
{
    map_create_attr encoded;
    if (const int refused = read(&encoded, spec))
        return with_errno(refused);
    if (size < map_create_attr_size)
        return with_errno(-ENOSPC);
    copy(attr, &encoded, map_create_attr_size);
    return static_cast<int>(map_create_attr_size);
}
