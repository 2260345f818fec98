// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_TOOLS_CHECK_H
#define BAREBPF_TOOLS_CHECK_H

#include <string>
#include <vector>

#include "check_scope.h"
#include "output.h"

namespace barebpf::tool
{

// The words of a line of a bpftool batch file: separated by blanks, in quotes where they have some; # begins
// a comment. Throws a failure for a quote that does not end.
std::vector<std::string> words_of_line(const std::string &line);

// barebpf check: prints which releases take a map, or each map of a file, without asking any kernel. Returns
// false when a release that was asked about refuses one, or, where none was named, when every one does.
bool check(const std::vector<const char *> &words, const check_scope &scope, format form);

} // namespace barebpf::tool

#endif
