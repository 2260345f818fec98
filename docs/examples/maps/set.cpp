// SPDX-License-Identifier: BSD-2-Clause
// A set of addresses that are blocked.
#include <barebpf/map.hpp>
#include <stdio.h>

int main()
{
    auto made = barebpf::set<uint32_t>::create(
        {.type = barebpf::map_type::hash, .max_entries = 64, .name = "blocked"});
    if (!made)
        return 1;

    (void)made->insert(0xc0000201);
    printf("blocked: %s\n", *made->contains(0xc0000201) ? "yes" : "no");
    printf("the next: %s\n", *made->contains(0xc0000202) ? "yes" : "no");
    return 0;
}
// Prints:
// blocked: yes
// the next: no
