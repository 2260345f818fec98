// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_LIB_CORE_SPEC_H
#define BAREBPF_LIB_CORE_SPEC_H

#include "attr.h"

namespace barebpf
{

// Fills the attr from a caller's spec: 0, or -EINVAL when there is none or its sz is broken. A name that is
// too long is cut, which *name_cut says.
int read_spec(map_create_attr *attr, bool *name_cut, const barebpf_map_spec *given);

} // namespace barebpf

#endif
