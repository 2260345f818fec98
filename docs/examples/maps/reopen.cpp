// SPDX-License-Identifier: BSD-2-Clause
// A pinned map is opened again with its sizes checked. Usage: reopen PIN, in a bpffs
#include <barebpf/map.hpp>
#include <stdio.h>

int main(int argc, char **argv)
{
    if (argc != 2) {
        fprintf(stderr, "usage: reopen PIN\n");
        return 2;
    }
    {
        auto made = barebpf::map<uint32_t, uint64_t>::create(
            {.type = barebpf::map_type::hash, .max_entries = 16, .name = "kept"});
        if (!made || !made->set(1, 2) || !made->pin(argv[1]))
            return 1;
    } // the descriptor is closed, the pin keeps the map

    auto again = barebpf::map<uint32_t, uint64_t>::open(argv[1]);
    if (!again)
        return 1;
    printf("1: %llu\n", static_cast<unsigned long long>(*again->get(1)));

    const auto other = barebpf::map<uint32_t, uint32_t>::open(argv[1]);
    if (other.sizes_differ())
        printf("its values have %u bytes, not %u\n", other.map_sizes().value, other.type_sizes().value);
    return 0;
}
// Prints:
// 1: 2
// its values have 8 bytes, not 4
