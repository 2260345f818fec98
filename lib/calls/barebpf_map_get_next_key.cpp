// SPDX-License-Identifier: BSD-2-Clause
#include "barebpf/barebpf.h"

#include "elem.h"

using namespace barebpf;

extern "C" int barebpf_map_get_next_key(int fd, const void *key, void *next_key)
{
    return get_next_key(fd, key, next_key);
}
