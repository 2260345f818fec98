// SPDX-License-Identifier: BSD-2-Clause
#include "create.h"
#include "errno.h"

using namespace barebpf;

extern "C" int bpf_map_create(enum bpf_map_type map_type, const char *map_name, __u32 key_size,
                              __u32 value_size, __u32 max_entries, const struct bpf_map_create_opts *opts)
{
    map_create_request request;
    clear(&request);
    if (!read_opts(&request, opts))
        return with_errno(-EINVAL);
    // From C any number may come, also one that is no value of the installed header's enumeration; as bytes
    // it is fine.
    copy(&request.spec.map_type, &map_type, sizeof(map_type));
    request.spec.name = map_name;
    request.spec.key_size = key_size;
    request.spec.value_size = value_size;
    request.spec.max_entries = max_entries;
    return with_errno(create(request));
}
