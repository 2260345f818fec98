// SPDX-License-Identifier: BSD-2-Clause
// Per-CPU counters: programs add to their own CPU's value, user space sums them up.
#include <barebpf/map.hpp>
#include <stdio.h>

int main()
{
    using counter = barebpf::percpu<uint64_t, 1024>; // room for 1,024 CPUs
    auto made = barebpf::map<uint32_t, counter>::create(
        {.type = barebpf::map_type::percpu_array, .max_entries = 1, .name = "packets"});
    if (!made)
        return 1;

    auto found = made->get(0);
    if (!found)
        return 1;
    counter &packets = *found;
    for (uint32_t cpu = 0; cpu < packets.size(); cpu++)
        packets[cpu] = 5;
    (void)made->set(0, packets);

    printf("every CPU counted 5: %s\n", made->get(0)->sum() == 5 * packets.size() ? "yes" : "no");
    return 0;
}
// Prints:
// every CPU counted 5: yes
