// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_TOOLS_HELP_H
#define BAREBPF_TOOLS_HELP_H

#include <vector>

#include "output.h"

namespace barebpf::tool
{

// barebpf help [COMMAND | types | flags]; a failure for an unknown topic.
void help(const std::vector<const char *> &words, format form);

// barebpf version
void version(format form);

} // namespace barebpf::tool

#endif
