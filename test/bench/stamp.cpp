// SPDX-License-Identifier: BSD-2-Clause
#include <asm/unistd.h>
#include <linux/time.h>
#include <linux/time_types.h>

#include "create_map.h"
#include "lib/arch/arch.h"
#include "test/bare/process.h"

// Creates a map, then writes the time of CLOCK_MONOTONIC to standard output, by the same two calls with and
// without a C library.
int run()
{
    const int fd = create_map();
    __kernel_timespec now;
    barebpf::arch::call(__NR_clock_gettime, CLOCK_MONOTONIC, reinterpret_cast<long>(&now), 0, 0, 0);
    barebpf::arch::call(__NR_write, 1, reinterpret_cast<long>(&now), sizeof(now), 0, 0);
    return fd < 0;
}
