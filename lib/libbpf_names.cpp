// SPDX-License-Identifier: BSD-2-Clause
#include "create.h"
#include "errno.h"

using namespace barebpf;

extern "C" int bpf_map_create(enum bpf_map_type map_type, const char *map_name, __u32 key_size,
                              __u32 value_size, __u32 max_entries, const struct bpf_map_create_opts *opts)
{
    map_create_attr attr;
    log_request log;
    clear(&attr);
    clear(&log);
    if (!read_opts(&attr, &log, opts))
        return with_errno(-EINVAL);
    // From C any number may come, also one that is no value of the installed header's enumeration; as bytes
    // it is fine.
    copy(&attr.map_type, &map_type, sizeof(map_type));
    attr.key_size = key_size;
    attr.value_size = value_size;
    attr.max_entries = max_entries;
    encode_name(attr.map_name, map_name);
    return with_errno(create(attr, log));
}
