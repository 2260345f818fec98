// SPDX-License-Identifier: BSD-2-Clause
#include "barebpf/barebpf.h"

#include "elem.h"

using namespace barebpf;

extern "C" int barebpf_map_freeze(int fd)
{
    return freeze_map(fd);
}
