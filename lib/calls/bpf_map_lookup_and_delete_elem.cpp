// SPDX-License-Identifier: BSD-2-Clause
#include "barebpf/bpf.h"

#include "lib/core/libbpf_name.h"
#include "elem.h"

using namespace barebpf;

extern "C" BAREBPF_WEAK int bpf_map_lookup_and_delete_elem(int fd, const void *key, void *value)
{
    return elem<sys::command::map_lookup_and_delete_elem>(fd, key, value, 0);
}
