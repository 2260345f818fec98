// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_TOOLS_HELP_H
#define BAREBPF_TOOLS_HELP_H

#include <string>
#include <vector>

namespace barebpf::tool
{

// barebpf help [types|flags]: the text asked for, or a failure for a topic there is none of.
std::string help(const std::vector<const char *> &words);

} // namespace barebpf::tool

#endif
