// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_LIB_BOOT_ENSURE_MIGRATE_H
#define BAREBPF_LIB_BOOT_ENSURE_MIGRATE_H

#include "barebpf/boot.h"
#include "ensure_description.h"
#include "lib/core/attr.h"

namespace barebpf
{

// True if elements of a map can be copied into the one wanted. Otherwise report->uncopied says why not.
bool can_migrate(barebpf_ensure_report *report, const map_description &old, const map_create_attr &wanted);

// Copies the elements of `old` into the map behind `to`, as far as it has room, and counts them in the
// report. Returns 0; -ENOBUFS when the scratch in opts is too small; -EBUSY when the old map changes too
// quickly; else -errno.
int migrate(barebpf_ensure_report *report, const barebpf_ensure_opts &opts, int from,
            const map_description &old, int to);

} // namespace barebpf

#endif
