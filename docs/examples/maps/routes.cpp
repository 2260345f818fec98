// SPDX-License-Identifier: BSD-2-Clause
// An LPM trie of IPv4 routes: the key is a prefix length and an address in network order.
#include <barebpf/map.hpp>
#include <stdio.h>

int main()
{
    struct ipv4 {
        uint8_t bytes[4];
    };
    auto made = barebpf::map<barebpf::lpm_key<ipv4>, uint32_t>::create(
        {.type = barebpf::map_type::lpm_trie,
         .max_entries = 256,
         .name = "routes",
         .flags = barebpf::map_flags::no_prealloc}); // an lpm_trie needs it
    if (!made)
        return 1;

    (void)made->set({8, {{10, 0, 0, 0}}}, 1);  // 10.0.0.0/8 by interface 1
    (void)made->set({16, {{10, 1, 0, 0}}}, 2); // 10.1.0.0/16 by interface 2

    printf("10.1.2.3 by interface %u\n", *made->get({32, {{10, 1, 2, 3}}}));
    printf("10.9.9.9 by interface %u\n", *made->get({32, {{10, 9, 9, 9}}}));
    printf("192.0.2.1: %s\n", made->get({32, {{192, 0, 2, 1}}}).error().name());
    return 0;
}
// Prints:
// 10.1.2.3 by interface 2
// 10.9.9.9 by interface 1
// 192.0.2.1: ENOENT
