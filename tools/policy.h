// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_TOOLS_POLICY_H
#define BAREBPF_TOOLS_POLICY_H

#include <string>
#include <string_view>
#include <vector>

#include "barebpf/barebpf.h"

namespace barebpf::tool
{

// What may be given up, in words: each at the number of its BAREBPF_GIVE_UP_* bit.
const std::vector<std::string> &concession_names();

// What create may do without these options: as bpf_map_create(), and a long name is cut.
barebpf_policy default_policy();

// Reads an option such as "--give-up=size"; false when it is no policy option. Throws a failure when its
// value is wrong.
bool take_policy_option(std::string_view option, barebpf_policy *policy);

} // namespace barebpf::tool

#endif
