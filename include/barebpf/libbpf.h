/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BAREBPF_LIBBPF_H
#define BAREBPF_LIBBPF_H

/*
 * The part of libbpf's <bpf/libbpf.h> that programs need to make and use maps, under libbpf's names, letter
 * for letter. Included after libbpf's own header, this one declares nothing; the other order is not
 * supported. Functions that fail return -errno, and set errno too if the program has one; all may be called
 * from any thread, from a signal handler and after fork(2).
 */
#include <linux/bpf.h>
#include <stdint.h>

#include "libbpf_common.h"

#ifndef __LIBBPF_LIBBPF_H

#ifdef __cplusplus
extern "C" {
#endif

/* The libbpf version whose names these are, as numbers and as "v1.8". libbpf 0.6. */
BAREBPF_API __u32 libbpf_major_version(void);
BAREBPF_API __u32 libbpf_minor_version(void);
BAREBPF_API const char *libbpf_version_string(void);

/* LIBBPF_ERRNO__*: libbpf's own errors. No function of barebpf returns them. */
enum libbpf_errno {
    __LIBBPF_ERRNO__START = 4000,
    LIBBPF_ERRNO__LIBELF = __LIBBPF_ERRNO__START,
    LIBBPF_ERRNO__FORMAT,
    LIBBPF_ERRNO__KVERSION,
    LIBBPF_ERRNO__ENDIAN,
    LIBBPF_ERRNO__INTERNAL,
    LIBBPF_ERRNO__RELOC,
    LIBBPF_ERRNO__LOAD,
    LIBBPF_ERRNO__VERIFY,
    LIBBPF_ERRNO__PROG2BIG,
    LIBBPF_ERRNO__KVER,
    LIBBPF_ERRNO__PROGTYPE,
    LIBBPF_ERRNO__WRNGPID,
    LIBBPF_ERRNO__INVSEQ,
    LIBBPF_ERRNO__NLPARSE,
    __LIBBPF_ERRNO__END
};

/*
 * libbpf_strerror() writes the meaning of an error number, positive or negative, into buf, size bytes with
 * the final NUL: the C library's text; for LIBBPF_ERRNO__* barebpf's own; and without a C library, or with
 * one linked statically without its strerror_r(), the number's name, such as "EPERM".
 *
 * Returns 0. EINVAL: buf is NULL, or size is 0. ERANGE: the text did not fit and is cut (with the C library's
 * text the ERANGE is positive, as libbpf returns it). ENOENT: there is no such number, and the text says so.
 * libbpf 0.0.1.
 */
BAREBPF_API int libbpf_strerror(int err, char *buf, size_t size);

/*
 * libbpf_bpf_map_type_str() is the name bpftool gives a map type, such as "hash", NULL for a type newer than
 * Linux 7.3. libbpf 1.0.
 */
BAREBPF_API const char *libbpf_bpf_map_type_str(enum bpf_map_type t);

enum libbpf_print_level {
    LIBBPF_WARN,
    LIBBPF_INFO,
    LIBBPF_DEBUG
};

/* The va_list of <stdarg.h>. */
typedef int (*libbpf_print_fn_t)(enum libbpf_print_level level, const char *, __builtin_va_list ap);

/*
 * libbpf_set_print() has no effect, since barebpf prints nothing. Returns the function set before; the first
 * time, one that does nothing. libbpf 0.0.1.
 */
BAREBPF_API libbpf_print_fn_t libbpf_set_print(libbpf_print_fn_t fn);

/* Behaviours of libbpf 1.0 that programs could choose before it; here always on, as in libbpf since. */
enum libbpf_strict_mode {
    LIBBPF_STRICT_ALL = (int)0xffffffff,
    LIBBPF_STRICT_NONE = 0x00,
    LIBBPF_STRICT_CLEAN_PTRS = 0x01,
    LIBBPF_STRICT_DIRECT_ERRS = 0x02,
    LIBBPF_STRICT_SEC_NAME = 0x04,
    LIBBPF_STRICT_NO_OBJECT_LIST = 0x08,
    LIBBPF_STRICT_AUTO_RLIMIT_MEMLOCK = 0x10,
    LIBBPF_STRICT_MAP_DEFINITIONS = 0x20,
    __LIBBPF_STRICT_LAST
};

/* libbpf_set_strict_mode() has no effect. Returns 0. libbpf 0.5. */
BAREBPF_API int libbpf_set_strict_mode(enum libbpf_strict_mode mode);

/*
 * libbpf_get_error() is the error of a function that returned ptr: 0 for a valid pointer, -errno for NULL,
 * and for an error number cast to a pointer that number, to which it also sets errno. In a program without
 * errno NULL gives -EINVAL. libbpf 0.0.1.
 */
BAREBPF_API long libbpf_get_error(const void *ptr);

/*
 * libbpf_num_possible_cpus() is the number of possible CPUs, which is the number of values in an element of a
 * per-CPU map. It is read from /sys/devices/system/cpu/possible. Without /sys the function makes a per-CPU
 * array and counts the values that the kernel returns for its one element, which needs the privilege to make
 * one and 64 KiB of stack. The result is not cached: call it once.
 *
 * Returns a number above 0; or, when both fail, the error of reading /sys, usually ENOENT. It never guesses:
 * the kernel would write beyond the end of a buffer for too few CPUs. libbpf 0.0.4.
 */
BAREBPF_API int libbpf_num_possible_cpus(void);

/*
 * libbpf_probe_bpf_map_type() tests whether the kernel makes maps of a type, from Linux 6.9 on without
 * privilege for most types. opts must be NULL.
 *
 * Returns 1 or 0; or -errno, with errno set if the program has one: EINVAL for opts, EOPNOTSUPP for a type
 * newer than Linux 7.3 or 0, and the kernel's error, usually EPERM, when it cannot tell. See
 * <barebpf/probe.h>. libbpf 0.7.
 */
BAREBPF_API int libbpf_probe_bpf_map_type(enum bpf_map_type map_type, const void *opts);

#ifdef __cplusplus
}
#endif

#endif
#endif
