/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BAREBPF_BPF_H
#define BAREBPF_BPF_H

/*
 * Making and using maps under libbpf's names, letter for letter: a source file written for libbpf's
 * <bpf/bpf.h> that makes and uses maps compiles against this header. Included after libbpf's own <bpf/bpf.h>
 * it declares nothing, and libbpf's declarations are used; the other order is not supported.
 *
 * Works with any <linux/bpf.h> that has enum bpf_map_type. Newer constants are in <barebpf/map_types.h>. A
 * map type that your enum bpf_map_type lacks is no value of it, so make such a map with barebpf_map_create()
 * of <barebpf/barebpf.h>.
 *
 * Unless its comment says more, every function makes one bpf(2) call. It may be called from any thread, from
 * a signal handler and after fork(2). It returns -errno on failure and sets errno too if the program has one;
 * on success errno is left alone. Besides the errors named below every call may fail with those of bpf(2) as
 * a whole: EPERM (privileges, a sandbox, a security module) and ENOSYS (a kernel without it). A descriptor
 * that is returned is at least 3, close-on-exec, and the caller's to close; one that cannot be moved away
 * from 0 to 2 is closed, and the error is that of fcntl(2) (EMFILE).
 *
 * Each struct of options begins with its size, sz, as the caller was compiled. LIBBPF_OPTS() sets it and
 * zeroes the rest, padding too, which an initialiser in braces alone may leave unset. A member that sz does
 * not cover whole counts as zero; bytes up to sz beyond the last member known here must be zero. An sz below
 * sizeof(size_t) or above 4096, or a set byte beyond, is EINVAL without a syscall. A NULL pointer to options
 * stands for options that are all zero.
 */
#include <linux/bpf.h>
#include <stddef.h>
#include <stdint.h>

#include "libbpf_common.h"
#include "map_types.h"

#ifndef __LIBBPF_BPF_H

