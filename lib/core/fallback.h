// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_LIB_CORE_FALLBACK_H
#define BAREBPF_LIB_CORE_FALLBACK_H

#include "attr.h"

namespace barebpf
{

// What bpf_map_create() does after any answer but a descriptor above 2: a descriptor of at least 3, or
// -errno. docs/fallback.md lists the steps. What was given up is no longer in the attr.
int fall_back(map_create_attr *attr, int answer);

} // namespace barebpf

#endif
