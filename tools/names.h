// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_TOOLS_NAMES_H
#define BAREBPF_TOOLS_NAMES_H

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace barebpf::tool
{

const std::vector<std::string> &type_names();
const std::vector<std::string> &flag_names();
const std::vector<std::string> &keyword_names();

// A type as people write it: "hash", or "type 77".
std::string type_text(uint32_t map_type);

// The names of the flags that are set; a number for a flag without a name.
std::vector<std::string> flags_of(uint32_t bits);

// How many insertions, deletions, changes and swaps of neighbours lead from one to the other.
size_t distance(std::string_view a, std::string_view b);

// The names, at most three, that someone who wrote `word` may have meant, nearest first. Case does not
// matter, nor does the kernel's BPF_MAP_TYPE_ or BPF_F_.
std::vector<std::string> near_names(std::string_view word, const std::vector<std::string> &names);

// The same as part of a sentence: " (did you mean hash or rhash?)", or nothing.
std::string did_you_mean(std::string_view word, const std::vector<std::string> &names);
std::string did_you_mean(std::vector<std::string> meant);

// A type or flag in lower case, without the kernel's BPF_MAP_TYPE_ or BPF_F_.
std::string bare_name(std::string_view word);

} // namespace barebpf::tool

#endif
