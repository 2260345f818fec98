// SPDX-License-Identifier: BSD-2-Clause
// Prints the table of docs/rules.md from the library's own list.
#include <cstdio>
#include <fmt/format.h>

#include "rule_text.h"

using namespace barebpf::tool;

namespace
{

void print_rule(uint32_t cause)
{
    barebpf_cause about{};
    about.sz = sizeof(about);
    barebpf_cause_about(cause, &about);
    const char *member = about.member == BAREBPF_NO_MEMBER ? "" : barebpf_map_field_name(about.member);
    fmt::print("| `{}` | {} | {} | {} | {} | `{}` |\n", about.name, rule_sentence(about), member,
               barebpf_errno_name(about.error), rule_kernels(about), about.source);
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
