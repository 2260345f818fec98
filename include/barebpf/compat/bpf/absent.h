/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BAREBPF_COMPAT_BPF_ABSENT_H
#define BAREBPF_COMPAT_BPF_ABSENT_H

/*
 * BAREBPF_ABSENT(name) declares a function of libbpf's that barebpf does not have, so that the compiler stops
 * where it is used and says why. Whoever includes the next headers, and links libbpf for those functions,
 * must include libbpf's headers instead.
 */
#ifdef __cplusplus
#define BAREBPF_ABSENT_DECLARED(name) extern "C" int name(...)
#else
#define BAREBPF_ABSENT_DECLARED(name) int name(const void *, ...)
#endif

/* The releases of clang-format differ here. */
/* clang-format off */
#define BAREBPF_ABSENT_WORDS(name) \
#name "() is not in barebpf, which makes and uses maps: for programs, links and object files use libbpf"
/* clang-format on */

#if defined(__has_attribute)
#if __has_attribute(unavailable)
#define BAREBPF_ABSENT(name) \
    BAREBPF_ABSENT_DECLARED(name) __attribute__((unavailable(BAREBPF_ABSENT_WORDS(name))))
#endif
#endif
#ifndef BAREBPF_ABSENT
#define BAREBPF_ABSENT(name) BAREBPF_ABSENT_DECLARED(name) __attribute__((error(BAREBPF_ABSENT_WORDS(name))))
#endif

/* What those functions deal in: programs may have pointers to them. */
struct bpf_link;
struct bpf_linker;
struct bpf_map;
struct bpf_object;
struct bpf_program;
struct btf;
struct btf_ext;
struct perf_buffer;
struct ring_buffer;
struct user_ring_buffer;

#endif
