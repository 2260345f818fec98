// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_TOOLS_CHECK_H
#define BAREBPF_TOOLS_CHECK_H

#include <vector>

#include "check_scope.h"
#include "output.h"

namespace barebpf::tool
{

// barebpf check: prints which releases take a map, or each map of a map file, without asking any kernel.
// Returns false when a release that was asked about refuses one, or, where none was named, when every one
// does.
bool check(const std::vector<const char *> &words, const check_scope &scope, format form);

} // namespace barebpf::tool

#endif
