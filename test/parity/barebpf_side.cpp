// SPDX-License-Identifier: BSD-2-Clause
#include "barebpf/bpf.h"
#include "barebpf/libbpf.h"
#include "call.h"
#include "lib/core/known.h"

namespace barebpf::parity
{

int create_with_barebpf(const call &made)
{
    learned = {};
    learned.names.learn(known::yes);
    return create_first_with_barebpf(made);
}

int create_first_with_barebpf(const call &made)
{
    return bpf_map_create(static_cast<bpf_map_type>(made.map_type), made.name, made.key_size, made.value_size,
                          made.max_entries, static_cast<const bpf_map_create_opts *>(made.opts));
}

int probe_with_barebpf(uint32_t map_type, const void *opts)
{
    return libbpf_probe_bpf_map_type(static_cast<bpf_map_type>(map_type), opts);
}

} // namespace barebpf::parity
