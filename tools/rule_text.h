// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_TOOLS_RULE_TEXT_H
#define BAREBPF_TOOLS_RULE_TEXT_H

#include <string>

#include "barebpf/explain.h"

namespace barebpf::tool
{

// "5.8", "5.10.200"
std::string whole_release(uint32_t number);

// The sentence of a rule, with letters and words for what depends on the request.
std::string rule_sentence(const barebpf_cause &about);

// "4.14 until 5.2", "from 5.6", "all", and the stable releases that have it too.
std::string rule_kernels(const barebpf_cause &about);

} // namespace barebpf::tool

#endif
