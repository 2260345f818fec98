// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_TEST_BENCH_LIFE_RAW_H
#define BAREBPF_TEST_BENCH_LIFE_RAW_H

#include <errno.h>
#include <linux/bpf.h>
#include <stddef.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

// What programs without a library write, under libbpf's names and with libbpf's results: each clears and
// passes no more of bpf_attr than its command has, fills the members that our options have, and leaves errno
// to syscall(). RAW is what makes the compiler inline a function, or what keeps it a function of its own.

#define LIBBPF_OPTS(type, name, ...) struct type name = {.sz = sizeof(name), __VA_ARGS__}

struct bpf_map_batch_opts {
    size_t sz;
    __u64 elem_flags, flags;
};
struct bpf_obj_pin_opts {
    size_t sz;
    __u32 file_flags;
    int path_fd;
};
struct bpf_obj_get_opts {
    size_t sz;
    __u32 file_flags;
    int path_fd = 0;
};
struct bpf_get_fd_by_id_opts {
    size_t sz;
    __u32 open_flags, token_fd = 0;
};
struct bpf_btf_load_opts {
    size_t sz;
    char *log_buf;
    __u32 log_level, log_size, log_true_size = 0, btf_flags = 0;
    int token_fd = 0;
};
struct bpf_token_create_opts {
    size_t sz;
    __u32 flags;
};

// Commands and members behind what an older <linux/bpf.h> has.
constexpr int token_create = 36;
constexpr size_t path_fd_offset = 16, fd_by_id_token_offset = 12, token_create_size = 8;
constexpr size_t btf_log_true_size_offset = 28, btf_flags_offset = 32, btf_token_fd_offset = 36,
                 btf_load_size = 40;

inline __u64 as_u64(const void *pointer)
{
    return reinterpret_cast<__u64>(pointer);
}

template <typename T> inline void set(bpf_attr *attr, size_t offset, T value)
{
    memcpy(reinterpret_cast<char *>(attr) + offset, &value, sizeof(value));
}

#define END_OF(member) (offsetof(bpf_attr, member) + sizeof(bpf_attr::member))

inline int bpf(int command, bpf_attr *attr, size_t size)
{
    const long result = syscall(__NR_bpf, command, attr, size);
    return result < 0 ? -errno : static_cast<int>(result);
}

// BPF_MAP_*_ELEM.
inline int elem(int command, int fd, const void *key, const void *value, __u64 flags)
{
    bpf_attr attr;
    memset(&attr, 0, END_OF(flags));
    attr.map_fd = static_cast<__u32>(fd);
    attr.key = as_u64(key);
    attr.value = as_u64(value);
    attr.flags = flags;
    return bpf(command, &attr, END_OF(flags));
}

RAW int bpf_map_update_elem(int fd, const void *key, const void *value, __u64 flags)
{
    return elem(BPF_MAP_UPDATE_ELEM, fd, key, value, flags);
}

RAW int bpf_map_lookup_elem(int fd, const void *key, void *value)
{
    return elem(BPF_MAP_LOOKUP_ELEM, fd, key, value, 0);
}

RAW int bpf_map_lookup_elem_flags(int fd, const void *key, void *value, __u64 flags)
{
    return elem(BPF_MAP_LOOKUP_ELEM, fd, key, value, flags);
}

RAW int bpf_map_lookup_and_delete_elem(int fd, const void *key, void *value)
{
    return elem(BPF_MAP_LOOKUP_AND_DELETE_ELEM, fd, key, value, 0);
}

RAW int bpf_map_lookup_and_delete_elem_flags(int fd, const void *key, void *value, __u64 flags)
{
    return elem(BPF_MAP_LOOKUP_AND_DELETE_ELEM, fd, key, value, flags);
}

RAW int bpf_map_delete_elem(int fd, const void *key)
{
    return elem(BPF_MAP_DELETE_ELEM, fd, key, nullptr, 0);
}

RAW int bpf_map_delete_elem_flags(int fd, const void *key, __u64 flags)
{
    return elem(BPF_MAP_DELETE_ELEM, fd, key, nullptr, flags);
}

