// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_LIB_CREATE_H
#define BAREBPF_LIB_CREATE_H

#include "opts.h"

namespace barebpf
{

// Makes the map: a descriptor of at least 3, or -errno. What had to be given up for it is no longer in the
// request.
int create(request *asked);

} // namespace barebpf

#endif
