// SPDX-License-Identifier: BSD-2-Clause
#include "errno.h"

#include "errno_location.h"

namespace barebpf
{

int set_errno(int refused)
{
    if (glibc_errno_location)
        *glibc_errno_location() = -refused;
    else if (bionic_errno_location)
        *bionic_errno_location() = -refused;
    return refused;
}

} // namespace barebpf
