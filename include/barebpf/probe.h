/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef BAREBPF_PROBE_H
#define BAREBPF_PROBE_H

/*
 * What the running kernel supports, found out by asking it: no version is looked at, no program is loaded,
 * and nothing stays behind. From Linux 6.9 on most answers need no privilege and make no map; on older
 * kernels the smallest map may be made and released at once.
 *
 * Each barebpf_probe_*() returns 1 (yes), 0 (no), or -errno: it cannot be told, and that is what the kernel
 * answered instead. EPERM: the caller may not ask. ENOSYS: there is no bpf(2), or a sandbox says so. ENOMEM,
 * EMFILE, EACCES and the like: not now, or not here. None of them ever becomes a no. EINVAL: nothing that
 * looks like a kernel's bpf(2) is there, or the kernel did not say enough.
 *
 * "Yes" means that a caller with every privilege gets it from this kernel as it was built and started. One
 * thing can mislead: a security module that refuses with EPERM single types or commands by their number, but
 * not unknown ones, looks like the kernel's own check of permissions, which knows them.
 *
 * Functions may be called from any thread, from a signal handler and after fork(2), but for
 * BAREBPF_FEATURE_MEMLOCK.
 */
#include "barebpf.h"

#ifdef __cplusplus
extern "C" {
#endif

/*
 * barebpf_probe_call: a system call that was made. name is "BPF_MAP_CREATE", "close", "prlimit64" and so on.
 * attr points at the size bytes that were passed to bpf(2) or as the new limit, NULL for none and for a size
 * there are no bytes for; result is the
 * kernel's, -errno for a failure. Valid during the callback only. New members are added at the end.
 */
struct barebpf_probe_call {
    const char *name;
    const void *attr;
    uint32_t size;
    int32_t result;
};

/*
 * barebpf_probe_opts: asked, if not NULL, is called after each system call, with context. Zero the whole of
 * it, then set sz to sizeof(struct barebpf_probe_opts).
 */
struct barebpf_probe_opts {
    size_t sz;
    void (*asked)(void *context, const struct barebpf_probe_call *call);
    void *context;
};
#define barebpf_probe_opts__releases(X) X(context) /* 0.1.0 */

/*
 * barebpf_probe_map_type() tells whether the kernel makes maps of a type. For a struct_ops map that is
 * whether it knows the type; which structs it has is not asked. opts may be NULL in this and the next
 * functions; EINVAL without asking the kernel when opts->sz is wrong, as <barebpf/barebpf.h> says. EOPNOTSUPP
 * without asking: the type is newer than Linux 7.3, or 0.
 */
BAREBPF_API int barebpf_probe_map_type(uint32_t map_type, const struct barebpf_probe_opts *opts);

/*
 * barebpf_probe_map_flag() tells whether the kernel takes a map_flags bit (0 to 31) with a type: no when it
 * does not know the type. EOPNOTSUPP without asking: as barebpf_probe_map_type(), or the bit has no name.
 */
BAREBPF_API int barebpf_probe_map_flag(uint32_t map_type, uint32_t bit,
                                       const struct barebpf_probe_opts *opts);

/*
 * barebpf_probe_map_field() tells whether the kernel takes requests in which a member of the attr is set;
 * index as for barebpf_map_field_name(). btf_vmlinux_value_type_id is of use for struct_ops maps alone, and
 * so is taken by kernels that have those. EOPNOTSUPP without asking: there is no such member.
 */
BAREBPF_API int barebpf_probe_map_field(uint32_t index, const struct barebpf_probe_opts *opts);

/*
 * BAREBPF_FEATURE_*: what is no type, flag or member.
 *
 * NAME_DOT      a map's name may have a dot
 * MEMLOCK       maps count against RLIMIT_MEMLOCK; from 5.11 on they count against the memory cgroup instead.
 *               To find out, the soft limit of the whole process is 0 for the time of one call: not for a
 *               program of which another thread may lock memory just then
 * BTF_LOAD      BPF_BTF_LOAD, which makes the BTF object that btf_fd wants
 * TOKEN_CREATE  BPF_TOKEN_CREATE, which makes what map_token_fd wants
 * COMMON_ATTRS  BPF_COMMON_ATTRS, by which the kernel explains a refusal
 */
enum {
    BAREBPF_FEATURE_NAME_DOT,
    BAREBPF_FEATURE_MEMLOCK,
    BAREBPF_FEATURE_BTF_LOAD,
    BAREBPF_FEATURE_TOKEN_CREATE,
    BAREBPF_FEATURE_COMMON_ATTRS
};

/* barebpf_probe_feature() tells whether there is a BAREBPF_FEATURE_*. EOPNOTSUPP without asking: no such. */
BAREBPF_API int barebpf_probe_feature(uint32_t feature, const struct barebpf_probe_opts *opts);

/*
 * barebpf_feature_name() is the name of a BAREBPF_FEATURE_* in lower case, NULL beyond the last.
 * barebpf_feature_since() is the first mainline release that has it, barebpf_feature_until() the first that
 * has it no more, 0 when there is none; releases as barebpf_map_type_since() has them. Without asking the
 * kernel.
 */
BAREBPF_API const char *barebpf_feature_name(uint32_t feature);
BAREBPF_API uint32_t barebpf_feature_since(uint32_t feature);
BAREBPF_API uint32_t barebpf_feature_until(uint32_t feature);

/*
 * barebpf_map_type_config() is what a mainline kernel of a release must have been built with to make maps of
 * a type, a bit for each option; 0 when nothing. barebpf_config_name() is the option of such a bit (0 to 31),
 * such as "NET" for CONFIG_NET, NULL for no option. Without asking the kernel.
 */
BAREBPF_API uint32_t barebpf_map_type_config(uint32_t map_type, uint32_t release);
BAREBPF_API const char *barebpf_config_name(uint32_t bit);

#ifdef __cplusplus
}
#endif

#endif
