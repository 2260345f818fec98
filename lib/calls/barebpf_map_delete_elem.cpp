// SPDX-License-Identifier: BSD-2-Clause
#include "barebpf/barebpf.h"

#include "elem.h"

using namespace barebpf;

extern "C" int barebpf_map_delete_elem(int fd, const void *key)
{
    return elem<sys::command::map_delete_elem>(fd, key, nullptr, 0);
}
