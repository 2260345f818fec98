/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BAREBPF_BAREBPF_H
#define BAREBPF_BAREBPF_H

/*
 * barebpf's own C interface. Every function is freestanding and may be called from any thread, from a signal
 * handler and after fork(2). A function that fails returns -errno, and sets errno too if the program has one.
 *
 * A struct that begins with sz grows at its end from release to release, and programs and libraries of any
 * two releases work together. Zero the whole struct, then set sz to its sizeof; an initialiser in braces does
 * both, {.sz = sizeof(spec), ...}, since no such struct has padding that a compiler may leave unset. For a
 * program built against an older release the members it lacks count as zero, and nothing is written beyond
 * its struct. A program built against a newer release works as long as the members not known here are zero.
 * The function fails with EINVAL, before any syscall, when sz is below the size of the struct in 0.1.0 or
 * above 4096, or covers a set byte beyond the members known here. NAME__releases(X) lists the last member of
 * each release that added any. Where an ABI would pad a struct, it has `reserved` at its end, which must be
 * zero and makes way for later members, or `padding` before a member, which is ignored.
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
 * barebpf_map_spec: everything that BPF_MAP_CREATE takes. Zero the whole struct, then set sz to sizeof(struct
 * barebpf_map_spec) and the members you need: zero means "not given" everywhere. Pointers stay the caller's.
 * Sizes are bytes. Beside a member stands the first kernel release that reads it; older kernels refuse a
 * nonzero value with EINVAL or E2BIG.
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
    uint64_t map_extra;                 /* its meaning depends on the type. 5.16 */
    int32_t value_type_btf_obj_fd;      /* read with BAREBPF_F_VTYPE_BTF_OBJ_FD. 6.9 */
    uint32_t token_fd;                  /* read with BAREBPF_F_TOKEN_FD. 6.9 */
    const void *excl_prog_hash;         /* SHA-256 of the one program that may use the map. 6.18 */
    uint32_t excl_prog_hash_size;       /* bytes of it: 32. 6.18 */
    uint32_t reserved[8 / sizeof(void *)];
};
#define barebpf_map_spec__releases(X) X(excl_prog_hash_size) /* 0.1.0 */

/*
 * BAREBPF_GIVE_UP_*: parts of a request that a policy allows barebpf_map_create() to give up after a refusal,
 * and that a report says were given up.
 */
enum {
    /* flags without which this kernel makes the same map: no_prealloc of a hash before 4.6, when no hash is
       preallocated; numa_node with node UINT32_MAX, any node, before 4.14 */
    BAREBPF_GIVE_UP_FLAGS = 1 << 0,
    /* max_entries, in favour of the next number the type accepts: for a ring buffer a power of two of pages;
       for a perf_event_array or cpumap with 0 entries, or too many for the kernel, the number of possible
       CPUs */
    BAREBPF_GIVE_UP_SIZE = 1 << 1,
    /* the characters of the name that this kernel refuses, which become '_' */
    BAREBPF_GIVE_UP_NAME_CHARS = 1 << 2,
    /* the name, on a kernel without map names (before 4.15) */
    BAREBPF_GIVE_UP_NAME = 1 << 3,
    /* the BTF types of key and value, if the kernel or the map type does not support them; not for programs
       that depend on them, such as those with a spin lock or a timer in the value */
    BAREBPF_GIVE_UP_BTF = 1 << 4,
    /* the bytes of the name beyond 15 */
    BAREBPF_GIVE_UP_NAME_END = 1 << 5
};

/* BAREBPF_MEMLOCK_*: what may be done to RLIMIT_MEMLOCK, against which kernels before 5.11 charge maps. */
enum {
    BAREBPF_MEMLOCK_NEVER,       /* nothing */
    BAREBPF_MEMLOCK_WHEN_NEEDED, /* raised after an EPERM, and put back if no map is made */
    BAREBPF_MEMLOCK_SCOPED       /* the same, and put back after success too */
};

