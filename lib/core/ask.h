// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_LIB_CORE_ASK_H
#define BAREBPF_LIB_CORE_ASK_H

#include "barebpf/bpf.h"
#include "sys.h"

namespace barebpf
{

// BPF_MAP_CREATE, once, without a log: the kernel's descriptor or -errno.
#if BAREBPF_FOR_SPEED
inline int ask(const map_create_attr *attr)
{
    return sys::bpf<sys::command::map_create>(attr);
}
#else
int ask(const map_create_attr *attr);
#endif

struct attempt {
    int answer;
    uint32_t calls; // of bpf(2); 0 if what the caller said about a log breaks the sz contract
};

// With a log, and if that fails without it. A kernel before 7.2 does not know the command (EINVAL), one that
// does may refuse the log rather than the map (EINVAL, EFAULT, ENOSPC), and a seccomp filter may refuse
// either: the answer that counts is the one without a log.
attempt ask_with_log(const map_create_attr *attr, bpf_log_opts *log);

} // namespace barebpf

#endif
