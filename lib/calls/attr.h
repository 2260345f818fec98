// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_LIB_CALLS_ATTR_H
#define BAREBPF_LIB_CALLS_ATTR_H

#include "lib/core/command.h"
#include "lib/core/placed.h"

// Members of the kernel's union bpf_attr through Linux 7.3: a struct for each command, or for commands that
// share one. `size` bytes are passed; kernels older than a member accept it while it is zero.
namespace barebpf
{

// BPF_MAP_LOOKUP_ELEM, BPF_MAP_UPDATE_ELEM, BPF_MAP_DELETE_ELEM, BPF_MAP_LOOKUP_AND_DELETE_ELEM.
struct alignas(8) elem_attr {
    uint32_t map_fd;
    uint32_t padding;
    uint64_t key;
    uint64_t value;
    uint64_t flags;
};
static_assert(sizeof(elem_attr) == 32);
BAREBPF_PLACED_AS(elem_attr, map_fd, map_fd, 0);
BAREBPF_PLACED_AS(elem_attr, key, key, 8);
BAREBPF_PLACED_AS(elem_attr, value, value, 16);
BAREBPF_PLACED_AS(elem_attr, flags, flags, 24);

template <> struct sys::command_attr<sys::command::map_lookup_elem> {
    using attr = elem_attr;
    static constexpr uint32_t size = sizeof(elem_attr);
};
template <> struct sys::command_attr<sys::command::map_update_elem> : command_attr<command::map_lookup_elem> {
};
template <> struct sys::command_attr<sys::command::map_delete_elem> : command_attr<command::map_lookup_elem> {
};
template <>
struct sys::command_attr<sys::command::map_lookup_and_delete_elem> : command_attr<command::map_lookup_elem> {
};

struct alignas(8) next_key_attr {
    uint32_t map_fd;
    uint32_t padding;
    uint64_t key;
    uint64_t next_key;
};
static_assert(sizeof(next_key_attr) == 24);
BAREBPF_PLACED_AS(next_key_attr, map_fd, map_fd, 0);
BAREBPF_PLACED_AS(next_key_attr, key, key, 8);
BAREBPF_PLACED_AS(next_key_attr, next_key, next_key, 16);

template <> struct sys::command_attr<sys::command::map_get_next_key> {
    using attr = next_key_attr;
    static constexpr uint32_t size = sizeof(next_key_attr);
};

struct alignas(8) freeze_attr {
    uint32_t map_fd;
    uint32_t padding;
};
static_assert(sizeof(freeze_attr) == 8);
BAREBPF_PLACED_AS(freeze_attr, map_fd, map_fd, 0);

template <> struct sys::command_attr<sys::command::map_freeze> {
    using attr = freeze_attr;
    static constexpr uint32_t size = offsetof(freeze_attr, padding);
};

// BPF_MAP_LOOKUP_BATCH, BPF_MAP_LOOKUP_AND_DELETE_BATCH, BPF_MAP_UPDATE_BATCH, BPF_MAP_DELETE_BATCH.
struct alignas(8) batch_attr {
    uint64_t in_batch;
    uint64_t out_batch;
    uint64_t keys;
    uint64_t values;
    uint32_t count;
    uint32_t map_fd;
    uint64_t elem_flags;
    uint64_t flags;
    uint64_t padding;
};
static_assert(sizeof(batch_attr) == 64);
BAREBPF_PLACED_AS(batch_attr, in_batch, batch.in_batch, 0);
BAREBPF_PLACED_AS(batch_attr, out_batch, batch.out_batch, 8);
BAREBPF_PLACED_AS(batch_attr, keys, batch.keys, 16);
BAREBPF_PLACED_AS(batch_attr, values, batch.values, 24);
BAREBPF_PLACED_AS(batch_attr, count, batch.count, 32);
BAREBPF_PLACED_AS(batch_attr, map_fd, batch.map_fd, 36);
BAREBPF_PLACED_AS(batch_attr, elem_flags, batch.elem_flags, 40);
BAREBPF_PLACED_AS(batch_attr, flags, batch.flags, 48);

template <> struct sys::command_attr<sys::command::map_lookup_batch> {
    using attr = batch_attr;
    static constexpr uint32_t size = offsetof(batch_attr, padding);
};
template <>
struct sys::command_attr<sys::command::map_lookup_and_delete_batch>
    : command_attr<command::map_lookup_batch> {
};
template <>
struct sys::command_attr<sys::command::map_update_batch> : command_attr<command::map_lookup_batch> {
};
template <>
struct sys::command_attr<sys::command::map_delete_batch> : command_attr<command::map_lookup_batch> {
};

// BPF_OBJ_PIN, BPF_OBJ_GET.
struct alignas(8) obj_attr {
    uint64_t pathname;
    uint32_t bpf_fd;
    uint32_t file_flags;
    int32_t path_fd;
    uint32_t padding;
};
static_assert(sizeof(obj_attr) == 24);
BAREBPF_PLACED_AS(obj_attr, pathname, pathname, 0);
BAREBPF_PLACED_AS(obj_attr, bpf_fd, bpf_fd, 8);
BAREBPF_PLACED_AS(obj_attr, file_flags, file_flags, 12);
BAREBPF_PLACED_AS(obj_attr, path_fd, path_fd, 16);

template <> struct sys::command_attr<sys::command::obj_pin> {
    using attr = obj_attr;
    static constexpr uint32_t size = offsetof(obj_attr, padding);
};
template <> struct sys::command_attr<sys::command::obj_get> : command_attr<command::obj_pin> {
};

struct alignas(8) info_attr {
    uint32_t bpf_fd;
    uint32_t info_len;
    uint64_t info;
};
static_assert(sizeof(info_attr) == 16);
BAREBPF_PLACED_AS(info_attr, bpf_fd, info.bpf_fd, 0);
BAREBPF_PLACED_AS(info_attr, info_len, info.info_len, 4);
BAREBPF_PLACED_AS(info_attr, info, info.info, 8);

template <> struct sys::command_attr<sys::command::obj_get_info_by_fd> {
    using attr = info_attr;
    static constexpr uint32_t size = sizeof(info_attr);
};

// BPF_MAP_GET_NEXT_ID, BPF_MAP_GET_FD_BY_ID, BPF_BTF_GET_FD_BY_ID, of which only the last reads a token.
struct alignas(8) id_attr {
    uint32_t id;
    uint32_t next_id;
    uint32_t open_flags;
    int32_t token_fd;
    uint64_t padding;
};
static_assert(sizeof(id_attr) == 24);
BAREBPF_PLACED_AS(id_attr, id, start_id, 0);
BAREBPF_PLACED_AS(id_attr, id, map_id, 0);
BAREBPF_PLACED_AS(id_attr, id, btf_id, 0);
BAREBPF_PLACED_AS(id_attr, next_id, next_id, 4);
BAREBPF_PLACED_AS(id_attr, open_flags, open_flags, 8);
BAREBPF_PLACED_AS(id_attr, token_fd, fd_by_id_token_fd, 12);

template <> struct sys::command_attr<sys::command::map_get_next_id> {
    using attr = id_attr;
    static constexpr uint32_t size = offsetof(id_attr, token_fd);
};
template <>
struct sys::command_attr<sys::command::map_get_fd_by_id> : command_attr<command::map_get_next_id> {
};
template <> struct sys::command_attr<sys::command::btf_get_fd_by_id> {
    using attr = id_attr;
    static constexpr uint32_t size = offsetof(id_attr, padding);
};

} // namespace barebpf

#endif
