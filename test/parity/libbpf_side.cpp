// SPDX-License-Identifier: BSD-2-Clause
#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "call.h"

namespace barebpf::parity
{
namespace
{

unsigned int warnings;

int count_warning(libbpf_print_level level, const char *, va_list)
{
    warnings += level == LIBBPF_WARN;
    return 0;
}

const libbpf_print_fn_t former_print = libbpf_set_print(count_warning);

} // namespace

const size_t libbpf_known_end = offsetof(bpf_map_create_opts, bpf_map_create_opts__last_field) +
                                sizeof(bpf_map_create_opts::bpf_map_create_opts__last_field);

int create_with_libbpf(const call &made)
{
    return bpf_map_create(static_cast<bpf_map_type>(made.map_type), made.name, made.key_size, made.value_size,
                          made.max_entries, static_cast<const bpf_map_create_opts *>(made.opts));
}

int probe_with_libbpf(uint32_t map_type, const void *opts)
{
    return libbpf_probe_bpf_map_type(static_cast<bpf_map_type>(map_type), opts);
}

unsigned int libbpf_warnings()
{
    return warnings;
}

} // namespace barebpf::parity
