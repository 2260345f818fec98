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

enum class method {
    plain,
    bad_token
};

int ask_by(const listener &to, method how, const map_create_attr &attr)
{
    return how == method::plain ? ask(to, attr) : ask_with_bad_token(to, attr);
}

int ask_with_flag(const listener &to, method how, const map_create_attr &attr, uint32_t flag)
{
    map_create_attr flagged;
    copy(&flagged, &attr, sizeof(attr));
    flagged.map_flags |= flag;
    if (flag == BAREBPF_F_STACK_BUILD_ID)
        flagged.value_size = 32; // the size of a frame with this flag
    if (flag == BAREBPF_F_VTYPE_BTF_OBJ_FD && attr.map_type == BAREBPF_MAP_TYPE_STRUCT_OPS)
        flagged.value_type_btf_obj_fd = -1;
    return ask_by(to, how, flagged);
}

// Tests whether the kernel accepts a flag, as far as this kind of request shows. The test is valid if the
// request without the flag passes (with a bad token: as far as EBADF), and the same with a flag that no
// kernel has gets EINVAL: then the kernel checks flags before any other error it returns.
int takes_flag(const listener &to, method how, const map_create_attr &attr, uint32_t flag)
{
    const int without = ask_by(to, how, attr);
    const bool taken = how == method::bad_token ? without == -EBADF : without != -EINVAL;
    if (!taken || ask_with_flag(to, how, attr, no_flag) != -EINVAL)
        return without < 0 ? without : -EINVAL;
    const int with = ask_with_flag(to, how, attr, flag);
    if (with == 0 || with == without || with == -EBADF)
        return 1;
    // EPERM is for the privilege that BPF_F_ZERO_SEED needs: a missing descriptor is refused before memory is
    // charged.
    if (with == -EPERM && without == -EBADF && flag == BAREBPF_F_ZERO_SEED)
        return 1;
    return with == -EINVAL || with == -ENOTSUPP ? 0 : with;
}

int takes_flag_anyhow(const listener &to, const map_create_attr &attr, uint32_t flag)
{
    const int with_token = takes_flag(to, method::bad_token, attr, flag);
    return with_token >= 0 ? with_token : takes_flag(to, method::plain, attr, flag);
}

// Tries node 0, which nearly every machine has. If that is refused, tries the flag without a node: if that is
// refused too, or the kernel does not know numa_node, the answer is no. Otherwise an array with the flag
// decides: if it is accepted, node 0 exists and the type takes no node; if not, there is no answer.
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

// Tries the variants until the kernel accepts one; it refuses the others with EINVAL.
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
