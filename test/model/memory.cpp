// SPDX-License-Identifier: BSD-2-Clause
#include "memory.h"

#include <cstdlib>

#include <unistd.h>

namespace barebpf::test
{
namespace
{

// Sends bytes through a pipe, whose two ends return EFAULT for memory that is not accessible. At most one
// page, which a pipe accepts without waiting for a reader.
bool transfer(void *to, const void *from, size_t size)
{
    int ends[2];
    if (size > 4096 || pipe(ends) != 0)
        std::abort();
    const auto wanted = static_cast<ssize_t>(size);
    const bool moved = write(ends[1], from, size) == wanted && read(ends[0], to, size) == wanted;
    close(ends[0]);
    close(ends[1]);
    return moved;
}

} // namespace

bool copy_from_program(void *to, const void *address, size_t size)
{
    return size == 0 || transfer(to, address, size);
}

bool copy_to_program(void *address, const void *from, size_t size)
{
    return size == 0 || transfer(address, from, size);
}

} // namespace barebpf::test
