// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_LIB_BOOT_ENSURE_MIGRATE_H
#define BAREBPF_LIB_BOOT_ENSURE_MIGRATE_H

#include "barebpf/boot.h"
#include "ensure_description.h"
#include "lib/core/attr.h"

namespace barebpf
{

// Bytes that one copying takes for a key and for a value, which is one of each CPU where they have their own.
struct migration {
    uint64_t key;
    uint64_t value;
};

// Works out, before anything is made, whether elements of a map can be copied into the one wanted. Returns 0;
// -EOPNOTSUPP, and report->uncopied says why not; -ENOBUFS when the scratch in opts is too small, and
// report->scratch_needed says what is enough; else -errno.
int prepare_migration(barebpf_ensure_report *report, const barebpf_ensure_opts &opts,
                      const map_description &old, const map_create_attr &wanted, migration *to);

// Copies the elements of the map behind `from`, which has up to max_entries, into the one behind `to`, as far
// as it has room, and counts them in the report. Returns 0; -EBUSY when the old map changes too quickly; else
// -errno.
int migrate(barebpf_ensure_report *report, const barebpf_ensure_opts &opts, const migration &sizes, int from,
            uint32_t max_entries, int to);

} // namespace barebpf

#endif
