// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_LIB_FALLBACK_H
#define BAREBPF_LIB_FALLBACK_H

#include "attr.h"

namespace barebpf
{

// What bpf_map_create() does after the kernel refused a request: a descriptor, or -errno. docs/fallback.md
// lists the steps. attr is used up.
int fall_back(map_create_attr *attr, int refused);

} // namespace barebpf

#endif
