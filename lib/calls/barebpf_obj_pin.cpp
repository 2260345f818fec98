// SPDX-License-Identifier: BSD-2-Clause
#include "barebpf/barebpf.h"

#include "obj.h"

using namespace barebpf;

extern "C" int barebpf_obj_pin(int fd, const char *path)
{
    return pin_object(fd, path);
}
