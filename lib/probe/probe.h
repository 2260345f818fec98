// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_LIB_PROBE_PROBE_H
#define BAREBPF_LIB_PROBE_PROBE_H

#include "lib/core/attr.h"
#include "barebpf/probe.h"
#include "lib/core/sys.h"

// How a kernel is asked what it supports. Answers are 1 for yes, 0 for no, and -errno when it cannot be told.
namespace barebpf
{

// Who wants to hear of each system call, if anyone.
struct listener {
    void (*asked)(void *context, const barebpf_probe_call *call);
    void *context;
};

// Fills a listener; false when the contract of opts is broken.
bool read_probe_opts(listener *to, const barebpf_probe_opts *given);

// Hands a bpf(2) call on to the listener, and returns its result.
int tell(const listener &to, sys::command asked, const void *attr, uint32_t size, int result);

// Asks for a map, and releases one that is made: 0, or -errno.
int ask(const listener &to, const map_create_attr &attr);

// The same with a flag more, and with a token that is none. From 6.9 on the token is looked for behind the
// checks of the bytes, of the type, and of what the type asks in map_alloc_check, and before any permission:
// a request that gets so far is EBADF, whoever asks, and makes nothing.
int ask_with_bad_token(const listener &to, const map_create_attr &attr);

// RLIMIT_MEMLOCK of this process.
int get_memlock(const listener &to, sys::rlimit *limit);
int set_memlock(const listener &to, const sys::rlimit &limit);

// Whether a kernel reads what a command is passed: 1, or what it said to a size that every kernel finds too
// big, whatever the command. What a sandbox says to everything is no answer, so this is asked first.
int is_heard(const listener &to, sys::command asked = sys::command::map_create);

// Whether the kernel knows the type and the members that are set, once it is heard. Refused with another
// errno, it is told.
int gets_past_checks(const listener &to, const map_create_attr &attr);

// Whether any caller can give a token, likewise.
int knows_tokens(const listener &to);

int probe_map_type(const listener &to, uint32_t map_type);

} // namespace barebpf

#endif
