/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BAREBPF_BAREBPF_H
#define BAREBPF_BAREBPF_H

/*
 * barebpf's own C interface. Every function is freestanding and may be called from any thread, from a signal
 * handler and after fork(2). A function that fails returns -errno, and sets errno too if the program has one.
 *
 * A struct that begins with sz grows at its end from release to release, and programs and libraries of any
 * two releases work together. Zero the whole of it, then set sz to its sizeof. A program of an older release
 * is served as if the members it does not have were zero, and nothing is written beyond its struct. A program
 * of a newer release is served while the members not known here are zero. Otherwise the function fails with
 * EINVAL, before any syscall: when sz is below what the struct had in 0.1.0, above 4096, or covers a set byte
 * beyond the members known here. NAME__releases(X) lists the last member of each release that added any.
 */
#include <stddef.h>
#include <stdint.h>

#include "map_types.h"

#define BAREBPF_VERSION "0.1.0"

#ifndef BAREBPF_API
#define BAREBPF_API __attribute__((visibility("default")))
#endif

#ifdef __cplusplus
extern "C" {
#endif

/*
 * barebpf_map_spec: everything BPF_MAP_CREATE can be told about one map. Zero the whole of it, then set sz to
 * sizeof(struct barebpf_map_spec) and what you need: zero means "not given" everywhere. Pointers stay the
 * caller's. Sizes are bytes. The release that understands a member is named beside it; a nonzero value is
 * refused by older kernels with EINVAL or E2BIG.
 */
struct barebpf_map_spec {
    size_t sz;
    const char *name;  /* at most 15 bytes of A-Z a-z 0-9 _ and, from 5.2, '.'. 4.15 */
    uint32_t map_type; /* BAREBPF_MAP_TYPE_* */
    uint32_t key_size;
    uint32_t value_size;
    uint32_t max_entries;
    uint32_t map_flags;    /* BAREBPF_F_* bits. 4.6 */
    uint32_t inner_map_fd; /* maps of maps: the template of their inner maps. 4.12 */
    uint32_t numa_node;    /* read with BAREBPF_F_NUMA_NODE. 4.14 */
    uint32_t map_ifindex;  /* network device to offload to. 4.16 */
    uint32_t btf_fd;       /* BTF object of the next two; read if one is nonzero. 4.18 */
    uint32_t btf_key_type_id;
    uint32_t btf_value_type_id;
    uint32_t btf_vmlinux_value_type_id; /* struct_ops: type in the kernel's own BTF. 5.6 */
    uint64_t map_extra;                 /* what it says depends on the type. 5.16 */
    int32_t value_type_btf_obj_fd;      /* read with BAREBPF_F_VTYPE_BTF_OBJ_FD. 6.9 */
    uint32_t token_fd;                  /* read with BAREBPF_F_TOKEN_FD. 6.9 */
    const void *excl_prog_hash;         /* SHA-256 of the one program that may use the map. 6.18 */
    uint32_t excl_prog_hash_size;       /* bytes of it: 32. 6.18 */
};
#define barebpf_map_spec__releases(X) X(excl_prog_hash_size) /* 0.1.0 */

/*
 * BAREBPF_GIVE_UP_*: what a policy may let barebpf_map_create() give up of a request that the kernel refuses,
 * and what a report says was given up.
 */
enum {
    /* flags without which this kernel makes the same map: no_prealloc of a hash before 4.6, which
       preallocates nothing; numa_node with node UINT32_MAX, any node, before 4.14 */
    BAREBPF_GIVE_UP_FLAGS = 1 << 0,
    /* max_entries, for the next number the type takes: of a ring buffer a power of two of pages; of a
       perf_event_array or cpumap that has 0 entries, or too many for the kernel, the possible CPUs */
    BAREBPF_GIVE_UP_SIZE = 1 << 1,
    /* the characters of the name that this kernel refuses, for '_' */
    BAREBPF_GIVE_UP_NAME_CHARS = 1 << 2,
    /* the name, on a kernel that has none (before 4.15) */
    BAREBPF_GIVE_UP_NAME = 1 << 3,
    /* the BTF types of key and value, where the kernel or the type has none; for programs that do not depend
       on them, as those with a spin lock or a timer in the value do */
    BAREBPF_GIVE_UP_BTF = 1 << 4,
    /* what the name has beyond 15 bytes */
    BAREBPF_GIVE_UP_NAME_END = 1 << 5
};

/* BAREBPF_MEMLOCK_*: what may happen to RLIMIT_MEMLOCK, against which kernels before 5.11 charge maps. */
enum {
    BAREBPF_MEMLOCK_NEVER,       /* nothing */
    BAREBPF_MEMLOCK_WHEN_NEEDED, /* raised after an EPERM, and put back if no map comes of it */
    BAREBPF_MEMLOCK_SCOPED       /* the same, and put back after success too */
};

/*
 * barebpf_policy: what barebpf_map_create() may do after a refusal. Zero the whole of it, then set sz to
 * sizeof(struct barebpf_policy) and what is allowed: of a zeroed policy nothing is. As bpf_map_create():
 * BAREBPF_GIVE_UP_NAME and BAREBPF_MEMLOCK_WHEN_NEEDED.
 */
struct barebpf_policy {
    size_t sz;
    uint32_t give_up;      /* BAREBPF_GIVE_UP_* bits */
    uint32_t memlock;      /* BAREBPF_MEMLOCK_* */
    uint64_t memlock_most; /* bytes RLIMIT_MEMLOCK may be raised to; 0: as libbpf_set_memlock_rlim() says */
    uint32_t backoff_ms; /* milliseconds to wait, in all, for an EPERM to pass while RLIMIT_MEMLOCK is finite:
                            kernels before 5.11 go on charging maps for some time after they are closed */
    size_t : 0;
};
#define barebpf_policy__releases(X) X(backoff_ms) /* 0.1.0 */

/*
 * barebpf_report: what barebpf_map_create() did, on success and on failure. Zero the whole of it, then set sz
 * to sizeof(struct barebpf_report), and log and log_size if the kernel's words are wanted. The rest is
 * written; nothing is when the request was refused without asking the kernel. The buffer stays the caller's,
 * and is left untouched when the kernel has nothing to say.
 */
struct barebpf_report {
    size_t sz;
    char *log;              /* in: where the kernel may explain the first refusal. 7.2 */
    uint32_t log_size;      /* in: bytes of it */
    uint32_t log_true_size; /* bytes the whole explanation takes with its NUL, 0 without one */
    uint32_t given_up;      /* BAREBPF_GIVE_UP_* bits; 0 after a failure */
    int32_t first_error;    /* errno of the first refusal, 0 without one */
    uint32_t calls;         /* of bpf(2) */
    uint32_t map_flags;     /* as last asked for */
    uint32_t max_entries;   /* as last asked for */
    uint32_t waited_ms;     /* see backoff_ms */
    uint32_t raised;        /* 1 when RLIMIT_MEMLOCK was raised for the map, whether or not it was put back */
    uint32_t
        guessed_cpus; /* 1 when the possible CPUs are those this thread may run on, for /sys did not say */
    char name[16];    /* as last asked for */
    int32_t why[32];  /* for each bit of given_up, by its number: the errno of this request with only that
                        kept. ENOTSUPP (524) for the BTF types if the kernel refused them so in another one. 0
                        for a bit that is not set, and if it was known beforehand that the name is of no use */
    size_t : 0;
};
#define barebpf_report__releases(X) X(why) /* 0.1.0 */

/*
 * barebpf_map_create() makes the map spec describes, with one bpf(2) call. After a refusal it does what
 * policy allows, and no more: policy may be NULL, which is that of bpf_map_create(). What is given up is the
 * least that makes the kernel take the request: everything less was refused, or would have kept BTF types
 * that the kernel had refused with ENOTSUPP. report may be NULL.
 *
 * Returns a descriptor of at least 3, close-on-exec, that the caller owns. Without asking the kernel: EINVAL
 * when spec is NULL, or the sz of spec, policy or report is wrong as said above, or policy has a bit or a
 * number that means nothing; ENAMETOOLONG when the name has more than 15 bytes, unless
 * BAREBPF_GIVE_UP_NAME_END is allowed. Any other errno is the kernel's, or EMFILE when a descriptor cannot be
 * moved away from 0 to 2. After a failure nothing stays open, and RLIMIT_MEMLOCK is put back as
 * bpf_map_create() does. Calls bpf(2) at most 27 times, not counting backoff_ms. Linux 3.18.
 */
BAREBPF_API int barebpf_map_create(const struct barebpf_map_spec *spec, const struct barebpf_policy *policy,
                                   struct barebpf_report *report);

/*
 * barebpf_map_create_attr() writes the bytes barebpf_map_create() would pass to bpf(2) into attr, which has
 * room for size bytes, and asks nothing of the kernel. Returns how many bytes they are, 92; errors as
 * barebpf_map_create() without the kernel's, and ENOSPC when size is too small.
 */
BAREBPF_API int barebpf_map_create_attr(const struct barebpf_map_spec *spec, void *attr, size_t size);

/*
 * The calls of a map's life, one bpf(2) call each. <barebpf/bpf.h> has the same, and more, under libbpf's
 * names, where it says what each does and how it fails: barebpf_map_update_elem() is bpf_map_update_elem(),
 * and so on. These names are for programs without libbpf's (BAREBPF_NO_LIBBPF_NAMES), and always mean
 * barebpf's functions, while in a program that is linked with libbpf too its names may be libbpf's. They are
 * what <barebpf/barebpf.hpp> is made of.
 *
 * flags are the command's, and 0 where libbpf has a function without: lookup_elem is
 * bpf_map_lookup_elem_flags(). A batch takes the elem_flags of struct bpf_map_batch_opts.
 */
BAREBPF_API int barebpf_map_update_elem(int fd, const void *key, const void *value, uint64_t flags);
BAREBPF_API int barebpf_map_lookup_elem(int fd, const void *key, void *value, uint64_t flags);
BAREBPF_API int barebpf_map_lookup_and_delete_elem(int fd, const void *key, void *value, uint64_t flags);
BAREBPF_API int barebpf_map_delete_elem(int fd, const void *key);
BAREBPF_API int barebpf_map_get_next_key(int fd, const void *key, void *next_key);
BAREBPF_API int barebpf_map_freeze(int fd);
BAREBPF_API int barebpf_map_get_fd_by_id(uint32_t id);
BAREBPF_API int barebpf_map_update_batch(int fd, const void *keys, const void *values, uint32_t *count,
                                         uint64_t elem_flags);
BAREBPF_API int barebpf_map_delete_batch(int fd, const void *keys, uint32_t *count, uint64_t elem_flags);
BAREBPF_API int barebpf_map_lookup_batch(int fd, const void *in_batch, void *out_batch, void *keys,
                                         void *values, uint32_t *count, uint64_t elem_flags);
BAREBPF_API int barebpf_map_lookup_and_delete_batch(int fd, const void *in_batch, void *out_batch, void *keys,
                                                    void *values, uint32_t *count, uint64_t elem_flags);

/*
 * barebpf_obj_get_info_by_fd() has the kernel describe the object behind fd: a struct bpf_map_info for a map.
 * info has room for *size bytes, zeroed by the caller; *size becomes what the kernel filled. Returns 0 or the
 * kernel's -errno. Linux 4.13.
 */
BAREBPF_API int barebpf_obj_get_info_by_fd(int fd, void *info, uint32_t *size);

/*
 * barebpf_obj_pin() gives the object behind fd a name in a bpffs; path must not exist. Returns 0 or the
 * kernel's -errno: EEXIST, ENOENT, EPERM when path is not in a bpffs, and the like. Linux 4.4.
 *
 * barebpf_obj_get() opens a pinned object: a descriptor of at least 3, close-on-exec, that the caller owns.
 * Linux 4.4.
 */
BAREBPF_API int barebpf_obj_pin(int fd, const char *path);
BAREBPF_API int barebpf_obj_get(const char *path);

/* barebpf_close() closes a descriptor. Returns 0, or -EBADF when it was not open. */
BAREBPF_API int barebpf_close(int fd);

/*
 * barebpf_possible_cpus() is libbpf_num_possible_cpus() of <barebpf/libbpf.h>: how many values an element of
 * a per-CPU map has.
 */
BAREBPF_API int barebpf_possible_cpus(void);

/*
 * barebpf_map_type_name() is the name bpftool gives a map type, NULL for a type newer than Linux 7.3.
 * barebpf_map_type_by_name() is the reverse, -ENOENT for a name that is none. Both without asking the kernel.
 */
BAREBPF_API const char *barebpf_map_type_name(uint32_t map_type);
BAREBPF_API int barebpf_map_type_by_name(const char *name);

/*
 * barebpf_map_flag_name() is the lower-case name of a map_flags bit (0 to 31) without its BPF_F_, NULL for a
 * bit no kernel through 7.3 gives a meaning at map creation. barebpf_map_flag_by_name() is the reverse, the
 * bit's number, -ENOENT for a name that is none.
 */
BAREBPF_API const char *barebpf_map_flag_name(uint32_t bit);
BAREBPF_API int barebpf_map_flag_by_name(const char *name);

/*
 * barebpf_map_type_since() is the first Linux release that makes maps of a type, barebpf_map_flag_since() the
 * first that takes a map_flags bit (0 to 31) with that type. barebpf_map_field_since() is the first that
 * reads a member of the kernel's attr for BPF_MAP_CREATE, and barebpf_map_field_name() what that member is
 * called; index counts the members from 0 in the kernel's order.
 *
 * A release is major << 16 | minor << 8 | patch, as KERNEL_VERSION() makes it, of mainline: a
 * distribution's kernel may know more. 0, or NULL, for what no kernel through 7.3 has. All without asking the
 * kernel.
 */
BAREBPF_API uint32_t barebpf_map_type_since(uint32_t map_type);
BAREBPF_API uint32_t barebpf_map_flag_since(uint32_t map_type, uint32_t bit);
BAREBPF_API uint32_t barebpf_map_field_since(uint32_t index);
BAREBPF_API const char *barebpf_map_field_name(uint32_t index);

/*
 * barebpf_errno_name() is the name of an errno value, such as "EINVAL"; "ENOTSUPP" for the 524 that BPF leaks
 * from inside the kernel; NULL for a value that has none. A negative value is named like its positive.
 */
BAREBPF_API const char *barebpf_errno_name(int error);

/*
 * barebpf_map_words: what barebpf_map_words_parse() found besides the spec. Zero the whole of it, then set sz
 * to sizeof(struct barebpf_map_words). The first three point into the caller's words and are NULL when not
 * given.
 */
struct barebpf_map_words {
    size_t sz;
    const char *pin;         /* where the map shall be pinned */
    const char *inner_map;   /* pin of the template of its inner maps, for inner_map_fd */
    const char *offload_dev; /* network device, for map_ifindex */
    const char *keyword; /* after a failure: the keyword it is about, spelled out; NULL when there is none */
    uint32_t rule;       /* after a failure: BAREBPF_WORD_*, the rule that was broken */
    uint32_t wrong;      /* after a failure: index of the word that broke it, count for one that is missing */
    uint32_t offset;     /* after a failure: the byte of that word where the wrong flag begins */
    size_t : 0;
};
#define barebpf_map_words__releases(X) X(offset) /* 0.1.0 */

/* BAREBPF_WORD_*: the rules of barebpf_map_words_parse(). */
enum {
    BAREBPF_WORD_KEYWORD = 1, /* a keyword must stand here, and this is none */
    BAREBPF_WORD_ONCE,        /* a keyword is given once */
    BAREBPF_WORD_VALUE,       /* a keyword is followed by a value */
    BAREBPF_WORD_NEEDED,      /* this keyword may not be left out */
    BAREBPF_WORD_TYPE,        /* the type must be a number or one that barebpf_map_type_by_name() knows */
    BAREBPF_WORD_FLAG,        /* a flag must be a number or one that barebpf_map_flag_by_name() knows */
    BAREBPF_WORD_NUMBER,      /* must be a number, or a size, to its last byte */
    BAREBPF_WORD_RANGE,       /* must be at most 2^32-1, extra at most 2^64-1 */
    BAREBPF_WORD_PIN          /* an inner map is given by its pin, not by id or name */
};

/*
 * barebpf_map_words_parse() reads a map's description in bpftool's words:
 *
 *     [PIN] type TYPE key SIZE value SIZE entries N [name NAME] [flags FLAGS] [extra N] [numa NODE]
 *           [inner_map [pinned] PIN] [offload_dev NAME]
 *
 * PIN comes first, the rest in any order. Keywords may be shortened as bpftool allows, and `dev` is
 * offload_dev. key, value and entries may be left out for the types that require 0 there. Numbers are
 * decimal, 0x hexadecimal or 0 octal. SIZE, and N of entries, may have a unit: B (of a number that is not
 * hexadecimal), K, M, G (powers of 1024, also KiB, MiB, GiB), or `page`, which is page_size bytes (0:
 * unknown, so refused) and may also stand alone. TYPE is a number or a name, FLAGS are numbers and names,
 * separated by commas; names in any case, with or without their BPF_MAP_TYPE_ or BPF_F_. numa sets
 * BAREBPF_F_NUMA_NODE too. A first word that is not a keyword is PIN if it has a slash or a keyword follows
 * it.
 *
 * Sets those members of *spec that the words name; flags are added to the ones there. Asks nothing of the
 * kernel: pin, inner_map and offload_dev are left to the caller, as is the length of the name. Returns 0;
 * EINVAL when a rule is broken, which *read then names, or, with rule 0, when the sz of *spec is wrong. When
 * that of *read is, EINVAL, and nothing is written.
 */
BAREBPF_API int barebpf_map_words_parse(struct barebpf_map_words *read, struct barebpf_map_spec *spec,
                                        const char *const *words, uint32_t count, uint32_t page_size);

#ifdef __cplusplus
}
#endif

#endif
