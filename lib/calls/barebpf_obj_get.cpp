// SPDX-License-Identifier: BSD-2-Clause
#include "barebpf/barebpf.h"

#include "obj.h"

using namespace barebpf;

extern "C" int barebpf_obj_get(const char *path)
{
    return get_object(path);
}