RAW int bpf_map_get_next_key(int fd, const void *key, void *next_key)
{
    bpf_attr attr;
    memset(&attr, 0, END_OF(next_key));
    attr.map_fd = static_cast<__u32>(fd);
    attr.key = as_u64(key);
    attr.next_key = as_u64(next_key);
    return bpf(BPF_MAP_GET_NEXT_KEY, &attr, END_OF(next_key));
}

RAW int bpf_map_freeze(int fd)
{
    bpf_attr attr;
    memset(&attr, 0, END_OF(map_fd));
    attr.map_fd = static_cast<__u32>(fd);
    return bpf(BPF_MAP_FREEZE, &attr, END_OF(map_fd));
}

// BPF_MAP_*_BATCH.
inline int batch(int command, int fd, void *from, void *next, const void *keys, const void *values,
                 __u32 *count, const bpf_map_batch_opts *opts)
{
    bpf_attr attr;
    memset(&attr, 0, END_OF(batch));
    attr.batch.in_batch = as_u64(from);
    attr.batch.out_batch = as_u64(next);
    attr.batch.keys = as_u64(keys);
    attr.batch.values = as_u64(values);
    attr.batch.count = *count;
    attr.batch.map_fd = static_cast<__u32>(fd);
    if (opts) {
        attr.batch.elem_flags = opts->elem_flags;
        attr.batch.flags = opts->flags;
    }
    const int result = bpf(command, &attr, END_OF(batch));
    *count = attr.batch.count;
    return result;
}

RAW int bpf_map_update_batch(int fd, const void *keys, const void *values, __u32 *count,
                             const bpf_map_batch_opts *opts)
{
    return batch(BPF_MAP_UPDATE_BATCH, fd, nullptr, nullptr, keys, values, count, opts);
}

RAW int bpf_map_delete_batch(int fd, const void *keys, __u32 *count, const bpf_map_batch_opts *opts)
{
    return batch(BPF_MAP_DELETE_BATCH, fd, nullptr, nullptr, keys, nullptr, count, opts);
}

RAW int bpf_map_lookup_batch(int fd, void *from, void *next, void *keys, void *values, __u32 *count,
                             const bpf_map_batch_opts *opts)
{
    return batch(BPF_MAP_LOOKUP_BATCH, fd, from, next, keys, values, count, opts);
}

RAW int bpf_map_lookup_and_delete_batch(int fd, void *from, void *next, void *keys, void *values,
                                        __u32 *count, const bpf_map_batch_opts *opts)
{
    return batch(BPF_MAP_LOOKUP_AND_DELETE_BATCH, fd, from, next, keys, values, count, opts);
}

// BPF_OBJ_*.
inline int object(int command, int fd, const char *path, __u32 flags)
{
    bpf_attr attr;
    memset(&attr, 0, END_OF(file_flags));
    attr.pathname = as_u64(path);
    attr.bpf_fd = static_cast<__u32>(fd);
    attr.file_flags = flags;
    return bpf(command, &attr, END_OF(file_flags));
}

// The same below a directory: Linux 6.5.
inline int object_at(int command, int fd, int directory, const char *path, __u32 flags)
{
    bpf_attr attr;
    memset(&attr, 0, path_fd_offset + sizeof(directory));
    attr.pathname = as_u64(path);
    attr.bpf_fd = static_cast<__u32>(fd);
    attr.file_flags = flags;
    set(&attr, path_fd_offset, directory);
    return bpf(command, &attr, path_fd_offset + sizeof(directory));
}

RAW int bpf_obj_pin(int fd, const char *path)
{
    return object(BPF_OBJ_PIN, fd, path, 0);
}

// Two functions have the names of their options, of which g++ warns.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wshadow"
RAW int bpf_obj_pin_opts(int fd, const char *path, const struct bpf_obj_pin_opts *opts)
{
    return opts ? object_at(BPF_OBJ_PIN, fd, opts->path_fd, path, opts->file_flags)
                : object(BPF_OBJ_PIN, fd, path, 0);
}

RAW int bpf_obj_get_opts(const char *path, const struct bpf_obj_get_opts *opts)
{
    return opts ? object_at(BPF_OBJ_GET, 0, opts->path_fd, path, opts->file_flags)
                : object(BPF_OBJ_GET, 0, path, 0);
}
#pragma GCC diagnostic pop

RAW int bpf_obj_get(const char *path)
{
    return object(BPF_OBJ_GET, 0, path, 0);
}

