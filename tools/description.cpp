// SPDX-License-Identifier: BSD-2-Clause
#include "description.h"

#include <unistd.h>

#include <fmt/format.h>

#include "failure.h"
#include "names.h"

namespace barebpf::tool
{
namespace
{

// The word, or of a list of flags the wrong one.
std::string wrong_part(const barebpf_map_words &read, const std::string &word)
{
    if (read.keyword != std::string("flags"))
        return word;
    return word.substr(read.offset, word.find(',', read.offset) - read.offset);
}

std::string of_value(const barebpf_map_words &read, const std::string &word)
{
    switch (read.rule) {
    case BAREBPF_WORD_TYPE:
        return fmt::format("'{}' is no map type{} (all: barebpf help types)", word,
                           near_it(word, type_names()));
    case BAREBPF_WORD_FLAG:
        return fmt::format("'{}' is no flag{} (all: barebpf help flags)", word, near_it(word, flag_names()));
    case BAREBPF_WORD_NUMBER:
        return fmt::format("'{}' is not a number", word);
    case BAREBPF_WORD_RANGE:
        return fmt::format("'{}' is too large, {} is the most", word,
                           read.keyword == std::string("extra") ? UINT64_MAX : UINT32_MAX);
    default:
        return fmt::format("'{}' is no pin; an inner map is given by its path in a bpffs", word);
    }
}

} // namespace

std::string broken_rule(const barebpf_map_words &read, const std::vector<const char *> &words)
{
    const char *word = read.wrong < words.size() ? words[read.wrong] : "";
    switch (read.rule) {
    case BAREBPF_WORD_KEYWORD:
        return fmt::format("'{}' is no keyword{} (all: barebpf help)", word, near_it(word, keyword_names()));
    case BAREBPF_WORD_ONCE:
        return fmt::format("{} is given twice", read.keyword);
    case BAREBPF_WORD_VALUE:
        return fmt::format("{} has no value", read.keyword);
    case BAREBPF_WORD_NEEDED:
        return fmt::format("{} is missing", read.keyword);
    default:
        return fmt::format("{}: {}", read.keyword, of_value(read, wrong_part(read, word)));
    }
}

std::string cut_name(const char *name)
{
    return name ? std::string(name).substr(0, longest_name) : "";
}

description::description(const std::vector<const char *> &words)
{
    read.sz = sizeof(read);
    spec.sz = sizeof(spec);
    const auto page_size = static_cast<uint32_t>(sysconf(_SC_PAGESIZE));
    if (barebpf_map_words_parse(&read, &spec, words.data(), static_cast<uint32_t>(words.size()), page_size) <
        0)
        throw failure{usage, broken_rule(read, words)};
}

} // namespace barebpf::tool
