// SPDX-License-Identifier: BSD-2-Clause
#include "description.h"

#include <unistd.h>

#include <fmt/format.h>

#include "failure.h"
#include "names.h"
#include "quote.h"

namespace barebpf::tool
{
namespace
{

// The wrong word, or the wrong flag in a list of flags.
std::string wrong_part(const barebpf_map_words &read, const std::string &word)
{
    if (read.keyword != std::string("flags"))
        return word;
    return word.substr(read.offset, word.find(',', read.offset) - read.offset);
}

// What other tools and the kernel call the same.
std::vector<std::string> meant_keywords(std::string_view word)
{
    constexpr struct {
        std::string_view name;
        const char *keyword;
    } others[] = {
        {"map_type", "type"},
        {"key_size", "key"},
        {"value_size", "value"},
        {"max_entries", "entries"},
        {"map_name", "name"},
        {"map_flags", "flags"},
        {"map_extra", "extra"},
        {"numa_node", "numa"},
        {"inner_map_fd", "inner_map"},
        {"map_ifindex", "offload_dev"},
        {"btf_fd", "btf"},
        {"btf_key_type_id", "key_type"},
        {"btf_value_type_id", "value_type"},
        {"btf_vmlinux_value_type_id", "value_type"},
        {"map_token_fd", "token"},
    };
    for (const auto &other : others)
        if (other.name == word)
            return {other.keyword};
    return near_names(word, keyword_names());
}

std::string not_a_keyword(const barebpf_map_words &read, const std::string &word)
{
    if (read.wrong > 0 && word.find('/') != word.npos)
        return fmt::format("unexpected {}; if it is the PIN, it must come before the keywords",
                           in_quotes(word));
    const std::vector<std::string> meant = meant_keywords(word);
    return fmt::format("unknown keyword {}{}; see barebpf help create", in_quotes(word), did_you_mean(meant));
}

std::string not_a_number(const barebpf_map_words &read, const std::string &word)
{
    const bool is_size = read.keyword == std::string("key") || read.keyword == std::string("value") ||
                         read.keyword == std::string("entries");
    if (word.starts_with('-'))
        return fmt::format("{} is negative", in_quotes(word));
    if (read.keyword == std::string("inner_map"))
        return fmt::format("{} is not the id of a map; ids begin at 1", in_quotes(word));
    return is_size ? fmt::format("{} is not a size (such as 12, 0x10, 64K, 1M or page)", in_quotes(word))
                   : fmt::format("{} is not a number (such as 12 or 0x10)", in_quotes(word));
}

std::string of_value(const barebpf_map_words &read, const std::string &word)
{
    switch (read.rule) {
    case BAREBPF_WORD_TYPE:
        return fmt::format("unknown map type {}{}; see barebpf help types", in_quotes(word),
                           did_you_mean(word, type_names()));
    case BAREBPF_WORD_FLAG:
        return fmt::format("unknown flag {}{}; see barebpf help flags", in_quotes(word),
                           did_you_mean(word, flag_names()));
    case BAREBPF_WORD_NUMBER:
        return not_a_number(read, word);
    case BAREBPF_WORD_RANGE:
        return fmt::format("{} is too large; the maximum is {}", in_quotes(word),
                           read.keyword == std::string("extra") ? UINT64_MAX : UINT32_MAX);
    default:
        return in_quotes(word);
    }
}

} // namespace

std::string broken_rule(const barebpf_map_words &read, const std::vector<const char *> &words)
{
    const char *word = read.wrong < words.size() ? words[read.wrong] : "";
    switch (read.rule) {
    case BAREBPF_WORD_KEYWORD:
        return not_a_keyword(read, word);
    case BAREBPF_WORD_ONCE:
        return fmt::format("{} is given twice", read.keyword);
    case BAREBPF_WORD_VALUE:
        return fmt::format("{} needs a value", read.keyword);
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
    : description(words, static_cast<uint32_t>(sysconf(_SC_PAGESIZE)))
{
}

description::description(const std::vector<const char *> &words, uint32_t page_size)
{
    read.sz = sizeof(read);
    spec.sz = sizeof(spec);
    if (barebpf_map_words_parse(&read, &spec, words.data(), static_cast<uint32_t>(words.size()), page_size) <
        0)
        throw failure{usage, broken_rule(read, words)};
}

} // namespace barebpf::tool
