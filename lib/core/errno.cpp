// SPDX-License-Identifier: BSD-2-Clause
#include "errno.h"

namespace barebpf
{

// Where the C library keeps errno, if there is one: glibc and musl, then bionic. Weak, so a program without a
// C library links this file too; visible, because they are not ours to hide. The names here are ours so as
// not to repeat declarations of <errno.h>.
int *glibc_errno_location() noexcept asm("__errno_location") __attribute__((weak, visibility("default")));
int *bionic_errno_location() noexcept asm("__errno") __attribute__((weak, visibility("default")));

int set_errno(int refused)
{
    if (glibc_errno_location)
        *glibc_errno_location() = -refused;
    else if (bionic_errno_location)
        *bionic_errno_location() = -refused;
    return refused;
}

} // namespace barebpf
