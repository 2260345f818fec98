// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_LIB_EXPLAIN_STRUCTS_H
#define BAREBPF_LIB_EXPLAIN_STRUCTS_H

#include "barebpf/explain.h"
#include "lib/core/own_structs.h"

namespace barebpf
{

BAREBPF_GROWS(barebpf_surroundings)
BAREBPF_GROWS(barebpf_explain_opts)
BAREBPF_GROWS(barebpf_explanation)
BAREBPF_GROWS(barebpf_cause)

} // namespace barebpf

#endif
