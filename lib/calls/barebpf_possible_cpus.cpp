// SPDX-License-Identifier: BSD-2-Clause
#include "barebpf/barebpf.h"

#include "lib/core/errno.h"
#include "possible_cpus.h"

using namespace barebpf;

extern "C" int barebpf_possible_cpus(void)
{
    return with_errno(count_possible_cpus());
}