/*
 * barebpf_policy: what barebpf_map_create() may do after a refusal. Zero the whole struct, then set sz to
 * sizeof(struct barebpf_policy) and what is allowed: a zeroed policy allows nothing. The policy of
 * bpf_map_create() is BAREBPF_GIVE_UP_NAME with BAREBPF_MEMLOCK_WHEN_NEEDED.
 */
struct barebpf_policy {
    size_t sz;
    uint32_t give_up;    /* BAREBPF_GIVE_UP_* bits */
    uint32_t memlock;    /* BAREBPF_MEMLOCK_* */
    uint32_t backoff_ms; /* milliseconds to wait, in all, for an EPERM to pass while RLIMIT_MEMLOCK is finite:
                            kernels before 5.11 go on charging maps for some time after they are closed */
    uint32_t padding[8 / sizeof(void *)];
    uint64_t memlock_most; /* bytes RLIMIT_MEMLOCK may be raised to; 0: as libbpf_set_memlock_rlim() says */
};
#define barebpf_policy__releases(X) X(memlock_most) /* 0.1.0 */

/*
 * barebpf_report: what barebpf_map_create() did, on success and on failure. Zero the whole struct, then set
 * sz to sizeof(struct barebpf_report), and log and log_size for the kernel's message. The other members are
 * written, unless the function fails before its first bpf(2) call. The buffer stays the caller's, and is left
 * untouched when the kernel writes no message.
 */
struct barebpf_report {
    size_t sz;
    char *log;              /* in: buffer for the kernel's message on the first attempt. 7.2 */
    uint32_t log_size;      /* in: bytes of it */
    uint32_t log_true_size; /* bytes the whole message needs with its NUL, 0 without one */
    uint32_t given_up;      /* BAREBPF_GIVE_UP_* bits; 0 after a failure */
    int32_t first_error;    /* errno of the first refusal, 0 without one */
    uint32_t calls;         /* of bpf(2) */
    uint32_t map_flags;     /* as last requested */
    uint32_t max_entries;   /* as last requested */
    uint32_t waited_ms;     /* see backoff_ms */
    uint32_t raised;        /* 1 if RLIMIT_MEMLOCK was raised for the map, even if it was put back */
    uint32_t guessed_cpus;  /* 1 if /sys could not be read and the CPUs this thread may run on were counted */
    char name[16];          /* as last requested */
    int32_t why[32]; /* for each bit of given_up, by its number: the errno of this request with only that
                       part kept; ENOTSUPP (524) for the BTF types if the kernel returned that for another
                       attempt with them. 0 for a bit that is not set, and for a name given up at once
                       because the kernel was known to have no names */
};
#define barebpf_report__releases(X) X(why) /* 0.1.0 */

/*
 * barebpf_map_create() makes the map that spec describes, with one bpf(2) call. After a refusal it does what
 * policy allows, and no more; NULL is the policy of bpf_map_create(). It gives up the least that makes the
 * kernel accept the request: everything less was refused, or would have kept BTF types that the kernel had
 * refused with ENOTSUPP. report may be NULL.
 *
 * Returns a descriptor of at least 3, close-on-exec, that the caller owns. Without a syscall: EINVAL when
 * spec is NULL, the sz of spec, policy or report is wrong as described above, or policy has an unknown bit or
 * number; ENAMETOOLONG when the name has more than 15 bytes, unless BAREBPF_GIVE_UP_NAME_END is allowed. Any
 * other errno is the kernel's, or EMFILE when a descriptor cannot be moved away from 0 to 2. After a failure
 * nothing stays open, and RLIMIT_MEMLOCK is put back as by bpf_map_create(). Calls bpf(2) at most 27 times,
 * not counting retries during backoff_ms. Linux 3.18.
 */
BAREBPF_API int barebpf_map_create(const struct barebpf_map_spec *spec, const struct barebpf_policy *policy,
                                   struct barebpf_report *report);

/*
 * barebpf_map_create_attr() writes the bytes that barebpf_map_create() would pass to bpf(2) into attr, which
 * has room for size bytes. It makes no syscall. Returns the number of bytes, 92; fails as
 * barebpf_map_create() does before any syscall, and with ENOSPC when size is too small.
 */
