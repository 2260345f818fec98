// SPDX-License-Identifier: BSD-2-Clause
#include "barebpf/libbpf.h"
#include "barebpf/probe.h"
#include "lib/core/errno.h"
#include "lib/core/libbpf_name.h"
#include "lib/core/mem.h"

using namespace barebpf;

extern "C" BAREBPF_WEAK int libbpf_probe_bpf_map_type(enum bpf_map_type map_type, const void *opts)
{
    if (opts)
        return with_errno(-EINVAL);
    // As with bpf_map_create(), a C caller may pass any number.
    uint32_t number = 0;
    copy(&number, &map_type, sizeof(number));
    return barebpf_probe_map_type(number, nullptr);
}