// BPF_OBJ_GET_INFO_BY_FD.
inline int info_of(int fd, void *info, __u32 *size)
{
    bpf_attr attr;
    memset(&attr, 0, END_OF(info));
    attr.info.bpf_fd = static_cast<__u32>(fd);
    attr.info.info_len = *size;
    attr.info.info = as_u64(info);
    const int result = bpf(BPF_OBJ_GET_INFO_BY_FD, &attr, END_OF(info));
    if (!result)
        *size = attr.info.info_len;
    return result;
}

RAW int bpf_obj_get_info_by_fd(int fd, void *info, __u32 *size)
{
    return info_of(fd, info, size);
}

RAW int bpf_map_get_info_by_fd(int fd, bpf_map_info *info, __u32 *size)
{
    return info_of(fd, info, size);
}

RAW int bpf_btf_get_info_by_fd(int fd, bpf_btf_info *info, __u32 *size)
{
    return info_of(fd, info, size);
}

RAW int bpf_map_get_next_id(__u32 start_id, __u32 *next_id)
{
    bpf_attr attr;
    memset(&attr, 0, END_OF(next_id));
    attr.start_id = start_id;
    const int result = bpf(BPF_MAP_GET_NEXT_ID, &attr, END_OF(next_id));
    if (!result)
        *next_id = attr.next_id;
    return result;
}

// BPF_*_GET_FD_BY_ID.
inline int fd_of(int command, __u32 id, __u32 flags)
{
    bpf_attr attr;
    memset(&attr, 0, END_OF(open_flags));
    attr.map_id = id;
    attr.open_flags = flags;
    return bpf(command, &attr, END_OF(open_flags));
}

RAW int bpf_map_get_fd_by_id(__u32 id)
{
    return fd_of(BPF_MAP_GET_FD_BY_ID, id, 0);
}

RAW int bpf_map_get_fd_by_id_opts(__u32 id, const bpf_get_fd_by_id_opts *opts)
{
    return fd_of(BPF_MAP_GET_FD_BY_ID, id, opts ? opts->open_flags : 0);
}

RAW int bpf_btf_get_fd_by_id(__u32 id)
{
    return fd_of(BPF_BTF_GET_FD_BY_ID, id, 0);
}

RAW int bpf_btf_get_fd_by_id_opts(__u32 id, const bpf_get_fd_by_id_opts *opts)
{
    if (!opts)
        return fd_of(BPF_BTF_GET_FD_BY_ID, id, 0);
    bpf_attr attr;
    memset(&attr, 0, fd_by_id_token_offset + sizeof(opts->token_fd));
    attr.btf_id = id;
    attr.open_flags = opts->open_flags;
    set(&attr, fd_by_id_token_offset, opts->token_fd);
    return bpf(BPF_BTF_GET_FD_BY_ID, &attr, fd_by_id_token_offset + sizeof(opts->token_fd));
}

RAW int bpf_btf_load(const void *btf, size_t size, bpf_btf_load_opts *opts)
{
    bpf_attr attr;
    memset(&attr, 0, opts ? btf_load_size : END_OF(btf_log_level));
    attr.btf = as_u64(btf);
    attr.btf_size = static_cast<__u32>(size);
    if (!opts)
        return bpf(BPF_BTF_LOAD, &attr, END_OF(btf_log_level));
    attr.btf_log_buf = as_u64(opts->log_buf);
    attr.btf_log_size = opts->log_size;
    attr.btf_log_level = opts->log_level;
    set(&attr, btf_flags_offset, opts->btf_flags);
    set(&attr, btf_token_fd_offset, opts->token_fd);
    const int fd = bpf(BPF_BTF_LOAD, &attr, btf_load_size);
    memcpy(&opts->log_true_size, reinterpret_cast<const char *>(&attr) + btf_log_true_size_offset,
           sizeof(opts->log_true_size));
    return fd;
}

RAW int bpf_token_create(int bpffs_fd, bpf_token_create_opts *opts)
{
    bpf_attr attr;
    memset(&attr, 0, token_create_size);
    set(&attr, 0, opts ? opts->flags : 0);
    set(&attr, 4, bpffs_fd);
    return bpf(token_create, &attr, token_create_size);
}

#endif