BAREBPF_API int barebpf_map_create_attr(const struct barebpf_map_spec *spec, void *attr, size_t size);

/*
 * The operations on a map, one bpf(2) call each. <barebpf/bpf.h> has the same, and more, under libbpf's
 * names, and documents what each does and how it fails: barebpf_map_update_elem() is bpf_map_update_elem(),
 * and so on. These names are for programs without libbpf's (BAREBPF_NO_LIBBPF_NAMES), and always mean
 * barebpf's functions; in a program that also links libbpf, libbpf's names may mean libbpf's.
 * <barebpf/barebpf.hpp> and <barebpf/map.hpp> are built on them.
 *
 * flags are the command's; 0 where libbpf's function takes none: lookup_elem is bpf_map_lookup_elem_flags().
 * A batch takes the elem_flags of struct bpf_map_batch_opts.
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
 * barebpf_obj_get_info_by_fd() fetches the kernel's description of the object behind fd, for a map a struct
 * bpf_map_info. info has room for *size bytes, zeroed by the caller; *size becomes the number of bytes the
 * kernel filled. Returns 0 or the kernel's -errno. Linux 4.13.
 */
BAREBPF_API int barebpf_obj_get_info_by_fd(int fd, void *info, uint32_t *size);

/*
 * barebpf_obj_pin() pins the object behind fd at a path in a bpffs, which must not exist. Returns 0 or the
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
 * barebpf_possible_cpus() is libbpf_num_possible_cpus() of <barebpf/libbpf.h>: the number of values in an
 * element of a per-CPU map.
 */
BAREBPF_API int barebpf_possible_cpus(void);

/*
 * barebpf_map_type_name() is the name bpftool gives a map type, NULL for a type newer than Linux 7.3.
 * barebpf_map_type_by_name() is the reverse, -ENOENT for an unknown name. They make no syscall.
 */
BAREBPF_API const char *barebpf_map_type_name(uint32_t map_type);
BAREBPF_API int barebpf_map_type_by_name(const char *name);

/*
 * barebpf_map_flag_name() is the lower-case name of a map_flags bit (0 to 31) without its BPF_F_, NULL for a
 * bit that means nothing at map creation in any kernel through 7.3. barebpf_map_flag_by_name() is the
 * reverse, the bit's number, -ENOENT for an unknown name.
 */
BAREBPF_API const char *barebpf_map_flag_name(uint32_t bit);
BAREBPF_API int barebpf_map_flag_by_name(const char *name);

/*
 * barebpf_map_type_since() is the first Linux release that makes maps of a type, barebpf_map_flag_since() the
 * first that accepts a map_flags bit (0 to 31) with that type. barebpf_map_field_since() is the first that
 * reads a member of the kernel's attr for BPF_MAP_CREATE, and barebpf_map_field_name() is that member's name;
 * index counts the members from 0 in the kernel's order.
 *
 * A release is major << 16 | minor << 8 | patch, as by KERNEL_VERSION(), of mainline: a distribution's kernel
 * may have backports. 0, or NULL, for what no kernel through 7.3 has. None of them makes a syscall.
 */
BAREBPF_API uint32_t barebpf_map_type_since(uint32_t map_type);
BAREBPF_API uint32_t barebpf_map_flag_since(uint32_t map_type, uint32_t bit);
BAREBPF_API uint32_t barebpf_map_field_since(uint32_t index);
BAREBPF_API const char *barebpf_map_field_name(uint32_t index);

/*
 * barebpf_errno_name() is the name of an errno value, such as "EINVAL"; "ENOTSUPP" for the kernel-internal
 * 524 that bpf(2) returns; NULL for a value without a name. A negative value is named like its positive.
 */
BAREBPF_API const char *barebpf_errno_name(int error);

/*
 * barebpf_map_words: what barebpf_map_words_parse() found besides the spec. Zero the whole struct, then set
 * sz to sizeof(struct barebpf_map_words). What points into the caller's words is NULL when not given.
 */
