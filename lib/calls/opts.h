// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_LIB_CALLS_OPTS_H
#define BAREBPF_LIB_CALLS_OPTS_H

#include "attr.h"
#include "barebpf/bpf.h"
#include "lib/core/btf_attr.h"
#include "lib/core/opts.h"

// Maps the members of each of libbpf's options structs to members of a command's attr.
namespace barebpf
{

#define BAREBPF_TAKEN(opts, member, attr, field) BAREBPF_PLACE(struct opts, member, attr, field)
// clang-format off: its releases differ
#define BAREBPF_LAST(opts) \
    { \
        0, BAREBPF_END_OF(struct opts, opts##__last_field), 0 \
    }
// clang-format on

inline constexpr place batch_places[] = {
    BAREBPF_TAKEN(bpf_map_batch_opts, elem_flags, batch_attr, elem_flags),
    BAREBPF_TAKEN(bpf_map_batch_opts, flags, batch_attr, flags),
    BAREBPF_LAST(bpf_map_batch_opts),
};
inline constexpr place pin_places[] = {
    BAREBPF_TAKEN(bpf_obj_pin_opts, file_flags, obj_attr, file_flags),
    BAREBPF_TAKEN(bpf_obj_pin_opts, path_fd, obj_attr, path_fd),
    BAREBPF_LAST(bpf_obj_pin_opts),
};
inline constexpr place get_places[] = {
    BAREBPF_TAKEN(bpf_obj_get_opts, file_flags, obj_attr, file_flags),
    BAREBPF_TAKEN(bpf_obj_get_opts, path_fd, obj_attr, path_fd),
    BAREBPF_LAST(bpf_obj_get_opts),
};
// Includes the token, which is not passed for a command that reads none.
inline constexpr place id_places[] = {
    BAREBPF_TAKEN(bpf_get_fd_by_id_opts, open_flags, id_attr, open_flags),
    BAREBPF_TAKEN(bpf_get_fd_by_id_opts, token_fd, id_attr, token_fd),
    BAREBPF_LAST(bpf_get_fd_by_id_opts),
};
inline constexpr place token_places[] = {
    BAREBPF_TAKEN(bpf_token_create_opts, flags, token_create_attr, flags),
    BAREBPF_LAST(bpf_token_create_opts),
};
inline constexpr place btf_places[] = {
    BAREBPF_POINTER_PLACE(bpf_btf_load_opts, log_buf, btf_load_attr, btf_log_buf),
    BAREBPF_TAKEN(bpf_btf_load_opts, log_level, btf_load_attr, btf_log_level),
    BAREBPF_TAKEN(bpf_btf_load_opts, log_size, btf_load_attr, btf_log_size),
    BAREBPF_TAKEN(bpf_btf_load_opts, btf_flags, btf_load_attr, btf_flags),
    BAREBPF_TAKEN(bpf_btf_load_opts, token_fd, btf_load_attr, btf_token_fd),
    BAREBPF_LAST(bpf_btf_load_opts),
};
// A member that a table lacks would be dropped in silence.
static_assert(reads_all<struct bpf_map_batch_opts, batch_attr>(batch_places));
static_assert(reads_all<struct bpf_obj_pin_opts, obj_attr>(pin_places));
static_assert(reads_all<struct bpf_obj_get_opts, obj_attr>(get_places));
static_assert(reads_all<struct bpf_get_fd_by_id_opts, id_attr>(id_places));
static_assert(reads_all<struct bpf_token_create_opts, token_create_attr>(token_places));
static_assert(reads_all<bpf_btf_load_opts, btf_load_attr>(btf_places,
                                                          1)); // beside log_true_size, which is written
#undef BAREBPF_TAKEN
#undef BAREBPF_LAST

// Fills *attr, from byte `from` on, from a caller's options, which may be nullptr; members that they do not
// cover become zero. False when the sz contract is broken.
template <const auto &places, size_t from = 0, typename Attr> bool take_opts(Attr *attr, const void *given)
{
    return read_members<places, from, offsetof(Attr, padding)>(attr, given);
}

} // namespace barebpf

#endif
