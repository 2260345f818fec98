// SPDX-License-Identifier: BSD-2-Clause
#include "rule_text.h"

#include <utility>

#include <fmt/format.h>

namespace barebpf::tool
{
namespace
{

// What stands between braces in a sentence depends on the request.
constexpr std::pair<const char *, const char *> placeholders[] = {
    {"{kernel}", "R"},
    {"{a}", "such a map"},
    {"{type}", "such"},
    {"{stray}", "F"},
    {"{f0}", "F"},
    {"{m0}", "a member"},
    {"{s0}", "with a later release"},
    {"{c1}", "what stands"},
    {"{sp0}", "a special member"},
    {"{x0}", "N"},
    {"{0}", "N"},
    {"{1}", "M"},
};

} // namespace

std::string whole_release(uint32_t number)
{
    const uint32_t patch = number & 255;
    const std::string whole = fmt::format("{}.{}", number >> 16, number >> 8 & 255);
    return patch ? fmt::format("{}.{}", whole, patch) : whole;
}

std::string rule_sentence(const barebpf_cause &about)
{
    std::string text = about.text;
    for (const auto &[placeholder, word] : placeholders)
        for (size_t at = text.find(placeholder); at != std::string::npos; at = text.find(placeholder))
            text.replace(at, std::string(placeholder).size(), word);
    return text;
}

std::string rule_kernels(const barebpf_cause &about)
{
    std::string text;
    if (about.since && about.until)
        text = fmt::format("{} until {}", whole_release(about.since), whole_release(about.until));
    else if (about.since)
        text = "from " + whole_release(about.since);
    else if (about.until)
        text = "until " + whole_release(about.until);
    for (const uint32_t backport : about.backports)
        if (backport)
            text += (text.empty() ? "from " : ", ") + whole_release(backport);
    return text.empty() ? "all" : text;
}

} // namespace barebpf::tool
