// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_TOOLS_DESCRIPTION_H
#define BAREBPF_TOOLS_DESCRIPTION_H

#include <string>
#include <vector>

#include "barebpf/barebpf.h"

namespace barebpf::tool
{

// Bytes of a name that the kernel has room for.
constexpr size_t longest_name = 15;

// The first bytes of a name, as many as the kernel has room for; "" for nullptr.
std::string cut_name(const char *name);

// The map a command line describes. It points into the words.
struct description {
    // Throws a failure when the words are wrong. The page size is what `page` stands for.
    description(const std::vector<const char *> &words, uint32_t page_size);
    explicit description(const std::vector<const char *> &words); // with the page size of this machine

    barebpf_map_words read{};
    barebpf_map_spec spec{};
};

// What barebpf_map_words_parse() found wrong, as a sentence.
std::string broken_rule(const barebpf_map_words &read, const std::vector<const char *> &words);

} // namespace barebpf::tool

#endif
