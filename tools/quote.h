// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_TOOLS_QUOTE_H
#define BAREBPF_TOOLS_QUOTE_H

#include <string>
#include <string_view>

namespace barebpf::tool
{

// Text from outside (arguments, names, paths, the kernel's words) as a terminal may show it: on one line,
// with control characters, invisible characters and bytes that are not UTF-8 escaped, and each backslash
// doubled.
std::string visible(std::string_view text);

// The same between single quotes.
std::string in_quotes(std::string_view text);

} // namespace barebpf::tool

#endif
