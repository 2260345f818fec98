// SPDX-License-Identifier: BSD-2-Clause
#include "barebpf/barebpf.h"

#include "obj.h"

using namespace barebpf;

extern "C" int barebpf_map_get_fd_by_id(uint32_t id)
{
    id_attr attr;
    encode(&attr, id);
    return get_fd<sys::command::map_get_fd_by_id>(attr);
}
