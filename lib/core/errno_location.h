// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_LIB_CORE_ERRNO_LOCATION_H
#define BAREBPF_LIB_CORE_ERRNO_LOCATION_H

namespace barebpf
{

// Where the C library, if there is one, keeps errno: glibc and musl, then bionic. Weak, so that a program
// without a C library links too; of default visibility, because the symbols belong to the C library. They
// have names of our own here so as not to repeat declarations of <errno.h>.
int *glibc_errno_location() noexcept asm("__errno_location") __attribute__((weak, visibility("default")));
int *bionic_errno_location() noexcept asm("__errno") __attribute__((weak, visibility("default")));

} // namespace barebpf

#endif
