// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_LIB_CORE_ERRNO_LOCATION_H
#define BAREBPF_LIB_CORE_ERRNO_LOCATION_H

namespace barebpf
{

// Where the C library keeps errno, if there is one: glibc and musl, then bionic. Weak, so a program without a
// C library links this file too; visible, because they are not ours to hide. The names here are ours so as
// not to repeat declarations of <errno.h>.
int *glibc_errno_location() noexcept asm("__errno_location") __attribute__((weak, visibility("default")));
int *bionic_errno_location() noexcept asm("__errno") __attribute__((weak, visibility("default")));

} // namespace barebpf

#endif
