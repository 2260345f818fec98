// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_LIB_ASK_H
#define BAREBPF_LIB_ASK_H

#include "attr.h"
#include "opts.h"

namespace barebpf
{

// BPF_MAP_CREATE, once, without a log: the kernel's descriptor or -errno.
int ask(request *asked);

// The first question: with a log if one is wanted, and if that fails without it. A kernel before 7.2 does not
// know the command (EINVAL), one that does may refuse the log rather than the map (EINVAL, EFAULT, ENOSPC),
// and a seccomp filter may refuse either: the answer that counts is the one without a log.
int ask_first(request *asked);

} // namespace barebpf

#endif
