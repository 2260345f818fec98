// SPDX-License-Identifier: BSD-2-Clause
#include "create.h"
#include "errno.h"
#include "known.h"
#include "libbpf_name.h"

using namespace barebpf;

extern "C" BAREBPF_WEAK int bpf_map_create(enum bpf_map_type map_type, const char *map_name, __u32 key_size,
                                           __u32 value_size, __u32 max_entries,
                                           const struct bpf_map_create_opts *opts)
{
    request asked;
    // What stands before map_flags is set below.
    clear<offsetof(map_create_attr, map_flags)>(&asked.attr);
    // From C any number may come, also one that is no value of the installed header's enumeration; as a
    // number it is fine.
    using number __attribute__((may_alias)) = uint32_t;
    static_assert(sizeof(map_type) == sizeof(number));
    volatile map_create_attr *attr = &asked.attr; // or GCC gathers the four in one vector register
    attr->map_type = *reinterpret_cast<const number *>(&map_type);
    attr->key_size = key_size;
    attr->value_size = value_size;
    attr->max_entries = max_entries;
    if (learned.names.recall() != known::no) // a kernel without names is not asked for one again
        encode_name(asked.attr.map_name, map_name);
    if (!read_opts(&asked, opts))
        return with_errno(-EINVAL);
    return with_errno(create(&asked));
}
