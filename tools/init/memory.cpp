// SPDX-License-Identifier: BSD-2-Clause
#include "memory.h"

namespace barebpf::init
{

int grow(region *of, size_t size)
{
    constexpr size_t smallest = 64 << 10;
    constexpr size_t largest = SIZE_MAX / 4;
    if (size <= of->size)
        return 0;
    if (size > largest)
        return -ENOMEM;
    size_t grown = of->size ? of->size : smallest;
    while (grown < size)
        grown += grown;
    const long result = of->size ? move_memory(of->bytes, of->size, grown) : map_memory(grown);
    if (is_error(result))
        return static_cast<int>(result);
    of->bytes = reinterpret_cast<char *>(result);
    of->size = grown;
    return 0;
}

} // namespace barebpf::init
