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

constexpr uint64_t unreadable = 1;
constexpr uint32_t sha256_size = 32;

// A map type with which the member can be set at all.
uint32_t type_for(uint32_t offset)
{
    switch (offset) {
    case offsetof(map_create_attr, map_flags):
        return BAREBPF_MAP_TYPE_HASH;
    case offsetof(map_create_attr, btf_vmlinux_value_type_id):
        return BAREBPF_MAP_TYPE_STRUCT_OPS;
    case offsetof(map_create_attr, map_extra):
        return BAREBPF_MAP_TYPE_BLOOM_FILTER;
    default:
        return BAREBPF_MAP_TYPE_ARRAY;
    }
}

// Sets a member so that a kernel that reads it makes the map, or refuses it with an errno other than that of
// an unknown member. A 1 is BPF_F_NO_PREALLOC or the loopback device; most other members ignore it without
// their flag or id.
void set_field(map_create_attr *attr, uint32_t offset)
{
    const uint32_t one = 1;
    switch (offset) {
    case offsetof(map_create_attr, map_name):
        attr->map_name[0] = 'a';
        break;
    case offsetof(map_create_attr, btf_key_type_id):
    case offsetof(map_create_attr, btf_value_type_id):
        attr->btf_fd = UINT32_MAX;
        attr->btf_key_type_id = attr->btf_value_type_id = 1;
        break;
    case offsetof(map_create_attr, btf_vmlinux_value_type_id): // set in every struct_ops map
        break;
    case offsetof(map_create_attr, map_extra):
        attr->map_extra = 1;
        break;
    case offsetof(map_create_attr, excl_prog_hash):
    case offsetof(map_create_attr, excl_prog_hash_size):
        attr->excl_prog_hash = unreadable;
        attr->excl_prog_hash_size = sha256_size;
        break;
    default:
        copy(reinterpret_cast<char *>(attr) + offset, &one, sizeof(one));
    }
}

int probe_field(const listener &to, uint32_t offset)
{
    const int reached = reaches_kernel(to);
    if (reached != 1 || offset < offsetof(map_create_attr, map_flags))
        return reached;
    map_create_attr attr;
    smallest_map(&attr, type_for(offset), 0);
    set_field(&attr, offset);
    const int answer = gets_past_checks(to, attr);
    // EOPNOTSUPP: the loopback device holds no maps. EFAULT: the hash cannot be read.
    return answer == -EOPNOTSUPP || answer == -EFAULT ? 1 : answer;
}

} // namespace
} // namespace barebpf

using namespace barebpf;

extern "C" int barebpf_probe_map_field(uint32_t index, const struct barebpf_probe_opts *opts)
{
    listener to;
    if (!read_probe_opts(&to, opts))
        return with_errno(-EINVAL);
    return with_errno(index < attr_field_count ? probe_field(to, attr_fields[index].offset) : -EOPNOTSUPP);
}
