// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_LIB_CORE_FALLBACK_H
#define BAREBPF_LIB_CORE_FALLBACK_H

#include "attr.h"

namespace barebpf
{

// What bpf_map_create() does after any result but a descriptor above 2; docs/fallback.md lists the steps.
// Returns a descriptor of at least 3, or -errno. *attr is left as last requested, without what was given up.
int fall_back(map_create_attr *attr, int answer);

} // namespace barebpf

#endif
