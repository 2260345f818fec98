/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BAREBPF_BOOT_H
#define BAREBPF_BOOT_H

/*
 * Pinned maps that outlive their programs: made once, found again, and never seen half-made. For PID 1, an
 * initramfs, a container's entry point, and any program that several processes start at once.
 *
 * Every function is freestanding, needs no heap and no /proc, and may be called from any thread and after
 * fork(2). A function that fails returns -errno, and sets errno too if the program has one. docs/boot.md
 * describes the order of the syscalls and what other processes can see in between.
 */
#include "barebpf.h"

#ifdef __cplusplus
extern "C" {
#endif

/* BAREBPF_EXISTS_*: what happens to a map that is pinned already and differs from the one described. */
enum {
    BAREBPF_EXISTS_FAIL,    /* nothing; the call fails with EEXIST and reports the differences */
    BAREBPF_EXISTS_KEEP,    /* it is returned as it is */
    BAREBPF_EXISTS_REPLACE, /* a new map takes its place; programs that hold the old one keep it */
    BAREBPF_EXISTS_MIGRATE  /* likewise, after the elements that fit were copied into the new map */
};

/* BAREBPF_ENSURE_*: which attributes of the pin barebpf_ensure_opts sets. */
enum {
    BAREBPF_ENSURE_MODE = 1 << 0,
    BAREBPF_ENSURE_UID = 1 << 1,
    BAREBPF_ENSURE_GID = 1 << 2
};

/*
 * barebpf_ensure_opts: how to make, pin and verify a map. Zero the whole struct, then set sz to sizeof(struct
 * barebpf_ensure_opts) and the members you need. Pointers stay the caller's.
 */
struct barebpf_ensure_opts {
    size_t sz;
    const struct barebpf_policy *policy; /* for barebpf_map_create(); a map with something given up that the
                                            policy allows is no different map. NULL: its default */
    int (*fill)(int fd, void *context); /* called once for each map that is made, before it has its name: more
                                           than once if another process is in the way. A result below zero,
                                           -errno, ends the call. It must not ensure the same pin: that waits
                                           for itself. NULL: none */
    void *context;                      /* for fill */
    void *scratch;       /* migrate: room for two keys and a value, for a per-CPU type a value of each CPU.
                            NULL: 2048 bytes on the stack */
    size_t scratch_size; /* bytes of it */
    const char *mount;   /* directory to mount a bpffs at, unless one is there. NULL: none is mounted */
    uint32_t mount_mode; /* mode of that bpffs' root directory; 0: 0700 */
    uint32_t exists;     /* BAREBPF_EXISTS_* */
    uint32_t freeze;     /* 1: the map is frozen after it was filled. 5.2 */
    uint32_t set;        /* BAREBPF_ENSURE_* bits of the next three; what is not set stays as it is, and is
                            mode 0600 less the umask, and the caller's uid and gid, for a new pin */
    uint32_t mode;       /* permission bits of the pin */
    uint32_t uid;        /* owner of the pin */
    uint32_t gid;        /* group of the pin */
    uint32_t make_directories; /* 1: missing parent directories of the pin, and of mount, are made */
    uint32_t directory_mode;   /* their mode, less the umask; 0: 0700 */
    int32_t bpffs_fd; /* directory in a bpffs that the pin is relative to, such as of barebpf_bpffs_open();
                         0: the pin is an ordinary path. 6.5 */
    uint32_t is_new;  /* 1: the caller has seen that neither pin nor PIN~barebpf is there, so that a small map
                         that is not filled and has the usual attributes is made without looking, in two
                         syscalls less. A pin that is there after all is found or refused as it would be
                         without is_new; a PIN~barebpf stays until the next call */
    uint32_t reserved;
};
#define barebpf_ensure_opts__releases(X) X(is_new) /* 0.1.0 */

/* In place of a member's index: whether the map is frozen. */
#define BAREBPF_MEMBER_FROZEN 31u

/*
 * barebpf_difference: a member in which the pinned map is another one than described. For the name the values
 * are 0: see wanted_name and found_name of the report. For BTF (btf_fd) and frozen they are 1 or 0: the map
 * has it or not.
 */
struct barebpf_difference {
    uint64_t wanted;
    uint64_t found;
    uint32_t member; /* index as for barebpf_map_field_name(), or BAREBPF_MEMBER_FROZEN */
    uint32_t reserved;
};

/* BAREBPF_ENSURED_*: what barebpf_ensure_map() did. */
enum {
    BAREBPF_ENSURED_NOTHING,  /* it failed */
    BAREBPF_ENSURED_FOUND,    /* the map was pinned already, by this or another process */
    BAREBPF_ENSURED_CREATED,  /* there was none */
    BAREBPF_ENSURED_KEPT,     /* a map that differs was kept */
    BAREBPF_ENSURED_REPLACED, /* a map that differs was replaced */
    BAREBPF_ENSURED_MIGRATED  /* a map that differs was replaced, and its elements copied */
};

/* BAREBPF_DID_*: changes barebpf_ensure_map() made besides. */
enum {
    BAREBPF_DID_MOUNT = 1 << 0,       /* a bpffs was mounted; it stays after a failure */
    BAREBPF_DID_DIRECTORIES = 1 << 1, /* directories were made */
    BAREBPF_DID_ATTRIBUTES = 1 << 2,  /* mode, owner or group of a pin that existed were changed */
    BAREBPF_DID_CLEAN = 1 << 3        /* what a killed process had left was removed */
};

/*
 * BAREBPF_STEPS(X) lists the steps of barebpf_ensure_map(), one of which failed: X(UPPER, value, words).
 */
/* clang-format off */
#define BAREBPF_STEPS(X) \
    X(CHECK, 1, "check the arguments") \
    X(MOUNT, 2, "mount a bpffs") \
    X(OPEN, 3, "open the pin") \
    X(KIND, 4, "use the pin, which is no map") \
    X(DESCRIBE, 5, "read the map's description") \
    X(VERIFY, 6, "use the pinned map, which differs") \
    X(DIRECTORY, 7, "make a directory for the pin") \
    X(LOCK, 8, "reserve the pin") \
    X(CREATE, 9, "create the map") \
    X(FILL, 10, "fill the map") \
    X(MIGRATE, 11, "copy the old map's elements") \
    X(FREEZE, 12, "freeze the map") \
    X(PIN, 13, "pin the map") \
    X(ATTRIBUTES, 14, "set the pin's mode and owner") \
    X(RENAME, 15, "give the pin its name")
/* clang-format on */

/* BAREBPF_STEP_*: the steps. */
enum {
#define BAREBPF_ENUMERATOR(upper, value, words) BAREBPF_STEP_##upper = value,
    BAREBPF_STEPS(BAREBPF_ENUMERATOR)
#undef BAREBPF_ENUMERATOR
};

/*
 * barebpf_ensure_report: what barebpf_ensure_map() found and did, on success and on failure. Zero the whole
 * struct, then set sz to sizeof(struct barebpf_ensure_report), and created for the creation's own report. The
 * other members are written, unless the function fails with EINVAL for the struct itself.
 */
struct barebpf_ensure_report {
    size_t sz;
    struct barebpf_report *created; /* in: for barebpf_map_create(), which is called if a map is made */
    uint32_t outcome;               /* BAREBPF_ENSURED_* */
    uint32_t step;                  /* after a failure: BAREBPF_STEP_* that failed, else 0 */
    uint32_t did;                   /* BAREBPF_DID_* bits */
    uint32_t unverified; /* members, a bit each by index, that are described but that this kernel does not
                            show of a pinned map; they count as equal */
    uint32_t map_type;   /* of the map described */
    uint32_t difference_count; /* entries in differences, of the pinned map that was found */
    uint32_t uncopied; /* migrate fails with EOPNOTSUPP: index of the member for which elements cannot be
                          copied, 0 for the type */
    uint32_t padding;
    uint64_t copied;         /* migrate: elements copied */
    uint64_t left_out;       /* migrate: elements the new map has no room for; an LRU map always has room, and
                                evicts */
    uint64_t scratch_needed; /* migrate: bytes of scratch it takes, after ENOBUFS */
    char wanted_name[16];    /* with a difference in the name */
    char found_name[16];
    struct barebpf_difference differences[12];
};
#define barebpf_ensure_report__releases(X) X(differences) /* 0.1.0 */

/*
 * barebpf_ensure_map() returns the map that is pinned at pin, and makes it if there is none. opts and report
 * may be NULL.
 *
 * A map that is pinned already is verified: type, key_size, value_size, max_entries, map_flags, map_extra,
 * map_ifindex, the struct_ops type, whether it has BTF types, whether it is frozen, and, if spec has one, the
 * name. What kernels change themselves is no difference: max_entries of ring buffers (rounded up), of
 * perf_event_arrays and cpumaps (0 and too many stand for the possible CPUs) and of LRU maps with
 * no_common_lru (a share for each CPU), and the rdonly_prog that they add to devmaps and insn_arrays. The
 * kernel never shows numa_node, the template of inner maps, excl_prog_hash and the flags rdonly, wronly and
 * token_fd. What it cannot show counts as equal and is reported as unverified: the name before 4.15, BTF
 * before 4.18, map_extra before 5.16, and, only for a map that is read-only to user space, frozen without
 * /proc. If the map equals spec, mode, owner and group are corrected where opts set others.
 *
 * A map that is made is created, filled, given the old map's elements (migrate), frozen, pinned in a
 * directory PIN~barebpf beside the pin, of mode 0700, given its mode, owner and group there, and only then
 * moved to pin, in one step. So other processes see no map or a finished one; with replace and migrate, the
 * old or the new. Any number of processes may do this at once: they all return the same map. They wait for
 * each other while one of them makes it. A process that is killed leaves at most PIN~barebpf, which the next
 * call for the pin removes. Kernels before 4.9 and 4.5 lack some of this: docs/boot.md says what.
 *
 * Returns a descriptor of at least 3, close-on-exec, that the caller owns, opened rdonly or wronly if spec
 * has these flags. After a failure no descriptor is open, the pin is as before, directories that were made
 * are removed if they are empty, and report->step is the step that failed:
 *
 * CHECK       without a syscall. EINVAL: spec or pin is NULL, pin does not end with a name, the sz of a
 *             struct is wrong, or opts or its policy have an unknown number. ENAMETOOLONG: pin has more than
 *             4079 bytes, its last part more than 247, or the map's name more than 15
 * OPEN        EACCES, EPERM, ENOTDIR, ...; with bpffs_fd EINVAL before 6.5
 * KIND        EACCES: no map is pinned, but another object
 * DESCRIBE    EOPNOTSUPP: this kernel describes maps neither by bpf(2) (before 4.13) nor in /proc
 * VERIFY      EEXIST: the pinned map differs
 * DIRECTORY   ENOENT: the pin's directory is missing; EACCES, EROFS, ...
 * LOCK        EINTR: a signal arrived; EBUSY: others keep removing PIN~barebpf
 * PIN         EPERM: the directory is not in a bpffs, or the pin's last part has a dot
 * RENAME      EEXIST: pin is a symbolic link that leads nowhere; EPERM: a map is to be replaced before 4.5
 * MIGRATE     EOPNOTSUPP: elements cannot be copied between the two maps; ENOBUFS: they need a larger
 *             scratch; EBUSY: the old map changes too quickly
 *
 * The errno of CREATE is that of barebpf_map_create(), of FILL that of fill, and any other the kernel's.
 * Linux 4.4.
 */
BAREBPF_API int barebpf_ensure_map(const struct barebpf_map_spec *spec, const char *pin,
                                   const struct barebpf_ensure_opts *opts,
                                   struct barebpf_ensure_report *report);

/*
 * barebpf_difference_text() writes a difference as a sentence for people, such as "value_size is 16, not 8".
 * index counts report->differences from 0; words is 1 to call members by the words of the command line
 * (value) rather than by their names. At most size bytes of text are written; the sentence is cut to fit and
 * always ends with a NUL. Returns the bytes of the whole sentence with its NUL; EINVAL when the sz of *report
 * is wrong, ENOENT when there is no such difference. barebpf_step_text() is a BAREBPF_STEP_* in words that
 * follow "cannot", NULL for none. Neither makes a syscall.
 */
BAREBPF_API int barebpf_difference_text(const struct barebpf_ensure_report *report, uint32_t index,
                                        uint32_t words, char *text, size_t size);
BAREBPF_API const char *barebpf_step_text(uint32_t step);

/*
 * barebpf_bpffs_mount() mounts a bpffs at directory unless one is there: nosuid, nodev, noexec, of private
 * propagation. mode is that of its root directory, to which the kernel adds the sticky bit; 0 stands for
 * 0700. Any number of processes may call it at once: one bpffs is mounted, and the others wait. Returns 1 if
 * it was mounted, 0 if one was there; else EINVAL for NULL, or the kernel's -errno: ENOENT, ENOTDIR, EPERM
 * without CAP_SYS_ADMIN, ENODEV when the kernel has no bpffs. Linux 4.4.
 */
BAREBPF_API int barebpf_bpffs_mount(const char *directory, uint32_t mode);

/*
 * barebpf_bpffs_open() makes a new bpffs that is mounted nowhere, with the same options, and returns a
 * descriptor of it, at least 3, close-on-exec, that the caller owns: for bpffs_fd of barebpf_ensure_opts, and
 * for path_fd of bpf_obj_get_opts() and bpf_obj_pin_opts(). Its pins last until the last such descriptor is
 * closed, or longer if it is then mounted with move_mount(2). Fails with ENOSYS before Linux 5.2, ENODEV when
 * the kernel has no bpffs, EPERM without CAP_SYS_ADMIN. Linux 5.2; pins in it 6.5.
 */
BAREBPF_API int barebpf_bpffs_open(uint32_t mode);

#ifdef __cplusplus
}
#endif

#endif
