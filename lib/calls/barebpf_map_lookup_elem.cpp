// SPDX-License-Identifier: BSD-2-Clause
#include "barebpf/barebpf.h"

#include "elem.h"

using namespace barebpf;

extern "C" int barebpf_map_lookup_elem(int fd, const void *key, void *value, uint64_t flags)
{
    return elem<sys::command::map_lookup_elem>(fd, key, value, flags);
}
