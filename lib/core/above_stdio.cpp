// SPDX-License-Identifier: BSD-2-Clause
#include "above_stdio.h"

#include "errno.h"
#include "sys.h"

namespace barebpf
{

int move_above_stdio(int fd)
{
    const int moved = sys::duplicate(fd, 3);
    sys::close(fd);
    return moved == -EINVAL ? -EMFILE : moved; // EINVAL: RLIMIT_NOFILE allows no descriptor above 2
}

} // namespace barebpf
