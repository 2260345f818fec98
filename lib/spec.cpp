// SPDX-License-Identifier: BSD-2-Clause
#include "attr.h"
#include "create.h"
#include "errno.h"

namespace barebpf
{
namespace
{

// Fills a zeroed request from a caller's spec: 0 or -errno. The kernel's field has room for 15 bytes and a
// NUL.
int read_request(map_create_request *request, const barebpf_map_spec *given)
{
    if (!read_spec(&request->spec, given))
        return -EINVAL;
    const char *name = request->spec.name;
    for (unsigned int i = 0; name && name[i]; i++)
        if (i == sizeof(map_create_attr::map_name) - 1)
            return -ENAMETOOLONG;
    return 0;
}

} // namespace
} // namespace barebpf

using namespace barebpf;

extern "C" int barebpf_map_create(const struct barebpf_map_spec *spec)
{
    map_create_request request;
    clear(&request);
    const int refused = read_request(&request, spec);
    return with_errno(refused ? refused : create(request));
}

extern "C" int barebpf_map_create_attr(const struct barebpf_map_spec *spec, void *attr, size_t size)
{
    map_create_request request;
    clear(&request);
    if (const int refused = read_request(&request, spec))
        return with_errno(refused);
    if (size < map_create_attr_size)
        return with_errno(-ENOSPC);
    map_create_attr encoded;
    encode(&encoded, request.spec);
    copy(attr, &encoded, map_create_attr_size);
    return static_cast<int>(map_create_attr_size);
}
