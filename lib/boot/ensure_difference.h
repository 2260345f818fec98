// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_LIB_BOOT_ENSURE_DIFFERENCE_H
#define BAREBPF_LIB_BOOT_ENSURE_DIFFERENCE_H

#include "barebpf/boot.h"
#include "ensure_description.h"
#include "lib/core/attr.h"
#include "lib/core/concession.h"

namespace barebpf
{

// The map a caller describes.
struct wanted_map {
    map_create_attr attr;
    bool has_name;
    bool frozen;
    uint32_t give_up; // BAREBPF_GIVE_UP_* bits that the policy allows
};

// True if the sizes of this machine decide whether the two max_entries are the same.
bool needs_sizes(const wanted_map &wanted, const shown_map &found);

// Writes the differences, and what is unverified, to the report. Returns how many differences there are.
uint32_t compare(barebpf_ensure_report *report, const wanted_map &wanted, const shown_map &found,
                 const machine_sizes &sizes);

} // namespace barebpf

#endif
