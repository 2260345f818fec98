/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BAREBPF_BPF_H
#define BAREBPF_BPF_H

/*
 * bpf_map_create() under libbpf's names, letter for letter: a source file written for libbpf's <bpf/bpf.h>
 * compiles against this one. Included after libbpf's own <bpf/bpf.h> this header declares nothing and
 * libbpf's declarations stand; the other order is not supported.
 *
 * Works with any <linux/bpf.h> that has enum bpf_map_type. Constants newer than yours:
 * <barebpf/map_types.h>; a map type newer than yours is no value of your enum bpf_map_type, so make such a
 * map with barebpf_map_create() of <barebpf/barebpf.h>.
 */
#include <linux/bpf.h>
#include <stddef.h>
#include <stdint.h>

#include "map_types.h"

/* BAREBPF_API marks what the shared library exports. */
#ifndef BAREBPF_API
#define BAREBPF_API __attribute__((visibility("default")))
#endif

#ifndef __LIBBPF_BPF_H

#ifdef __cplusplus
extern "C" {
#endif

/*
 * bpf_log_opts: where the kernel may explain a refusal in words (Linux 7.2, BPF_COMMON_ATTRS; libbpf 1.8).
 *
 * buf, size and level follow the kernel's rules: buf and size (bytes) both set or both zero, a level of 1 to
 * 15 with a buffer. The buffer stays the caller's and is left untouched when the kernel has nothing to say,
 * so set its first byte to zero beforehand. true_size is written on success and on failure: the bytes a
 * complete message needs, its final NUL included, or 0 without a message. Members the caller's sz does not
 * cover are neither read nor written.
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
 * bpf_map_create_opts: what bpf_map_create() may be told beyond its arguments. Declare it with LIBBPF_OPTS,
 * which zeroes padding too.
 *
 * sz is sizeof(struct bpf_map_create_opts) as the caller was compiled. A member that sz does not cover whole
 * counts as zero; bytes up to sz beyond the last member known here must be zero. Layouts of 48, 56, 72 and 80
 * bytes (LP64) have been released, and callers of each are served.
 *
 * Member by member: the kernel that understands it; the libbpf that has it. A nonzero value that the running
 * kernel does not understand is refused by it: EINVAL or E2BIG.
 */
struct bpf_map_create_opts {
    size_t sz;

    __u32 btf_fd;                    /* BTF object of the next two; read if one is nonzero. 4.18; 0.6 */
    __u32 btf_key_type_id;           /* BTF type of the key, of key_size bytes. 4.18; 0.6 */
    __u32 btf_value_type_id;         /* BTF type of the value, of value_size bytes. 4.18; 0.6 */
    __u32 btf_vmlinux_value_type_id; /* struct_ops: type in the kernel's own BTF. 5.6; 0.6 */

    __u32 inner_map_fd; /* maps of maps: the template of their inner maps. 4.12; 0.6 */
    __u32 map_flags;    /* BPF_F_* bits. 4.6; 0.6 */
    __u64 map_extra;    /* what it says depends on the type, e.g. hashes of a bloom filter. 5.16; 0.6 */

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
 * bpf_map_create() makes a BPF map with one bpf(2) call. After a refusal whose errno allows it the map is
 * made without its name on a kernel that has no names (before 4.15), or with RLIMIT_MEMLOCK raised, against
 * which kernels before 5.11 charge maps: at most ten system calls, docs/fallback.md says which, and two more
 * that move a descriptor away from 0 to 2.
 *
 * map_name may be NULL; longer than 15 bytes it is cut to 15, as libbpf does. key_size and value_size are
 * bytes. opts may be NULL.
 *
 * Returns a descriptor of at least 3, close-on-exec, that the caller owns; or -errno, with errno set if the
 * program has one. errno is left alone on success. EINVAL without asking the kernel: opts->sz is below
 * sizeof(size_t) or above 4096, or a byte beyond the last known member is set, in opts or in opts->log_opts.
 * Any other errno is the kernel's own, or that of the fcntl(2) that moves a descriptor away from 0 to 2
 * (EMFILE); nothing stays open then, and RLIMIT_MEMLOCK is what it was.
 *
 * A log never changes the outcome: after a refusal the kernel is asked once more without it, and that answer
 * counts.
 *
 * May be called from any thread, from a signal handler and after fork(2). Linux 3.18; libbpf 0.6.
 */
BAREBPF_API int bpf_map_create(enum bpf_map_type map_type, const char *map_name, __u32 key_size,
                               __u32 value_size, __u32 max_entries, const struct bpf_map_create_opts *opts);

/*
 * libbpf_set_memlock_rlim() says how far RLIMIT_MEMLOCK may be raised, in bytes, when a map is refused for it
 * (before Linux 5.11): SIZE_MAX, which it is at the start, is without end, and 0 is not at all. A limit is
 * never lowered, and never touched before a refusal. Returns 0. libbpf 0.7.
 */
BAREBPF_API int libbpf_set_memlock_rlim(size_t memlock_bytes);

/*
 * libbpf_probe_bpf_map_type() tells whether the kernel makes maps of a type, without privilege where it can
 * be told without (Linux 6.9). opts must be NULL. libbpf declares it in <bpf/libbpf.h>.
 *
 * Returns 1 or 0; or -errno, with errno set if the program has one: EINVAL for opts, EOPNOTSUPP for a type
 * newer than Linux 7.3 or 0, and what the kernel answered, EPERM above all, when it cannot be told. More is
 * in <barebpf/probe.h>. libbpf 0.7.
 */
BAREBPF_API int libbpf_probe_bpf_map_type(enum bpf_map_type map_type, const void *opts);

#ifdef __cplusplus
}
#endif

/*
 * LIBBPF_OPTS(TYPE, NAME, .member = value, ...) declares `struct TYPE NAME` with sz set, the members given
 * set, and every other byte zero. At block scope, in C99 and in C++; in C++ too the members may come in any
 * order (at most 24 of them; a value with a comma of its own needs parentheses).
 *
 * LIBBPF_OPTS_RESET(NAME, .member = value, ...) does the same to a variable that exists.
 *
 * Compilers may turn either into calls of memset and memcpy, which they expect of a freestanding program too.
 */
#ifndef LIBBPF_OPTS /* libbpf's other headers bring theirs, which serves as well */

#ifndef __cplusplus

#define BAREBPF_OPTS_VALUE(TYPE, NAME, ...) \
    (__builtin_memset(&NAME, 0, sizeof(NAME)), (TYPE){.sz = sizeof(TYPE), __VA_ARGS__})
#define LIBBPF_OPTS(TYPE, NAME, ...) struct TYPE NAME = BAREBPF_OPTS_VALUE(struct TYPE, NAME, __VA_ARGS__)
#define LIBBPF_OPTS_RESET(NAME, ...) \
    do { \
        __typeof__(NAME) barebpf_fresh = BAREBPF_OPTS_VALUE(__typeof__(NAME), barebpf_fresh, __VA_ARGS__); \
        __builtin_memcpy(&NAME, &barebpf_fresh, sizeof(NAME)); \
    } while (0)

#else

/*
 * One assignment a member, `opts .member = value`, since C++ wants designators in the order of the members;
 * where the caller gave none, `opts` alone.
 */
/* clang-format off */
#define BAREBPF_ASSIGN(opts, a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u, v, w, x, excess, ...) \
    (void)(opts a); (void)(opts b); (void)(opts c); (void)(opts d); (void)(opts e); (void)(opts f); \
    (void)(opts g); (void)(opts h); (void)(opts i); (void)(opts j); (void)(opts k); (void)(opts l); \
    (void)(opts m); (void)(opts n); (void)(opts o); (void)(opts p); (void)(opts q); (void)(opts r); \
    (void)(opts s); (void)(opts t); (void)(opts u); (void)(opts v); (void)(opts w); (void)(opts x); \
    static_assert(sizeof(#excess) == 1, "LIBBPF_OPTS takes at most 24 members")
#define BAREBPF_OPTS_FILL(NAME, ...) \
    __builtin_memset(&NAME, 0, sizeof(NAME)); \
    NAME.sz = sizeof(NAME); \
    BAREBPF_ASSIGN(NAME, __VA_ARGS__, , , , , , , , , , , , , , , , , , , , , , , , , , )
/* clang-format on */
#define LIBBPF_OPTS(TYPE, NAME, ...) \
    struct TYPE NAME; \
    BAREBPF_OPTS_FILL(NAME, __VA_ARGS__)
#define LIBBPF_OPTS_RESET(NAME, ...) \
    do { \
        __typeof__(NAME) barebpf_fresh; \
        BAREBPF_OPTS_FILL(barebpf_fresh, __VA_ARGS__); \
        __builtin_memcpy(&NAME, &barebpf_fresh, sizeof(NAME)); \
    } while (0)

#endif

#endif

#ifndef DECLARE_LIBBPF_OPTS
#define DECLARE_LIBBPF_OPTS LIBBPF_OPTS
#endif

#endif
#endif
