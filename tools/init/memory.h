// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_TOOLS_INIT_MEMORY_H
#define BAREBPF_TOOLS_INIT_MEMORY_H

#include "process.h"

namespace barebpf::init
{

// Memory that grows, and may move then. Zeroed at first; it lasts as long as the process.
struct region {
    char *bytes;
    size_t size;
};

// Returns 0 once a region has so many bytes, or -ENOMEM.
int grow(region *of, size_t size);

// Things in a row, in a region. All are of a size that a power of two divides, or few.
template <typename T> struct list {
    region memory;
    uint32_t count;

    T *begin() const { return reinterpret_cast<T *>(memory.bytes); }
    T &operator[](uint32_t index) const { return begin()[index]; }

    // Returns a zeroed one at the end, or nullptr when there is no memory for it.
    T *add()
    {
        if (grow(&memory, (count + size_t{1}) * sizeof(T)) < 0)
            return nullptr;
        return &begin()[count++];
    }
};

} // namespace barebpf::init

#endif
