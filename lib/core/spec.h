// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_LIB_CORE_SPEC_H
#define BAREBPF_LIB_CORE_SPEC_H

#include "attr.h"
#include "errno.h"
#include "own_structs.h"

namespace barebpf
{

#define BAREBPF_SPEC_PLACE(member, field) BAREBPF_PLACE(barebpf_map_spec, member, map_create_attr, field)
inline constexpr place spec_places[] = {
    BAREBPF_SPEC_PLACE(map_type, map_type),
    BAREBPF_SPEC_PLACE(key_size, key_size),
    BAREBPF_SPEC_PLACE(value_size, value_size),
    BAREBPF_SPEC_PLACE(max_entries, max_entries),
    BAREBPF_SPEC_PLACE(map_flags, map_flags),
    BAREBPF_SPEC_PLACE(inner_map_fd, inner_map_fd),
    BAREBPF_SPEC_PLACE(numa_node, numa_node),
    BAREBPF_SPEC_PLACE(map_ifindex, map_ifindex),
    BAREBPF_SPEC_PLACE(btf_fd, btf_fd),
    BAREBPF_SPEC_PLACE(btf_key_type_id, btf_key_type_id),
    BAREBPF_SPEC_PLACE(btf_value_type_id, btf_value_type_id),
    BAREBPF_SPEC_PLACE(btf_vmlinux_value_type_id, btf_vmlinux_value_type_id),
    BAREBPF_SPEC_PLACE(map_extra, map_extra),
    BAREBPF_SPEC_PLACE(value_type_btf_obj_fd, value_type_btf_obj_fd),
    BAREBPF_SPEC_PLACE(token_fd, map_token_fd),
    BAREBPF_POINTER_PLACE(barebpf_map_spec, excl_prog_hash, map_create_attr, excl_prog_hash),
    BAREBPF_SPEC_PLACE(excl_prog_hash_size, excl_prog_hash_size),
    {0, ends_of<barebpf_map_spec>::known, 0},
};
#undef BAREBPF_SPEC_PLACE
static_assert(reads_all<barebpf_map_spec, map_create_attr>(
    spec_places, 1 + reserved_size<barebpf_map_spec>() / sizeof(uint32_t))); // besides name and reserved

// Copies the name into a zeroed field. True if it is too long, and so was cut.
[[gnu::always_inline]] inline bool encode_whole_name(map_create_attr *attr, const char *name)
{
    constexpr size_t most = sizeof(attr->map_name) - 1;
    encode_name(attr->map_name, name);
    return attr->map_name[most - 1] && name[most];
}

// Fills the attr from a caller's spec. Returns 0, or -EINVAL when the spec is nullptr or breaks the sz
// contract. A name that is too long is cut, and *name_cut becomes true.
[[gnu::always_inline]] inline int read_spec(map_create_attr *attr, bool *name_cut,
                                            const barebpf_map_spec *given)
{
    using ends =
        ends_of<barebpf_map_spec>; // with a single release, read_members() checks the bytes beyond it
    if (!given || !(ends::count == 1 ? given->sz >= ends::known : is_served(*given)) ||
        !read_members<spec_places, 0, map_create_attr_size>(attr, given))
        return -EINVAL;
    *name_cut = encode_whole_name(attr, given->name);
    return 0;
}

// The same for what nearly every caller passes: a spec of exactly the sz known here, whose name is not too
// long. False for any other.
[[gnu::always_inline]] inline bool read_usual_spec(map_create_attr *attr, const barebpf_map_spec *given)
{
    return given && read_known_members<spec_places, 0, map_create_attr_size>(attr, given) &&
           !encode_whole_name(attr, given->name);
}

} // namespace barebpf

#endif
