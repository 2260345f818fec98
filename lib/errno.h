// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_LIB_ERRNO_H
#define BAREBPF_LIB_ERRNO_H

#include <linux/errno.h>

namespace barebpf
{

// The errno that BPF lets escape from inside the kernel; no UAPI header has it.
inline constexpr int ENOTSUPP = 524;

// The public door: hands a result on and, if it is -errno and the program has an errno, sets that.
int with_errno(int result);

} // namespace barebpf

#endif
