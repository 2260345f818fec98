// SPDX-License-Identifier: BSD-2-Clause
#include "barebpf/barebpf.h"
#include "barebpf/libbpf.h"
#include "lib/core/libbpf_name.h"
#include "lib/core/mem.h"

extern "C" BAREBPF_WEAK const char *libbpf_bpf_map_type_str(enum bpf_map_type t)
{
    // Any number may come, as to bpf_map_create().
    uint32_t number = 0;
    barebpf::copy(&number, &t, sizeof(number));
    return barebpf_map_type_name(number);
}
