// SPDX-License-Identifier: BSD-2-Clause
#include "barebpf/barebpf.h"

#include "obj.h"

using namespace barebpf;

extern "C" int barebpf_obj_get_info_by_fd(int fd, void *info, uint32_t *size)
{
    return get_info(fd, info, size);
}
