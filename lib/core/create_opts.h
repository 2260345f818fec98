// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_LIB_CORE_CREATE_OPTS_H
#define BAREBPF_LIB_CORE_CREATE_OPTS_H

#include "attr.h"
#include "barebpf/bpf.h"
#include "opts.h"

namespace barebpf
{

#define BAREBPF_OPTS_PLACE(member, field) BAREBPF_PLACE(bpf_map_create_opts, member, map_create_attr, field)
inline constexpr place map_create_places[] = {
    BAREBPF_OPTS_PLACE(btf_fd, btf_fd),
    BAREBPF_OPTS_PLACE(btf_key_type_id, btf_key_type_id),
    BAREBPF_OPTS_PLACE(btf_value_type_id, btf_value_type_id),
    BAREBPF_OPTS_PLACE(btf_vmlinux_value_type_id, btf_vmlinux_value_type_id),
    BAREBPF_OPTS_PLACE(inner_map_fd, inner_map_fd),
    BAREBPF_OPTS_PLACE(map_flags, map_flags),
    BAREBPF_OPTS_PLACE(map_extra, map_extra),
    BAREBPF_OPTS_PLACE(numa_node, numa_node),
    BAREBPF_OPTS_PLACE(map_ifindex, map_ifindex),
    BAREBPF_OPTS_PLACE(value_type_btf_obj_fd, value_type_btf_obj_fd),
    BAREBPF_OPTS_PLACE(token_fd, map_token_fd),
    BAREBPF_POINTER_PLACE(bpf_map_create_opts, excl_prog_hash, map_create_attr, excl_prog_hash),
    BAREBPF_OPTS_PLACE(excl_prog_hash_size, excl_prog_hash_size),
    BAREBPF_PLACES_END(bpf_map_create_opts),
};
#undef BAREBPF_OPTS_PLACE
static_assert(
    reads_all<bpf_map_create_opts, map_create_attr>(map_create_places, 1), // beside log_opts
    "each member of bpf_map_create_opts needs its place: docs/kernels.md, A new member of the attr");

#define BAREBPF_LOG_PLACE(member, field) BAREBPF_PLACE(bpf_log_opts, member, common_attr, field)
inline constexpr place log_places[] = {
    BAREBPF_POINTER_PLACE(bpf_log_opts, buf, common_attr, log_buf),
    BAREBPF_LOG_PLACE(size, log_size),
    BAREBPF_LOG_PLACE(level, log_level),
    BAREBPF_PLACES_END(bpf_log_opts),
};
#undef BAREBPF_LOG_PLACE
static_assert(reads_all<bpf_log_opts, common_attr>(log_places, 1)); // beside true_size, which is written

// Fills the members of the attr that options can set, and leaves the members before map_flags alone. *log
// becomes the caller's bpf_log_opts, or nullptr. False when the sz contract is broken.
[[gnu::always_inline]] inline bool read_opts(map_create_attr *attr, bpf_log_opts **log,
                                             const bpf_map_create_opts *given)
{
    constexpr size_t from = offsetof(map_create_attr, map_flags);
    *log = nullptr;
#if BAREBPF_FOR_SPEED
    if (!given) {
        clear<from>(attr);
        return true;
    }
    if (!read_covered_members<map_create_places, from>(attr, given))
        return false;
#else
    if (!read_members<map_create_places, from, map_create_attr_size>(attr, given))
        return false;
#endif
    if (given && given->sz >= BAREBPF_END_OF(bpf_map_create_opts, log_opts))
        *log = given->log_opts;
    return true;
}

// The same for what nearly every caller passes: no options, or options of exactly the sz known here and
// without a log. False for anything else.
[[gnu::always_inline]] inline bool read_usual_opts(map_create_attr *attr, const bpf_map_create_opts *given)
{
    constexpr size_t from = offsetof(map_create_attr, map_flags);
    if (!given) {
        clear<from>(attr);
        return true;
    }
    return read_known_members<map_create_places, from, map_create_attr_size>(attr, given) && !given->log_opts;
}

// Sets true_size, the bytes that the kernel's whole message needs, if the caller's struct has that member.
inline void give_true_size(bpf_log_opts *opts, uint32_t size)
{
    if (opts->sz >= BAREBPF_END_OF(bpf_log_opts, true_size))
        opts->true_size = size;
}

} // namespace barebpf

#endif
