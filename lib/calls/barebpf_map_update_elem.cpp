// SPDX-License-Identifier: BSD-2-Clause
#include "barebpf/barebpf.h"

#include "elem.h"

using namespace barebpf;

extern "C" int barebpf_map_update_elem(int fd, const void *key, const void *value, uint64_t flags)
{
    return elem<sys::command::map_update_elem>(fd, key, value, flags);
}
