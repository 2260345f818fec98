// SPDX-License-Identifier: BSD-2-Clause
#include "barebpf/bpf.h"

#include "lib/core/libbpf_name.h"
#include "elem.h"

using namespace barebpf;

extern "C" BAREBPF_WEAK int bpf_map_get_next_key(int fd, const void *key, void *next_key)
{
    return get_next_key(fd, key, next_key);
}
