// SPDX-License-Identifier: BSD-2-Clause
#include "barebpf/bpf.h"

#include "lib/core/libbpf_name.h"
#include "elem.h"

using namespace barebpf;

extern "C" BAREBPF_WEAK int bpf_map_freeze(int fd)
{
    return freeze_map(fd);
}
