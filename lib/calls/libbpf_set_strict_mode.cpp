// SPDX-License-Identifier: BSD-2-Clause
#include "barebpf/libbpf.h"

#include "lib/core/libbpf_name.h"

extern "C" BAREBPF_WEAK int libbpf_set_strict_mode(enum libbpf_strict_mode)
{
    return 0;
}
