// SPDX-License-Identifier: BSD-2-Clause
// A hash: set, get, erase, and a loop over its elements.
#include <barebpf/map.hpp>
#include <stdio.h>

int main()
{
    auto made = barebpf::map<uint32_t, uint64_t>::create(
        {.type = barebpf::map_type::hash, .max_entries = 1024, .name = "flows"});
    if (!made) {
        fprintf(stderr, "no map: %s\n", made.error().name());
        return 1;
    }
    auto &flows = *made; // the map is closed when `made` goes out of scope

    (void)flows.set(7, 100);
    if (!flows.set(7, 200, barebpf::when::if_absent))
        printf("7 is there already: %llu\n", static_cast<unsigned long long>(*flows.get(7)));

    auto elements = flows.elements();
    for (const auto &[key, value] : elements)
        printf("%u: %llu\n", key, static_cast<unsigned long long>(value));
    if (elements.error().number) // the loop ended early
        return 1;

    (void)flows.erase(7);
    printf("after erase: %s\n", flows.get(7).error().name());
    return 0;
}
// Prints:
// 7 is there already: 100
// 7: 100
// after erase: ENOENT
