// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_LIB_CORE_BTF_ATTR_H
#define BAREBPF_LIB_CORE_BTF_ATTR_H

#include "command.h"
#include "placed.h"

// Members of the kernel's union bpf_attr, through Linux 7.3, for the commands that make what a map may need:
// a BTF object, a token. They are in core because lib/probe and lib/calls share them.
namespace barebpf
{

struct alignas(8) btf_load_attr {
    uint64_t btf;
    uint64_t btf_log_buf;
    uint32_t btf_size;
    uint32_t btf_log_size;
    uint32_t btf_log_level;
    uint32_t btf_log_true_size;
    uint32_t btf_flags;
    int32_t btf_token_fd;
    uint64_t padding;
};
static_assert(sizeof(btf_load_attr) == 48);
BAREBPF_PLACED_AS(btf_load_attr, btf, btf, 0);
BAREBPF_PLACED_AS(btf_load_attr, btf_log_buf, btf_log_buf, 8);
BAREBPF_PLACED_AS(btf_load_attr, btf_size, btf_size, 16);
BAREBPF_PLACED_AS(btf_load_attr, btf_log_size, btf_log_size, 20);
BAREBPF_PLACED_AS(btf_load_attr, btf_log_level, btf_log_level, 24);
BAREBPF_PLACED_AS(btf_load_attr, btf_log_true_size, btf_log_true_size, 28);
BAREBPF_PLACED_AS(btf_load_attr, btf_flags, btf_flags, 32);
BAREBPF_PLACED_AS(btf_load_attr, btf_token_fd, btf_token_fd, 36);

template <> struct sys::command_attr<sys::command::btf_load> {
    using attr = btf_load_attr;
    static constexpr uint32_t size = offsetof(btf_load_attr, padding);
};

struct alignas(8) token_create_attr {
    uint32_t flags;
    uint32_t bpffs_fd;
    uint64_t padding;
};
static_assert(sizeof(token_create_attr) == 16);
BAREBPF_PLACED_AS(token_create_attr, flags, token_create.flags, 0);
BAREBPF_PLACED_AS(token_create_attr, bpffs_fd, token_create.bpffs_fd, 4);

template <> struct sys::command_attr<sys::command::token_create> {
    using attr = token_create_attr;
    static constexpr uint32_t size = offsetof(token_create_attr, padding);
};

} // namespace barebpf

#endif
