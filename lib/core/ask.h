// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_LIB_CORE_ASK_H
#define BAREBPF_LIB_CORE_ASK_H

#include "barebpf/bpf.h"
#include "sys.h"

namespace barebpf
{

// Makes one BPF_MAP_CREATE request without a log; returns the kernel's descriptor or -errno.
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
    uint32_t calls; // of bpf(2); 0 if the caller's bpf_log_opts break the sz contract
};

// Makes the request with a log and, if that fails, once more without. A kernel before 7.2 does not know the
// command (EINVAL), a newer one may refuse the log rather than the map (EINVAL, EFAULT, ENOSPC), and a
// seccomp filter may refuse either: the result without a log is the one that counts.
attempt ask_with_log(const map_create_attr *attr, bpf_log_opts *log);

} // namespace barebpf

#endif
