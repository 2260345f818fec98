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

// What create may do unless it is told otherwise: as bpf_map_create(), which also cuts a long name.
barebpf_policy default_policy();

// Takes in an option, "--give-up=size"; false when it is none of a policy's. Fails, with the rule in words,
// when its value breaks one.
bool take_policy_option(std::string_view option, barebpf_policy *policy);

} // namespace barebpf::tool

#endif
