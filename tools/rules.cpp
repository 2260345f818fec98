// SPDX-License-Identifier: BSD-2-Clause
// Prints the table of docs/rules.md from the library's own list.
#include <cstdio>
#include <fmt/format.h>
#include <string>
#include <utility>

#include <barebpf/explain.h>

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

std::string sentence_of(const barebpf_cause &about)
{
    std::string text = about.text;
    for (const auto &[placeholder, word] : placeholders)
        for (size_t at = text.find(placeholder); at != std::string::npos; at = text.find(placeholder))
            text.replace(at, std::string(placeholder).size(), word);
    return text;
}

std::string release(uint32_t number)
{
    const uint32_t patch = number & 255;
    const std::string whole = fmt::format("{}.{}", number >> 16, number >> 8 & 255);
    return patch ? fmt::format("{}.{}", whole, patch) : whole;
}

// "4.14 to 5.2", "from 5.6", "all", and the stable releases that have it too.
std::string kernels_of(const barebpf_cause &about)
{
    std::string text;
    if (about.since && about.until)
        text = fmt::format("{} until {}", release(about.since), release(about.until));
    else if (about.since)
        text = "from " + release(about.since);
    else if (about.until)
        text = "until " + release(about.until);
    for (const uint32_t backport : about.backports)
        if (backport)
            text += (text.empty() ? "from " : ", ") + release(backport);
    return text.empty() ? "all" : text;
}

void print_rule(uint32_t cause)
{
    barebpf_cause about{};
    about.sz = sizeof(about);
    barebpf_cause_about(cause, &about);
    const char *member = about.member == BAREBPF_NO_MEMBER ? "" : barebpf_map_field_name(about.member);
    fmt::print("| `{}` | {} | {} | {} | {} | `{}` |\n", about.name, sentence_of(about), member,
               barebpf_errno_name(about.error), kernels_of(about), about.source);
}

} // namespace

int main()
{
    fmt::print("| rule | what it says | member | errno | kernels | source |\n|---|---|---|---|---|---|\n");
    int cause = 0;
    for (uint32_t index = 0; (cause = barebpf_cause_at(index)) >= 0; index++)
        print_rule(static_cast<uint32_t>(cause));
    return 0;
}
