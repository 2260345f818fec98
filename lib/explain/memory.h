// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_LIB_EXPLAIN_MEMORY_H
#define BAREBPF_LIB_EXPLAIN_MEMORY_H

#include "lib/rules/rules.h"

namespace barebpf
{

// Bytes that a map takes when it is made: what fdinfo calls memlock, from 6.1 on.
uint64_t memory_of(const map_create_attr &attr, const environment &around, release kernel);

} // namespace barebpf

#endif
