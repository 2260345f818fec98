// SPDX-License-Identifier: BSD-2-Clause
#include "names.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "barebpf/barebpf.h"

namespace barebpf::tool
{

std::string bare_name(std::string_view word)
{
    std::string lower(word);
    for (char &c : lower)
        if (c >= 'A' && c <= 'Z')
            c = static_cast<char>(c - 'A' + 'a');
    for (const std::string_view prefix : {"bpf_map_type_", "bpf_f_"})
        if (lower.starts_with(prefix))
            return lower.substr(prefix.size());
    return lower;
}

const std::vector<std::string> &type_names()
{
#define BAREBPF_NAME(upper, lower, number) #lower,
    static const std::vector<std::string> names = {BAREBPF_MAP_TYPES(BAREBPF_NAME)};
    return names;
}

const std::vector<std::string> &flag_names()
{
    static const std::vector<std::string> names = {BAREBPF_MAP_FLAGS(BAREBPF_NAME)};
#undef BAREBPF_NAME
    return names;
}

const std::vector<std::string> &keyword_names()
{
    static const std::vector<std::string> names = {
        "type", "key",       "value",       "entries", "name",     "flags",      "extra",
        "numa", "inner_map", "offload_dev", "btf",     "key_type", "value_type", "token"};
    return names;
}

std::string type_text(uint32_t map_type)
{
    const char *name = barebpf_map_type_name(map_type);
    return name ? name : fmt::format("type {}", map_type);
}

std::vector<std::string> flags_of(uint32_t bits)
{
    std::vector<std::string> names;
    for (uint32_t bit = 0; bit < 32; bit++) {
        const char *name = barebpf_map_flag_name(bit);
        if (bits >> bit & 1)
            names.push_back(name ? name : fmt::format("{:#x}", 1u << bit));
    }
    return names;
}

size_t distance(std::string_view a, std::string_view b)
{
    // row[j] is the distance from the first i bytes of a to the first j of b; `before`, two rows back, is for
    // swaps.
    std::vector<size_t> before, last(b.size() + 1), row(b.size() + 1);
    for (size_t j = 0; j <= b.size(); j++)
        row[j] = j;
    for (size_t i = 1; i <= a.size(); i++) {
        before = last;
        last = row;
        row[0] = i;
        for (size_t j = 1; j <= b.size(); j++) {
            row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + (a[i - 1] != b[j - 1])});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                row[j] = std::min(row[j], before[j - 2] + 1);
        }
    }
    return row[b.size()];
}

std::vector<std::string> near_names(std::string_view word, const std::vector<std::string> &names)
{
    const std::string meant = bare_name(word);
    std::vector<std::pair<size_t, std::string>> found;
    for (const std::string &name : names) {
        const size_t far = distance(meant, name);
        const bool begun = meant.size() > 1 && name.starts_with(meant);
        if (begun || far <= std::max(meant.size(), name.size()) / 3)
            found.emplace_back(far, name);
    }
    std::stable_sort(found.begin(), found.end(),
                     [](const auto &a, const auto &b) { return a.first < b.first; });
    std::vector<std::string> near;
    for (size_t i = 0; i < found.size() && i < 3; i++)
        near.push_back(found[i].second);
    return near;
}

std::string did_you_mean(std::string_view word, const std::vector<std::string> &names)
{
    return did_you_mean(near_names(word, names));
}

std::string did_you_mean(std::vector<std::string> meant)
{
    if (meant.empty())
        return "";
    const std::string last = meant.back();
    meant.pop_back();
    return fmt::format(" (did you mean {}{}{}?)", fmt::join(meant, ", "), meant.empty() ? "" : " or ", last);
}

} // namespace barebpf::tool
