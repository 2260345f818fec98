// SPDX-License-Identifier: BSD-2-Clause
// An array that is filled by one call where the kernel has batches (5.6), then frozen, so that programs may
// read it and user space can no longer change it (5.2).
#include <barebpf/map.hpp>
#include <stdio.h>

int main()
{
    struct limits {
        uint32_t packets;
        uint32_t bytes;
    };
    auto made = barebpf::map<uint32_t, limits>::create(
        {.type = barebpf::map_type::array, .max_entries = 3, .name = "limits"});
    if (!made)
        return 1;

    const uint32_t keys[] = {0, 1, 2};
    const limits values[] = {{10, 1500}, {20, 3000}, {30, 4500}};
    const barebpf::many stored = made->set_many(keys, values, 3);
    printf("stored %u\n", stored.count);

    (void)made->freeze();
    printf("after freeze: %s\n", made->set(0, {1, 1}).error().name());
    printf("limit 2: %u packets, %u bytes\n", made->get(2)->packets, made->get(2)->bytes);
    return 0;
}
// Prints:
// stored 3
// after freeze: EPERM
// limit 2: 30 packets, 4500 bytes
