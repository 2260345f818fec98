// SPDX-License-Identifier: BSD-2-Clause
#include "barebpf/barebpf.h"

#include "obj.h"

using namespace barebpf;

extern "C" int barebpf_close(int fd)
{
    return with_errno(sys::close(fd));
}
