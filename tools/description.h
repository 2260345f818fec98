// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_TOOLS_DESCRIPTION_H
#define BAREBPF_TOOLS_DESCRIPTION_H

#include <string>
#include <vector>

#include "barebpf/barebpf.h"

namespace barebpf::tool
{

// The map a command line describes. The spec's name points into it.
struct description {
    // Fails, with the rule in words, when the words break one; warns of a name that has to be cut.
    explicit description(const std::vector<const char *> &words);
    description(const description &) = delete;
    description &operator=(const description &) = delete;

    barebpf_map_words read{};
    barebpf_map_spec spec{};

private:
    std::string name;
};

// The rule that barebpf_map_words_parse() found broken, in words.
std::string broken_rule(const barebpf_map_words &read, const std::vector<const char *> &words);

} // namespace barebpf::tool

#endif
