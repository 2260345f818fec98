// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_LIB_BOOT_ENSURE_STRUCTS_H
#define BAREBPF_LIB_BOOT_ENSURE_STRUCTS_H

#include "barebpf/boot.h"
#include "lib/core/own_structs.h"

namespace barebpf
{

BAREBPF_GROWS(barebpf_ensure_opts)
BAREBPF_GROWS(barebpf_ensure_report)

} // namespace barebpf

#endif
