// SPDX-License-Identifier: BSD-2-Clause
// A queue; with map_type::stack the same is a stack.
#include <barebpf/map.hpp>
#include <stdio.h>

int main()
{
    auto made = barebpf::queue<uint32_t>::create(
        {.type = barebpf::map_type::queue, .max_entries = 2, .name = "jobs"});
    if (!made)
        return 1;

    (void)made->push(1);
    (void)made->push(2);
    printf("a third: %s\n", made->push(3).error().name());
    while (auto job = made->pop())
        printf("job %u\n", *job);
    return 0;
}
// Prints:
// a third: E2BIG
// job 1
// job 2
