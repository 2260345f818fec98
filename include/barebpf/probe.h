/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BAREBPF_PROBE_H
#define BAREBPF_PROBE_H

/*
 * What the running kernel supports, found out by requests to it: no version is read, no program is loaded,
 * and nothing stays behind. From Linux 6.9 on most probes need no privilege and make no map; on older kernels
 * the smallest map may be made and closed at once.
 *
 * Each barebpf_probe_*() returns 1 (yes), 0 (no), or -errno, the kernel's error, when it cannot tell. EPERM:
 * the caller lacks the privilege. ENOSYS: there is no bpf(2), or a sandbox hides it. ENOMEM, EMFILE, EACCES
 * and the like: not now, or not here. None of these is ever reported as a no. EINVAL: bpf(2) does not behave
 * as a kernel's does, or the kernel's errors do not decide it.
 *
 * "Yes" means that a caller with every privilege gets it from this kernel as it was built and booted. One
 * thing can mislead: a security module that refuses certain types or commands by number with EPERM, but not
 * unknown ones, looks like the kernel's own permission check, which comes only after the kernel has
 * recognised them.
 *
 * Functions may be called from any thread, from a signal handler and after fork(2), except for
 * BAREBPF_FEATURE_MEMLOCK.
 */
#include "barebpf.h"

#ifdef __cplusplus
extern "C" {
#endif

/*
 * barebpf_probe_call: a syscall that was made. name is "BPF_MAP_CREATE", "close", "prlimit64" and so on. attr
 * points at the size bytes passed to bpf(2), or to prlimit64(2) as the new limit; NULL if there were none, or
 * if size was larger than the bytes behind it. result is the kernel's, -errno on failure. Valid during the
 * callback only. New members are added at the end.
 */
struct barebpf_probe_call {
    const char *name;
    const void *attr;
    uint32_t size;
    int32_t result;
};

/*
 * barebpf_probe_opts: on_call, if not NULL, is called after each syscall, with context. Zero the whole
 * struct, then set sz to sizeof(struct barebpf_probe_opts).
 */
struct barebpf_probe_opts {
    size_t sz;
    void (*on_call)(void *context, const struct barebpf_probe_call *call);
    void *context;
};
#define barebpf_probe_opts__releases(X) X(context) /* 0.1.0 */

/*
 * barebpf_probe_map_type() tests whether the kernel makes maps of a type. For struct_ops it tests only
 * whether the kernel knows the type, not which structs it has. In this and the next functions opts may be
 * NULL. Without a syscall: EINVAL when opts->sz is wrong, as <barebpf/barebpf.h> says; EOPNOTSUPP when the
 * type is newer than Linux 7.3, or 0.
 */
BAREBPF_API int barebpf_probe_map_type(uint32_t map_type, const struct barebpf_probe_opts *opts);

/*
 * barebpf_probe_map_flag() tests whether the kernel accepts a map_flags bit (0 to 31) with a type; no if it
 * does not know the type. EOPNOTSUPP without a syscall: as barebpf_probe_map_type(), or the bit has no name.
 */
BAREBPF_API int barebpf_probe_map_flag(uint32_t map_type, uint32_t bit,
                                       const struct barebpf_probe_opts *opts);

/*
 * barebpf_probe_map_field() tests whether the kernel accepts requests in which a member of the attr is set;
 * index as for barebpf_map_field_name(). btf_vmlinux_value_type_id serves struct_ops maps alone, so kernels
 * with struct_ops accept it. EOPNOTSUPP without a syscall: there is no such member.
 */
BAREBPF_API int barebpf_probe_map_field(uint32_t index, const struct barebpf_probe_opts *opts);

/*
 * BAREBPF_FEATURE_*: features other than types, flags and members.
 *
 * NAME_DOT      a map's name may have a dot
 * MEMLOCK       maps count against RLIMIT_MEMLOCK; from 5.11 on they count against the memory cgroup instead.
 *               The probe sets the soft limit of the whole process to 0 for the time of one call: do not use
 *               it in a program where another thread may lock memory at that moment
 * BTF_LOAD      BPF_BTF_LOAD, which makes the BTF object for btf_fd
 * TOKEN_CREATE  BPF_TOKEN_CREATE, which makes the token for map_token_fd
 * COMMON_ATTRS  BPF_COMMON_ATTRS, by which the kernel explains a refusal
 */
enum {
    BAREBPF_FEATURE_NAME_DOT,
    BAREBPF_FEATURE_MEMLOCK,
    BAREBPF_FEATURE_BTF_LOAD,
    BAREBPF_FEATURE_TOKEN_CREATE,
    BAREBPF_FEATURE_COMMON_ATTRS
};

/* barebpf_probe_feature() tests for a BAREBPF_FEATURE_*. EOPNOTSUPP without a syscall: no such feature. */
BAREBPF_API int barebpf_probe_feature(uint32_t feature, const struct barebpf_probe_opts *opts);

/*
 * barebpf_feature_name() is the name of a BAREBPF_FEATURE_* in lower case, NULL beyond the last.
 * barebpf_feature_since() is the first mainline release with it, barebpf_feature_until() the first without it
 * again, 0 when there is none; releases are encoded as by barebpf_map_type_since(). They make no syscall.
 */
BAREBPF_API const char *barebpf_feature_name(uint32_t feature);
BAREBPF_API uint32_t barebpf_feature_since(uint32_t feature);
BAREBPF_API uint32_t barebpf_feature_until(uint32_t feature);

/*
 * barebpf_map_type_config() is the configuration that a mainline kernel of a release needs to make maps of a
 * type, a bit for each option; 0 if none. barebpf_config_name() is the option of such a bit (0 to 31), such
 * as "NET" for CONFIG_NET, NULL for no option. They make no syscall.
 */
BAREBPF_API uint32_t barebpf_map_type_config(uint32_t map_type, uint32_t release);
BAREBPF_API const char *barebpf_config_name(uint32_t bit);

#ifdef __cplusplus
}
#endif

#endif