#ifdef __cplusplus
extern "C" {
#endif

/*
 * bpf_log_opts: the buffer for the kernel's message about a refusal (Linux 7.2, BPF_COMMON_ATTRS; libbpf
 * 1.8).
 *
 * buf, size and level follow the kernel's rules: buf and size (bytes) both set or both zero, a level of 1 to
 * 15 with a buffer. The buffer stays the caller's and is left untouched when the kernel writes no message, so
 * set its first byte to zero beforehand. true_size is written on success and on failure: the bytes a complete
 * message needs, its final NUL included, or 0 without a message. Members the caller's sz does not cover are
 * neither read nor written.
 */
struct bpf_log_opts {
    size_t sz;
    char *buf;
    __u32 size;
    __u32 level;
    __u32 true_size;
    size_t : 0;
};
#define bpf_log_opts__last_field true_size

/*
 * bpf_map_create_opts: the options of bpf_map_create(). Declare it with LIBBPF_OPTS, which zeroes padding
 * too.
 *
 * sz is sizeof(struct bpf_map_create_opts) as the caller was compiled. A member that sz does not cover whole
 * counts as zero; bytes up to sz beyond the last member known here must be zero. Layouts of 48, 56, 72 and 80
 * bytes (LP64) have been released; programs compiled with any of them work.
 *
 * Beside each member stand the first kernel that reads it and the first libbpf that has it. A kernel refuses
 * a nonzero value that it does not know with EINVAL or E2BIG.
 */
struct bpf_map_create_opts {
    size_t sz;

    __u32 btf_fd;                    /* BTF object of the next two; read if one is nonzero. 4.18; 0.6 */
    __u32 btf_key_type_id;           /* BTF type of the key, of key_size bytes. 4.18; 0.6 */
    __u32 btf_value_type_id;         /* BTF type of the value, of value_size bytes. 4.18; 0.6 */
    __u32 btf_vmlinux_value_type_id; /* struct_ops: type in the kernel's own BTF. 5.6; 0.6 */

    __u32 inner_map_fd; /* maps of maps: the template of their inner maps. 4.12; 0.6 */
    __u32 map_flags;    /* BPF_F_* bits. 4.6; 0.6 */
    __u64 map_extra;    /* meaning depends on the type, e.g. hashes of a bloom filter. 5.16; 0.6 */

    __u32 numa_node;   /* read with BPF_F_NUMA_NODE. 4.14; 0.6 */
    __u32 map_ifindex; /* network device to offload to. 4.16; 0.6 */

    __s32 value_type_btf_obj_fd; /* read with BPF_F_VTYPE_BTF_OBJ_FD: module BTF of struct_ops. 6.9; 1.4 */
    __u32 token_fd;              /* read with BPF_F_TOKEN_FD: a BPF token. 6.9; 1.4 */

    const void *excl_prog_hash; /* SHA-256 of the one program that may use the map. 6.18; 1.7 */
    __u32 excl_prog_hash_size;  /* bytes of it: 32. 6.18; 1.7 */

    struct bpf_log_opts *log_opts; /* 7.2; 1.8. On older kernels the map is made without a log. */
    size_t : 0;
};
#define bpf_map_create_opts__last_field log_opts

/*
 * bpf_map_create() makes a BPF map with one bpf(2) call. After a refusal whose errno calls for it, it retries
 * without the name on a kernel without names (before 4.15), or with RLIMIT_MEMLOCK raised, against which
 * kernels before 5.11 charge maps: at most twelve syscalls in all, listed in docs/fallback.md.
 *
 * map_name may be NULL; longer than 15 bytes it is cut to 15, as libbpf does. key_size and value_size are
 * bytes. opts may be NULL.
 *
 * Returns a descriptor of at least 3, close-on-exec, that the caller owns; or -errno, with errno set if the
 * program has one. errno is left alone on success. EINVAL without a syscall: opts->sz is below sizeof(size_t)
 * or above 4096, or a byte beyond the last known member is set, in opts or in opts->log_opts. Any other errno
 * is the kernel's own, or EMFILE when a descriptor cannot be moved away from 0 to 2.
 *
 * After a failure nothing stays open, and RLIMIT_MEMLOCK is what it was before the call. If several threads
 * raise it at the same time and all of them fail, that holds once the last one has returned; a change that
 * other code makes to it meanwhile may be undone.
 *
 * A log never changes the outcome: a refused request is retried once without it, and that result counts.
 *
 * May be called from any thread, from a signal handler and after fork(2). Linux 3.18; libbpf 0.6.
 */
BAREBPF_API int bpf_map_create(enum bpf_map_type map_type, const char *map_name, __u32 key_size,
                               __u32 value_size, __u32 max_entries, const struct bpf_map_create_opts *opts);

/*
 * libbpf_set_memlock_rlim() sets how far RLIMIT_MEMLOCK may be raised, in bytes, when a map is refused for it
 * (before Linux 5.11): SIZE_MAX, the default, is without limit, and 0 is not at all. RLIMIT_MEMLOCK is never
 * lowered, and never touched before a refusal.
 * Returns 0. libbpf 0.7.
 */
BAREBPF_API int libbpf_set_memlock_rlim(size_t memlock_bytes);

/* The size in bytes of a log buffer that holds the whole log of any kernel's verifier. */
#define BPF_LOG_BUF_SIZE (UINT32_MAX >> 8)

/*
 * bpf_btf_load_opts: the options of bpf_btf_load(). log_buf, of log_size bytes, is the buffer for the
 * kernel's message about a refusal; it stays the caller's. log_true_size is written, on success and on
 * failure: the bytes the whole message needs (6.4), or 0. Layouts of 24, 32 and 40 bytes (LP64) have been
 * released.
 */
struct bpf_btf_load_opts {
    size_t sz;
    char *log_buf;       /* 4.18; 0.7 */
    __u32 log_level;     /* 4.18; 0.7 */
    __u32 log_size;      /* bytes of log_buf. 4.18; 0.7 */
    __u32 log_true_size; /* out. 6.4; 1.2 */
    __u32 btf_flags;     /* BPF_F_TOKEN_FD or nothing. 6.9; 1.4 */
    __u32 token_fd;      /* read with BPF_F_TOKEN_FD: a BPF token. 6.9; 1.4 */
    size_t : 0;
};
#define bpf_btf_load_opts__last_field token_fd

/*
 * bpf_btf_load() makes a BTF object from btf_size bytes of BTF, for btf_fd of a map. With a log_buf and a
 * log_level of 0 a refused request is retried with the log at level 1, and that result counts.
 *
 * Returns a descriptor. EINVAL without a syscall: opts break the sz contract, or have a log_size without a
 * log_buf. E2BIG: more bytes than the kernel accepts (16 MiB). EINVAL: no BTF, or invalid BTF. ENOSPC:
 * log_buf was too small. EPERM: the caller lacks CAP_BPF (before 5.8 CAP_SYS_ADMIN). Linux 4.18; libbpf 0.7.
 */
BAREBPF_API int bpf_btf_load(const void *btf_data, size_t btf_size, struct bpf_btf_load_opts *opts);

/*
 * Elements. fd is a map's descriptor; key points at key_size bytes, value at value_size bytes of the map, or,
 * for a per-CPU map, at value_size rounded up to a multiple of 8 for each of libbpf_num_possible_cpus() CPUs.
 * key is NULL for maps without keys (queue, stack, bloom filter).
 *
 * All of them fail with EBADF when fd is not open, EINVAL when it is not a map, EPERM when the descriptor or
 * the map does not allow it (BPF_F_RDONLY, BPF_F_WRONLY, frozen), EFAULT when memory cannot be read or
 * written, EINVAL for flags the command does not know, and 524 or EOPNOTSUPP when the type has no such
 * command.
 *
 * bpf_map_update_elem() sets an element: with BPF_ANY (0) always, with BPF_NOEXIST only if it does not exist,
 * with BPF_EXIST only if it does. BPF_F_LOCK (5.1) may be added where the value has a spin lock; per-CPU maps
 * take BPF_F_CPU and BPF_F_ALL_CPUS (6.19).
 * Returns 0. EEXIST: it exists (in an array, every element does). ENOENT: it does not. E2BIG: the map is
 * full, or the index of an array too high. ENOMEM, EBUSY: try later. Linux 3.19; libbpf 0.0.1.
 */
BAREBPF_API int bpf_map_update_elem(int fd, const void *key, const void *value, __u64 flags);

/*
 * bpf_map_lookup_elem() copies an element's value into value; for a queue or stack, the next element's.
 * bpf_map_lookup_elem_flags() also takes flags: BPF_F_LOCK (5.1), BPF_F_CPU (6.19).
 * Returns 0. ENOENT: no such element, and value is as it was. Linux 3.19; libbpf 0.0.1 and 0.0.2.
 */
BAREBPF_API int bpf_map_lookup_elem(int fd, const void *key, void *value);
BAREBPF_API int bpf_map_lookup_elem_flags(int fd, const void *key, void *value, __u64 flags);

/*
 * bpf_map_lookup_and_delete_elem() copies an element's value into value and deletes the element; for a queue
 * or stack, the next one. bpf_map_lookup_and_delete_elem_flags() also takes flags: BPF_F_LOCK.
 * Returns 0. ENOENT: no such element. Queues and stacks: Linux 4.20; hash maps: 5.14. libbpf 0.0.1 and 0.5.
 */
BAREBPF_API int bpf_map_lookup_and_delete_elem(int fd, const void *key, void *value);
BAREBPF_API int bpf_map_lookup_and_delete_elem_flags(int fd, const void *key, void *value, __u64 flags);

/*
 * bpf_map_delete_elem() deletes an element. bpf_map_delete_elem_flags() also takes flags, of which no kernel
 * through 7.3 knows any: EINVAL unless 0.
 * Returns 0. ENOENT: no such element. EINVAL: elements of this type, an array's for one, cannot be deleted.
 * Linux 3.19; libbpf 0.0.1 and 0.8.
 */
BAREBPF_API int bpf_map_delete_elem(int fd, const void *key);
BAREBPF_API int bpf_map_delete_elem_flags(int fd, const void *key, __u64 flags);

/*
 * bpf_map_get_next_key() copies the key that follows key into next_key, key_size bytes; the first key when
 * key is NULL (4.12), and, for a hash, when key does not exist.
 * Returns 0. ENOENT: key was the last, or the map is empty. Linux 3.19; libbpf 0.0.1.
 */
BAREBPF_API int bpf_map_get_next_key(int fd, const void *key, void *next_key);

/*
 * bpf_map_freeze() makes a map read-only for syscalls, for good; BPF programs can still write to it.
 * Returns 0. EBUSY: it is mapped writably or, before 6.5, frozen already. EPERM: the descriptor does not
 * allow writing, or from 6.5 on the map is frozen already; before 6.5, the caller lacks CAP_BPF (before 5.8
 * CAP_SYS_ADMIN). Linux 5.2; libbpf 0.0.3.
 */
BAREBPF_API int bpf_map_freeze(int fd);

/*
 * bpf_map_batch_opts: elem_flags are those of each element, of which the kernel takes BPF_F_LOCK and,
 * from 6.19 on for per-CPU maps, BPF_F_CPU and BPF_F_ALL_CPUS, but neither BPF_NOEXIST nor BPF_EXIST; flags
 * are those of the batch, of which no kernel through 7.3 knows any. A layout of 24 bytes has been released.
 */
struct bpf_map_batch_opts {
    size_t sz;
    __u64 elem_flags; /* 5.6; 0.0.7 */
    __u64 flags;      /* 5.6; 0.0.7 */
};
#define bpf_map_batch_opts__last_field flags

/*
 * Batches: *count elements with one call, their keys one after the other in keys, their values in values,
 * each as long as above. *count becomes the number of elements processed, after a failure too; after EFAULT
 * it may be wrong. Errors are as above, and 524: the type has no batches.
 *
 * bpf_map_update_batch() sets elements, as bpf_map_update_elem() does with BPF_ANY.
 * bpf_map_delete_batch() deletes elements.
 * bpf_map_lookup_batch() copies the next *count elements, and into out_batch the position where the next call
 * continues: pass it as that call's in_batch, which is NULL for the first. Both have room for a key, and for
 * at least 4 bytes.
 * bpf_map_lookup_and_delete_batch() also deletes them.
 *
 * Return 0. ENOENT from the last two: *count elements were copied, and there are no more. ENOSPC: a bucket of
 * the hash has more than *count elements, and none was copied: call again with more room. Any error of the
 * first two is that of the first element that failed. Linux 5.6; libbpf 0.0.7.
 */
BAREBPF_API int bpf_map_update_batch(int fd, const void *keys, const void *values, __u32 *count,
                                     const struct bpf_map_batch_opts *opts);
BAREBPF_API int bpf_map_delete_batch(int fd, const void *keys, __u32 *count,
                                     const struct bpf_map_batch_opts *opts);
BAREBPF_API int bpf_map_lookup_batch(int fd, void *in_batch, void *out_batch, void *keys, void *values,
                                     __u32 *count, const struct bpf_map_batch_opts *opts);
BAREBPF_API int bpf_map_lookup_and_delete_batch(int fd, void *in_batch, void *out_batch, void *keys,
                                                void *values, __u32 *count,
                                                const struct bpf_map_batch_opts *opts);

/*
 * bpf_obj_pin_opts and bpf_obj_get_opts: path_fd is the directory from which a relative path starts, read
 * with BPF_F_PATH_FD in file_flags. The other flags of bpf_obj_get_opts() are BPF_F_RDONLY and BPF_F_WRONLY.
 * Layouts of 16 bytes have been released: with path_fd, and of the second also without (LP64).
 */
struct bpf_obj_pin_opts {
    size_t sz;
    __u32 file_flags; /* 6.5; 1.3 */
    int path_fd;      /* 6.5; 1.3 */
    size_t : 0;
};
#define bpf_obj_pin_opts__last_field path_fd

struct bpf_obj_get_opts {
    size_t sz;
    __u32 file_flags; /* 4.15; 1.0 */
    int path_fd;      /* 6.5; 1.3 */
    size_t : 0;
};
#define bpf_obj_get_opts__last_field path_fd

/*
 * bpf_obj_pin() pins the object behind fd at a path in a bpffs, which keeps it alive; pathname must not
 * exist.
 * Returns 0. EEXIST: it does exist. ENOENT: its directory does not. EPERM: that directory is not in a bpffs.
 * EBADF: fd is not open. EINVAL: fd is no object that can be pinned, or a name has a dot. Linux 4.4; libbpf
 * 0.0.1 and 1.3.
 *
 * bpf_obj_get() opens a pinned object.
 * Returns a descriptor. ENOENT: there is none. EACCES: its file mode does not allow it, or it is not a BPF
 * object. Linux 4.4; libbpf 0.0.1 and 1.0.
 */
BAREBPF_API int bpf_obj_pin(int fd, const char *pathname);
BAREBPF_API int bpf_obj_get(const char *pathname);
/* In libbpf two functions have the names of their option structs, which -Wshadow warns of in C++. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wshadow"
BAREBPF_API int bpf_obj_pin_opts(int fd, const char *pathname, const struct bpf_obj_pin_opts *opts);
BAREBPF_API int bpf_obj_get_opts(const char *pathname, const struct bpf_obj_get_opts *opts);
#pragma GCC diagnostic pop

/*
 * bpf_obj_get_info_by_fd() fetches the kernel's description of the object behind bpf_fd: a struct
 * bpf_map_info for a map, a struct bpf_btf_info for a BTF object. info has room for *info_len bytes, zeroed
 * by the caller except for the struct's input members; *info_len becomes the number of bytes the kernel
 * filled. The other two functions are the same for one kind of object each.
 *
 * Returns 0; *info_len is as it was after a failure. EBADF: bpf_fd is not open. EINVAL: it is no object with
 * a description. E2BIG: *info_len exceeds the kernel's struct, and a byte beyond that is set. EFAULT: info
 * cannot be written. Linux 4.13; libbpf 0.0.1 and 1.2.
 */
struct bpf_map_info;
struct bpf_btf_info;
BAREBPF_API int bpf_obj_get_info_by_fd(int bpf_fd, void *info, __u32 *info_len);
BAREBPF_API int bpf_map_get_info_by_fd(int map_fd, struct bpf_map_info *info, __u32 *info_len);
BAREBPF_API int bpf_btf_get_info_by_fd(int btf_fd, struct bpf_btf_info *info, __u32 *info_len);

/*
 * bpf_map_get_next_id() finds the lowest map ID above start_id; start with 0.
 * Returns 0 and sets *next_id. ENOENT: there is none, and *next_id is as it was. EPERM: the caller lacks
 * CAP_SYS_ADMIN. Linux 4.13; libbpf 0.0.1.
 */
BAREBPF_API int bpf_map_get_next_id(__u32 start_id, __u32 *next_id);

/*
 * bpf_get_fd_by_id_opts: open_flags are BPF_F_RDONLY or BPF_F_WRONLY, for a BTF object BPF_F_TOKEN_FD. As in
 * libbpf, token_fd is not passed for a map, since no kernel through 7.3 reads it there. Layouts of 16 bytes
 * have been released, with token_fd and without (LP64).
 */
struct bpf_get_fd_by_id_opts {
    size_t sz;
    __u32 open_flags; /* 4.15; 1.1 */
    __u32 token_fd;   /* read with BPF_F_TOKEN_FD: a BPF token. 6.15; 1.6 */
    size_t : 0;
};
#define bpf_get_fd_by_id_opts__last_field token_fd

/*
 * bpf_map_get_fd_by_id() opens the map, bpf_btf_get_fd_by_id() the BTF object with an ID.
 * Returns a descriptor. ENOENT: there is none, or none any more. EPERM: the caller lacks CAP_SYS_ADMIN.
 * EINVAL: flags the kernel does not know. Maps: Linux 4.13; BTF: 4.18. libbpf 0.0.1, with opts 1.1.
 */
BAREBPF_API int bpf_map_get_fd_by_id(__u32 id);
BAREBPF_API int bpf_map_get_fd_by_id_opts(__u32 id, const struct bpf_get_fd_by_id_opts *opts);
BAREBPF_API int bpf_btf_get_fd_by_id(__u32 id);
BAREBPF_API int bpf_btf_get_fd_by_id_opts(__u32 id, const struct bpf_get_fd_by_id_opts *opts);

/* bpf_token_create_opts: no kernel through 7.3 knows a flag. A layout of 16 bytes has been released (LP64).
 */
struct bpf_token_create_opts {
    size_t sz;
    __u32 flags; /* 6.9; 1.4 */
    size_t : 0;
};
#define bpf_token_create_opts__last_field flags

/*
 * bpf_token_create() makes a token, for token_fd above, from the bpffs whose root directory bpffs_fd is: it
 * allows a process in that mount's user namespace what the mount's delegate_* options grant.
 * Returns a descriptor. EBADF: bpffs_fd is not open. EINVAL: it is not the root of a bpffs, or flags are set.
 * EPERM: the caller lacks CAP_BPF in that user namespace, or is in another one. ENOENT: the mount delegates
 * nothing. EOPNOTSUPP: it is the initial user namespace's. Linux 6.9; libbpf 1.4.
 */
BAREBPF_API int bpf_token_create(int bpffs_fd, struct bpf_token_create_opts *opts);

#ifdef __cplusplus
}
#endif

#endif
#endif
