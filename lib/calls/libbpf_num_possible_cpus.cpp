// SPDX-License-Identifier: BSD-2-Clause
#include "barebpf/libbpf.h"

#include "lib/core/errno.h"
#include "lib/core/libbpf_name.h"
#include "possible_cpus.h"

using namespace barebpf;

extern "C" BAREBPF_WEAK int libbpf_num_possible_cpus(void)
{
    return with_errno(count_possible_cpus());
}
