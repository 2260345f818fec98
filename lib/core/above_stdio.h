// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_LIB_CORE_ABOVE_STDIO_H
#define BAREBPF_LIB_CORE_ABOVE_STDIO_H

namespace barebpf
{

int move_above_stdio(int fd);

// The kernel hands out the lowest free number. 0 to 2 would become the program's standard streams, and 0
// means "none" in bpf(2) itself, so such a descriptor is moved; if it cannot be, it does not stay open.
// Errors pass through.
inline int above_stdio(int fd)
{
    return fd < 0 || fd > 2 ? fd : move_above_stdio(fd);
}

} // namespace barebpf

#endif
