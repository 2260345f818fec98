// SPDX-License-Identifier: BSD-2-Clause
#include "barebpf/bpf.h"

#include "lib/core/libbpf_name.h"
#include "obj.h"

using namespace barebpf;

extern "C" BAREBPF_WEAK int bpf_obj_pin(int fd, const char *pathname)
{
    return pin_object(fd, pathname);
}
