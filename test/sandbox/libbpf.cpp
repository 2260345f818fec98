// SPDX-License-Identifier: BSD-2-Clause
#include "map.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

// libbpf's own bpf_map_create, which the build renames: the other one is barebpf's.
extern "C" decltype(bpf_map_create) libbpf_bpf_map_create;

namespace barebpf::test
{

int make_by_libbpf(const request &wanted)
{
    bpf_map_create_opts opts{};
    opts.sz = sizeof(opts);
    opts.map_flags = wanted.flags;
    return libbpf_bpf_map_create(static_cast<bpf_map_type>(wanted.type), wanted.name, wanted.key_size,
                                 wanted.value_size, wanted.max_entries, &opts);
}

int libbpf_version()
{
    return static_cast<int>(libbpf_major_version() * 100 + libbpf_minor_version());
}

} // namespace barebpf::test
