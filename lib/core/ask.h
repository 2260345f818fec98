// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_LIB_CORE_ASK_H
#define BAREBPF_LIB_CORE_ASK_H

#include "opts.h"
#include "sys.h"

namespace barebpf
{

// BPF_MAP_CREATE, once, without a log: the kernel's descriptor or -errno.
inline int ask(request *asked)
{
    asked->calls++;
    return sys::bpf<sys::command::map_create>(&asked->attr);
}

// With a log, and if that fails without it. A kernel before 7.2 does not know the command (EINVAL), one that
// does may refuse the log rather than the map (EINVAL, EFAULT, ENOSPC), and a seccomp filter may refuse
// either: the answer that counts is the one without a log.
int ask_with_log(request *asked);

// The first question: with a log if one is wanted.
inline int ask_first(request *asked)
{
    asked->calls = 0;
    return asked->log_opts ? ask_with_log(asked) : ask(asked);
}

} // namespace barebpf

#endif
