/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BAREBPF_APPLY_H
#define BAREBPF_APPLY_H

/*
 * Applying map files, for programs that do it themselves, such as an init of their own: which files there
 * are, the directories their lines name, what a map line asks of barebpf_ensure_map(), the elements of a map,
 * and which maps cannot be made because others are missing. barebpf-maps(5) describes the files.
 *
 * Every function is freestanding and needs no heap. A function that fails returns -errno, and sets errno too
 * if the program has one. The structs follow the rules for sz in barebpf.h.
 */
#include "map_file.h"

#ifdef __cplusplus
extern "C" {
#endif

/*
 * barebpf_map_files: the map files of directories, NAME.maps, in the order of their names. Zero the whole
 * struct, then set sz to sizeof(struct barebpf_map_files), and the members marked "in". What the pointers
 * point to stays the caller's.
 */
struct barebpf_map_files {
    size_t sz;
    const char *const *directories; /* in: paths. Of files with the same name, only that of the first of these
                                       directories is found. NULL: those of barebpf apply, as far as they
                                       exist: /etc/barebpf.d, /run/barebpf.d, /usr/lib/barebpf.d */
    size_t count;                   /* in: how many directories */
    size_t directory;               /* index of the one with the file; after a failure, that which cannot be
                                       read */
    char name[256];                 /* name of the file, with its NUL; "" before the first */
};
#define barebpf_map_files__releases(X) X(name) /* 0.1.0 */

/*
 * barebpf_map_files_next() finds the next file, by name, and sets directory and name. Hidden files, whose
 * names begin with a dot, are left out. A directory is read again for each file, so that none needs to fit
 * into memory. barebpf_map_files_path() is the path of directory number `index`, NULL for none, also of the
 * usual ones.
 *
 * Returns 1; 0 when there is no other file; EINVAL for a wrong sz or NULL; and the kernel's -errno for a
 * directory that cannot be read: ENOENT (but not for a usual one), ENOTDIR, EACCES.
 */
BAREBPF_API int barebpf_map_files_next(struct barebpf_map_files *files);
BAREBPF_API const char *barebpf_map_files_path(const struct barebpf_map_files *files, size_t index);

/* BAREBPF_DIRECTORY_*: the steps of barebpf_directory_ensure(), one of which failed. */
enum {
    BAREBPF_DIRECTORY_CHECK = 1, /* the arguments */
    BAREBPF_DIRECTORY_MAKE,      /* the directory, or one above it */
    BAREBPF_DIRECTORY_OPEN,      /* what is there */
    BAREBPF_DIRECTORY_OWNER,     /* change its owner or group */
    BAREBPF_DIRECTORY_MODE       /* change its mode */
};

/*
 * barebpf_directory: a directory that is to be there, and what barebpf_directory_ensure() did. Zero the whole
 * struct, then set sz to sizeof(struct barebpf_directory), and the members marked "in". The other members are
 * written, unless the function fails with EINVAL for the struct itself.
 */
struct barebpf_directory {
    size_t sz;
    const char *path;  /* in */
    uint32_t mode;     /* in: permission bits, or BAREBPF_LINE_UNSET: any */
    uint32_t owner;    /* in: uid, or BAREBPF_LINE_UNSET: any */
    uint32_t group;    /* in: gid, or BAREBPF_LINE_UNSET: any */
    uint32_t step;     /* after a failure: BAREBPF_DIRECTORY_*, else 0 */
    uint32_t made;     /* 1: it did not exist */
    uint32_t changed;  /* BAREBPF_ENSURE_* bits of those of a directory that existed that were others */
    uint32_t was_mode; /* what they were */
    uint32_t was_owner;
    uint32_t was_group;
    uint32_t
        failed_at; /* BAREBPF_DIRECTORY_MAKE: bytes of path that name the directory that cannot be made */
};
#define barebpf_directory__releases(X) X(failed_at) /* 0.1.0 */

/*
 * barebpf_directory_ensure() makes a directory unless it exists, with those above it that are missing, of
 * mode 0755 less the umask, and sets its mode, owner and group. A symbolic link in the last place is not
 * followed. Any number of processes may do this at once.
 *
 * Returns 0; EINVAL for a wrong sz, no path, or a mode above 07777; ENAMETOOLONG for a path of more than 4095
 * bytes; else the kernel's -errno, and step: ENOTDIR or ELOOP where something else is there, EACCES, EPERM,
 * EROFS. Linux 4.11; before, mode and owner are set without looking, and never reported as changed.
 */
BAREBPF_API int barebpf_directory_ensure(struct barebpf_directory *directory);

/*
 * barebpf_map_line_opts() sets what a map line says of the members of opts: policy, exists, freeze, set,
 * mode, uid and gid. policy is that of the line. What the line names besides is the caller's to open, and to
 * put into the line's spec: inner_map, btf and offload_dev. Returns 0; EINVAL for a line that is no map, or
 * a wrong sz.
 *
 * barebpf_map_line_is_left_out() is 1 if the map of a line may be missing on this kernel: the line is for
 * releases later than `release`, as by KERNEL_VERSION(); or it is optional, and report, of a
 * barebpf_ensure_map() that has failed, says that the kernel did not make the map. report may be NULL. Else
 * it is 0, also for a wrong sz.
 */
BAREBPF_API int barebpf_map_line_opts(const struct barebpf_map_line *line, struct barebpf_ensure_opts *opts);
BAREBPF_API int barebpf_map_line_is_left_out(const struct barebpf_map_line *line, uint32_t release,
                                             const struct barebpf_ensure_report *report);

/*
 * barebpf_map_plan_is_new() is 1 if neither the pin of an entry can exist, nor what a killed process left of
 * it, so that is_new may be set in the opts for barebpf_ensure_map(), which is quicker: nothing was pinned in
 * its directory when the function was first called for one of the entries after one another that have that
 * directory. It reads the directory then, if there are four of them or more, in five syscalls where it is
 * empty. Else it is 0, also for a directory that cannot be read, a wrong sz, or no such entry. Called when
 * the lines before have been applied, and after barebpf_map_plan_order().
 */
BAREBPF_API int barebpf_map_plan_is_new(struct barebpf_map_plan *plan, uint32_t index);

/*
 * barebpf_kernel_release() is the release of the running kernel, as by KERNEL_VERSION(); 0 if that is not
 * known.
 */
BAREBPF_API uint32_t barebpf_kernel_release(void);

/*
 * barebpf_map_filling: how barebpf_map_fill() sets the elements of a map. Zero the whole struct, then set sz
 * to sizeof(struct barebpf_map_filling), and the members marked "in". Pointers stay the caller's.
 */
struct barebpf_map_filling {
    size_t sz;
    struct barebpf_map_file *file; /* in: the text, whose last line read is the map's, as it is again
                                      afterwards: a map that has to be made again is filled again */
    struct barebpf_map_line *line; /* in: for the lines that are read */
    void *scratch;                 /* in: room for elements, of any alignment */
    size_t scratch_size;   /* in: bytes of it. The more elements it has room for, up to 8192, the fewer
                              syscalls; an element takes 4 bytes, its key, and its value, of all CPUs where
                              each has its own */
    size_t scratch_needed; /* after ENOBUFS: bytes that one element takes */
    uint64_t elements;     /* that were set */
    uint32_t failed_line;  /* after a failure: line of the element that the kernel refused, else 0 */
    uint32_t padding;
};
#define barebpf_map_filling__releases(X) X(padding) /* 0.1.0 */

/*
 * barebpf_map_fill() sets the elements of the `set` lines that follow a map's line, with batches where the
 * kernel and the map's type have them (Linux 5.6), else one by one. filling is a struct barebpf_map_filling,
 * so that the function can be the fill of struct barebpf_ensure_opts, and filling its context.
 *
 * Returns 0, or -errno: that of the first element that the kernel refuses; ENOBUFS when scratch has no room
 * for one element, before anything is read or set; EINVAL for a wrong sz or NULL; and EINVAL for a `set` line
 * that breaks a rule, which *line names. Linux 4.4.
 */
BAREBPF_API int barebpf_map_fill(int fd, void *filling);

/*
 * barebpf_map_fill_is_needed() is 1 if `set` lines may follow the map's line that was read last, and 0 if the
 * map has none, so that barebpf_ensure_map() needs no fill, and is quicker without one.
 */
BAREBPF_API int barebpf_map_fill_is_needed(const struct barebpf_map_file *file);

/*
 * What is missing in a plan that barebpf_map_plan_order() has put in order:
 *
 * barebpf_map_plan_fail() notes that the map of an entry is not there. Entries whose inner map it is then
 * lack it. Returns 0; EINVAL for a wrong sz, or no such entry.
 *
 * barebpf_map_plan_fail_below() notes that a directory is not there: every entry whose pin is spelled as one
 * below it lacks it. Returns how many there are; EINVAL for a wrong sz or NULL.
 *
 * barebpf_map_plan_lacks() is what an entry lacks, the pin of its inner map or a directory, as text of *size
 * bytes without an end of its own; NULL if nothing is known to be missing, or for a wrong sz or index.
 *
 * None of these makes a syscall.
 */
BAREBPF_API int barebpf_map_plan_fail(struct barebpf_map_plan *plan, uint32_t index);
BAREBPF_API int barebpf_map_plan_fail_below(struct barebpf_map_plan *plan, const char *directory);
BAREBPF_API const char *barebpf_map_plan_lacks(const struct barebpf_map_plan *plan, uint32_t index,
                                               size_t *size);

#ifdef __cplusplus
}
#endif

#endif
