// SPDX-License-Identifier: BSD-2-Clause
#include "create.h"
#include "errno.h"

using namespace barebpf;

extern "C" int bpf_map_create(enum bpf_map_type map_type, const char *map_name, __u32 key_size,
                              __u32 value_size, __u32 max_entries, const struct bpf_map_create_opts *opts)
{
    request asked;
    clear(&asked);
    if (!read_opts(&asked, opts))
        return with_errno(-EINVAL);
    // From C any number may come, also one that is no value of the installed header's enumeration; as a
    // number it is fine.
    using number __attribute__((may_alias)) = uint32_t;
    static_assert(sizeof(map_type) == sizeof(number));
    asked.attr.map_type = *reinterpret_cast<const number *>(&map_type);
    asked.attr.key_size = key_size;
    asked.attr.value_size = value_size;
    asked.attr.max_entries = max_entries;
    encode_name(asked.attr.map_name, map_name);
    return with_errno(create(&asked));
}
