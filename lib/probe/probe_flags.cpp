// SPDX-License-Identifier: BSD-2-Clause
#include <linux/errno.h>

#include "lib/core/errno.h"
#include "probe.h"
#include "smallest_map.h"
#include "lib/facts/types.h"

namespace barebpf
{
namespace
{

constexpr uint32_t no_flag = uint32_t{1} << 31;
constexpr uint32_t no_node = UINT32_MAX;

enum class asking {
    plainly,
    with_bad_token
};

int ask_in_way(const listener &to, asking way, const map_create_attr &attr)
{
    return way == asking::plainly ? ask(to, attr) : ask_with_bad_token(to, attr);
}

int ask_with_flag(const listener &to, asking way, const map_create_attr &attr, uint32_t flag)
{
    map_create_attr flagged;
    copy(&flagged, &attr, sizeof(attr));
    flagged.map_flags |= flag;
    if (flag == BAREBPF_F_STACK_BUILD_ID)
        flagged.value_size = 32; // a frame is larger then
    if (flag == BAREBPF_F_VTYPE_BTF_OBJ_FD && attr.map_type == BAREBPF_MAP_TYPE_STRUCT_OPS)
        flagged.value_type_btf_obj_fd = -1;
    return ask_in_way(to, way, flagged);
}

// Whether the kernel takes a flag, as far as this way of asking shows. It does when the map without the flag
// is taken, with a bad token as far as that goes, and the same with a flag that no kernel has is EINVAL: then
// the kernel looks at flags before whatever else it has to say.
int takes_flag(const listener &to, asking way, const map_create_attr &attr, uint32_t flag)
{
    const int without = ask_in_way(to, way, attr);
    const bool taken = way == asking::with_bad_token ? without == -EBADF : without != -EINVAL;
    if (!taken || ask_with_flag(to, way, attr, no_flag) != -EINVAL)
        return without < 0 ? without : -EINVAL;
    const int with = ask_with_flag(to, way, attr, flag);
    if (with == 0 || with == without || with == -EBADF)
        return 1;
    // The privilege that BPF_F_ZERO_SEED needs; memory is not yet asked for where a descriptor is missing.
    if (with == -EPERM && without == -EBADF && flag == BAREBPF_F_ZERO_SEED)
        return 1;
    return with == -EINVAL || with == -ENOTSUPP ? 0 : with;
}

int takes_flag_anyhow(const listener &to, const map_create_attr &attr, uint32_t flag)
{
    const int with_token = takes_flag(to, asking::with_bad_token, attr, flag);
    return with_token >= 0 ? with_token : takes_flag(to, asking::plainly, attr, flag);
}

// Node 0, which nearly every machine has. If that is EINVAL, so is every node when the flag is refused even
// without a node, or the member with the node is not known; else an array tells whether it is for the node.
int takes_node(const listener &to, map_create_attr &attr)
{
    constexpr uint32_t flag = BAREBPF_F_NUMA_NODE;
    const int on_node = takes_flag_anyhow(to, attr, flag);
    if (on_node != 0)
        return on_node;
    attr.numa_node = no_node;
    const int anywhere = takes_flag_anyhow(to, attr, flag);
    if (anywhere != 1)
        return anywhere == -EINVAL ? 0 : anywhere;
    smallest_map(&attr, BAREBPF_MAP_TYPE_ARRAY, 0);
    return takes_flag_anyhow(to, attr, flag) == 1 ? 0 : -EINVAL;
}

int probe_flag_of_variant(const listener &to, uint32_t map_type, unsigned int variant, uint32_t flag)
{
    map_create_attr attr;
    smallest_map(&attr, map_type, variant);
    return flag == BAREBPF_F_NUMA_NODE ? takes_node(to, attr) : takes_flag_anyhow(to, attr, flag);
}

// Of the variants that which the kernel takes: the others are EINVAL.
int probe_flag(const listener &to, uint32_t map_type, uint32_t flag)
{
    if (const int known = probe_map_type(to, map_type); known != 1)
        return known;
    if (flag == BAREBPF_F_TOKEN_FD)
        return knows_tokens(to);
    int answer = -EINVAL;
    for (unsigned int variant = 0; answer == -EINVAL && variant < smallest_map_variants(map_type); variant++)
        answer = probe_flag_of_variant(to, map_type, variant, flag);
    return answer;
}

} // namespace
} // namespace barebpf

using namespace barebpf;

extern "C" int barebpf_probe_map_flag(uint32_t map_type, uint32_t bit, const struct barebpf_probe_opts *opts)
{
    listener to;
    if (!read_probe_opts(&to, opts))
        return with_errno(-EINVAL);
    if (!barebpf_map_flag_name(bit))
        return with_errno(-EOPNOTSUPP);
    return with_errno(probe_flag(to, map_type, uint32_t{1} << bit));
}
