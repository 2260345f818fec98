/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BAREBPF_LIBBPF_COMMON_H
#define BAREBPF_LIBBPF_COMMON_H

/* Shared by <barebpf/bpf.h> and <barebpf/libbpf.h>, as <bpf/libbpf_common.h> is by libbpf's headers. */
#include <stddef.h>

/* BAREBPF_API marks the functions that the shared library exports. */
#ifndef BAREBPF_API
#define BAREBPF_API __attribute__((visibility("default")))
#endif

/* The libbpf version whose map functions barebpf has. */
#ifndef LIBBPF_MAJOR_VERSION
#define LIBBPF_MAJOR_VERSION 1
#define LIBBPF_MINOR_VERSION 8
#endif

/*
 * LIBBPF_OPTS(TYPE, NAME, .member = value, ...) declares `struct TYPE NAME` with sz set, the members given
 * set, and every other byte zero. At block scope, in C99 and in C++; in C++ too the members may come in any
 * order (at most 24 of them; a value with a comma of its own needs parentheses).
 *
 * LIBBPF_OPTS_RESET(NAME, .member = value, ...) does the same to a variable that exists.
 *
 * Compilers may turn either into calls of memset and memcpy, which they expect even a freestanding program to
 * have.
 */
#ifndef LIBBPF_OPTS /* libbpf's other headers define their own, which works too */

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
 * One assignment per member, `opts .member = value`, since C++ requires designators in the order of the
 * members; `opts` alone where the caller gave none.
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