struct barebpf_map_words {
    size_t sz;
    const char *pin;            /* path to pin the map at */
    const char *inner_map;      /* pin of the template of its inner maps, for inner_map_fd */
    const char *inner_map_name; /* the same by the name of that map */
    const char *offload_dev;    /* network device, for map_ifindex */
    const char *btf;            /* file of raw BTF, for btf_fd */
    const char *key_type;       /* name of a type in it, for btf_key_type_id */
    const char *value_type; /* the same for btf_value_type_id; of a struct_ops map a type of the kernel's own
                               BTF, for btf_vmlinux_value_type_id */
    const char *token;      /* directory of a bpffs to make a token from, for token_fd */
    const char *keyword;    /* after a failure: the keyword it concerns, spelled out, or NULL */
    uint32_t inner_map_id;  /* id of the template of its inner maps; 0: not given */
    uint32_t rule;          /* after a failure: BAREBPF_WORD_*, the rule that was broken */
    uint32_t wrong;  /* after a failure: index of the word that broke it, count for one that is missing */
    uint32_t offset; /* after a failure: the byte of that word where the wrong flag begins */
};
#define barebpf_map_words__releases(X) X(offset) /* 0.1.0 */

/* BAREBPF_WORD_*: the rules of barebpf_map_words_parse(). */
enum {
    BAREBPF_WORD_KEYWORD = 1, /* a keyword is needed here, and this word is none */
    BAREBPF_WORD_ONCE,        /* a keyword is given once */
    BAREBPF_WORD_VALUE,       /* a keyword is followed by a value */
    BAREBPF_WORD_NEEDED,      /* this keyword may not be left out */
    BAREBPF_WORD_TYPE,        /* the type must be a number or one that barebpf_map_type_by_name() knows */
    BAREBPF_WORD_FLAG,        /* a flag must be a number or one that barebpf_map_flag_by_name() knows */
    BAREBPF_WORD_NUMBER,      /* must be a number, or a size, to its last byte; a map's id is not 0 */
    BAREBPF_WORD_RANGE        /* must be at most 2^32-1, extra at most 2^64-1 */
};

/*
 * barebpf_map_words_parse() reads a map's description in bpftool's words:
 *
 *     [PIN] type TYPE key SIZE value SIZE entries N [name NAME] [flags FLAGS] [extra N] [numa NODE]
 *           [inner_map [pinned] PIN | inner_map id N | inner_map name NAME] [offload_dev NAME]
 *           [btf FILE [key_type TYPE] value_type TYPE] [token PATH | token fd N]
 *
 * PIN comes first, the rest in any order. Keywords may be shortened as bpftool allows, and `dev` is
 * offload_dev. key, value and entries may be left out for the types that require 0 there. Numbers are
 * decimal, 0x hexadecimal or 0 octal. SIZE, and N of entries, may have a unit: B (of a number that is not
 * hexadecimal), K, M, G (powers of 1024, also KiB, MiB, GiB), or `page`, which is page_size bytes (0:
 * unknown, so refused) and may also stand alone. TYPE is a number or a name, FLAGS are numbers and names,
 * separated by commas; names in any case, with or without their BPF_MAP_TYPE_ or BPF_F_. numa sets
 * BAREBPF_F_NUMA_NODE too, and token fd BAREBPF_F_TOKEN_FD. The TYPE of a key or value is the id or name of a
 * type in the BTF of FILE, but that of a struct_ops map's value is in the kernel's own BTF. A first word that
 * is not a keyword is PIN if it has a slash or a keyword follows it.
 *
 * Sets those members of *spec that the words name; flags are added to the ones there. Makes no syscall:
 * acting on what *read points to is left to the caller, as is checking the length of the name.
 * Returns 0; EINVAL when a rule is broken, which *read then names, or, with rule 0, when the sz of *spec is
 * wrong. EINVAL with nothing written when the sz of *read is wrong.
 */
BAREBPF_API int barebpf_map_words_parse(struct barebpf_map_words *read, struct barebpf_map_spec *spec,
                                        const char *const *words, uint32_t count, uint32_t page_size);

#ifdef __cplusplus
}
#endif

#endif
