// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_TOOLS_FILL_H
#define BAREBPF_TOOLS_FILL_H

#include <cstddef>
#include <cstdint>
#include <vector>

#include "map_set.h"

namespace barebpf::tool
{

// Sets the elements that follow a map's line in its file. For one map after the other.
class filler
{
public:
    // The reader has just returned the map's line; it reads on to the last `set` line. Returns 0, or -errno
    // of the first element that the kernel refused.
    int fill(map_reader *reader, int map);

    uint64_t elements = 0; // that were set
    uint32_t line = 0;     // of the element that was refused

private:
    std::vector<char> scratch;
};

// Bytes of an element's values of all CPUs, as the kernel reads them.
size_t whole_value_size(uint32_t map_type, uint32_t value_size, uint32_t cpus);

} // namespace barebpf::tool

#endif
