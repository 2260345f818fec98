// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_LIB_BOOT_APPLY_STRUCTS_H
#define BAREBPF_LIB_BOOT_APPLY_STRUCTS_H

#include "barebpf/apply.h"
#include "ensure_structs.h"
#include "map_file.h"

namespace barebpf
{

BAREBPF_GROWS(barebpf_map_files)
BAREBPF_GROWS(barebpf_directory)
BAREBPF_GROWS(barebpf_map_filling)

} // namespace barebpf

#endif
