// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_LIB_CORE_FALLBACK_H
#define BAREBPF_LIB_CORE_FALLBACK_H

#include "opts.h"

namespace barebpf
{

// What bpf_map_create() does after the kernel refused a request: a descriptor, or -errno. docs/fallback.md
// lists the steps. What was given up is no longer in the request.
int fall_back(request *asked, int refused);

} // namespace barebpf

#endif
