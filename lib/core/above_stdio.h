// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_LIB_CORE_ABOVE_STDIO_H
#define BAREBPF_LIB_CORE_ABOVE_STDIO_H

namespace barebpf
{

int move_above_stdio(int fd);

// The kernel returns the lowest free descriptor. 0 to 2 would become the program's standard streams, and
// bpf(2) itself takes 0 for "none", so such a descriptor is moved to 3 or above; if that fails, it is closed.
// An error is returned as it is.
inline int above_stdio(int fd)
{
    return fd < 0 || fd > 2 ? fd : move_above_stdio(fd);
}

} // namespace barebpf

#endif
