// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_LIB_CORE_ERRNO_H
#define BAREBPF_LIB_CORE_ERRNO_H

#include <linux/errno.h>

namespace barebpf
{

// The kernel-internal errno that bpf(2) returns all the same; no UAPI header has it.
inline constexpr int ENOTSUPP = 524;

// Sets the program's errno, if it has one, to -refused; returns refused.
int set_errno(int refused);

// Every public function returns through this: returns result, and sets the program's errno if it is an error.
inline int with_errno(int result)
{
    return result < 0 ? set_errno(result) : result;
}

} // namespace barebpf

#endif
