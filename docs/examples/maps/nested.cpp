// SPDX-License-Identifier: BSD-2-Clause
// A map of maps: one inner map a customer, each of the same shape as the template.
#include <barebpf/map.hpp>
#include <stdio.h>

int main()
{
    using inner = barebpf::map<uint32_t, uint64_t>;
    const barebpf::map_spec shape = {.type = barebpf::map_type::hash, .max_entries = 16, .name = "customer"};
    auto one = inner::create(shape);
    if (!one)
        return 1;
    auto made = barebpf::map_of_maps<uint32_t, inner>::create(
        {.type = barebpf::map_type::hash_of_maps, .max_entries = 8, .name = "customers"}, *one);
    if (!made)
        return 1;

    (void)one->set(1, 11);
    (void)made->set(42, *one);

    if (auto found = made->get(42)) // opened by its id, which needs CAP_SYS_ADMIN
        printf("customer 42: %llu\n", static_cast<unsigned long long>(*found->get(1)));
    printf("customer 43: %s\n", made->get(43).error().name());
    return 0;
}
// Prints:
// customer 42: 11
// customer 43: ENOENT
