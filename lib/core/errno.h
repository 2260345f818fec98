// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_LIB_CORE_ERRNO_H
#define BAREBPF_LIB_CORE_ERRNO_H

#include <linux/errno.h>

namespace barebpf
{

// The errno that BPF lets escape from inside the kernel; no UAPI header has it.
inline constexpr int ENOTSUPP = 524;

// Sets the program's errno, if it has one, to -refused, and hands that on.
int set_errno(int refused);

// The public door: hands a result on, and tells the program's errno of an error.
inline int with_errno(int result)
{
    return result < 0 ? set_errno(result) : result;
}

} // namespace barebpf

#endif
