// SPDX-License-Identifier: BSD-2-Clause
#include "map.h"

#include <cerrno>
#include <cstring>
#include <linux/bpf.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "barebpf/barebpf.h"
#include "barebpf/bpf.h"

namespace barebpf::test
{
namespace
{

// The part of BPF_MAP_CREATE's attr that ends with the token: the installed header may be older than that.
struct raw_attr {
    uint32_t map_type, key_size, value_size, max_entries, map_flags, inner_map_fd, numa_node;
    char map_name[16];
    uint32_t map_ifindex, btf_fd, btf_key_type_id, btf_value_type_id, btf_vmlinux_value_type_id;
    uint64_t map_extra;
    int32_t value_type_btf_obj_fd;
    uint32_t map_token_fd;
};
static_assert(sizeof(raw_attr) == 80 && offsetof(raw_attr, map_extra) == offsetof(bpf_attr, map_extra));

} // namespace

std::ostream &operator<<(std::ostream &out, const outcome &seen)
{
    if (seen.refused != 0)
        return out << barebpf_errno_name(seen.refused);
    return out << barebpf_map_type_name(seen.type) << " '" << seen.name << "' " << seen.key_size << '/'
               << seen.value_size << '/' << seen.max_entries << " flags " << seen.flags;
}

outcome as_asked(const request &wanted)
{
    outcome expected = {0,
                        wanted.type,
                        wanted.key_size,
                        wanted.value_size,
                        wanted.max_entries,
                        wanted.flags & ~uint32_t{BAREBPF_F_TOKEN_FD},
                        {}};
    std::strncpy(expected.name, wanted.name, sizeof(expected.name) - 1);
    return expected;
}

int make_by_barebpf(const request &wanted)
{
    LIBBPF_OPTS(bpf_map_create_opts, opts, .map_flags = wanted.flags, .token_fd = wanted.token_fd);
    return bpf_map_create(static_cast<bpf_map_type>(wanted.type), wanted.name, wanted.key_size,
                          wanted.value_size, wanted.max_entries, &opts);
}

int make_by_syscall(const request &wanted)
{
    raw_attr attr{};
    attr.map_type = wanted.type;
    attr.key_size = wanted.key_size;
    attr.value_size = wanted.value_size;
    attr.max_entries = wanted.max_entries;
    attr.map_flags = wanted.flags;
    std::strncpy(attr.map_name, wanted.name, sizeof(attr.map_name) - 1);
    attr.map_token_fd = wanted.token_fd;
    const long made = syscall(SYS_bpf, BPF_MAP_CREATE, &attr, sizeof(attr));
    return made < 0 ? -errno : static_cast<int>(made);
}

outcome outcome_of(int made)
{
    if (made < 0)
        return refusal(-made);
    bpf_map_info info;
    std::memset(&info, 0, sizeof(info));
    uint32_t size = sizeof(info);
    const int described = barebpf_obj_get_info_by_fd(made, &info, &size);
    barebpf_close(made);
    if (described < 0)
        return refusal(-described);
    outcome seen = {0, info.type, info.key_size, info.value_size, info.max_entries, info.map_flags, {}};
    std::memcpy(seen.name, info.name, sizeof(seen.name));
    return seen;
}

} // namespace barebpf::test
