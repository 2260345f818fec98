// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_LIB_CREATE_H
#define BAREBPF_LIB_CREATE_H

#include "opts.h"

namespace barebpf
{

// Makes the map an attr describes: a descriptor of at least 3, or -errno.
int create(const map_create_attr &attr, const log_request &log);

} // namespace barebpf

#endif
