// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_TOOLS_PLACE_H
#define BAREBPF_TOOLS_PLACE_H

#include <string>
#include <vector>

#include "map_set.h"

namespace barebpf::tool
{

// What a mkdir or mount line changed, or would change; nothing when all is as it says. Throws a failure when
// it cannot be done.
std::vector<std::string> apply_place(const place_line &line, bool dry_run);

// How mode and owner of a file differ from those of a line, as "mode is 0600, not 0640".
std::vector<std::string> attribute_differences(const std::string &path, uint32_t mode, uint32_t owner,
                                               uint32_t group);

} // namespace barebpf::tool

#endif
