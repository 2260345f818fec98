// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_LIB_PROBE_PROBE_H
#define BAREBPF_LIB_PROBE_PROBE_H

#include "lib/core/attr.h"
#include "barebpf/probe.h"
#include "lib/core/sys.h"

// How probes find out what a kernel supports. They return 1 for yes, 0 for no, and -errno when they cannot
// tell.
namespace barebpf
{

// The caller's callback for each syscall; on_call may be nullptr.
struct listener {
    void (*on_call)(void *context, const barebpf_probe_call *call);
    void *context;
};

// Fills a listener; false when opts break the sz contract.
bool read_probe_opts(listener *to, const barebpf_probe_opts *given);

// Reports a bpf(2) call to the listener. Returns result.
int report_call(const listener &to, sys::command command, const void *attr, uint32_t size, int result);

// Requests a map, and closes it if one is made. Returns 0 or -errno.
int ask(const listener &to, const map_create_attr &attr);

// The same with BPF_F_TOKEN_FD and a descriptor that is not open. From 6.9 on the kernel looks the token up
// after it has checked the bytes, the type, and what the type requires in map_alloc_check, and before any
// permission: a request that gets so far is refused with EBADF, whatever the caller's privileges, and makes
// nothing.
int ask_with_bad_token(const listener &to, const map_create_attr &attr);

// Get and set RLIMIT_MEMLOCK of this process. Return 0 or -errno.
int get_memlock(const listener &to, sys::rlimit *limit);
int set_memlock(const listener &to, const sys::rlimit &limit);

// Tests whether the kernel gets to read a command's attr: returns 1 if it refuses, with E2BIG, a size that
// every kernel finds too big whatever the command; else the error it returned, EINVAL for a success. Comes
// first, since the errors of a sandbox that refuses everything say nothing about the kernel.
int reaches_kernel(const listener &to, sys::command command = sys::command::map_create);

// Tests whether the kernel knows the type and the members that are set, once reaches_kernel() is 1. Returns
// 1, 0, or the errno of any other refusal.
int gets_past_checks(const listener &to, const map_create_attr &attr);

// Tests whether the kernel has BPF_F_TOKEN_FD, likewise.
int knows_tokens(const listener &to);

int probe_map_type(const listener &to, uint32_t map_type);

} // namespace barebpf

#endif
