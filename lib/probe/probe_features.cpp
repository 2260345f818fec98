// SPDX-License-Identifier: BSD-2-Clause
#include <linux/errno.h>

#include "lib/core/btf_attr.h"
#include "lib/core/errno.h"
#include "probe.h"
#include "smallest_map.h"

namespace barebpf
{
namespace
{

// A kernel refuses a command it does not know with EINVAL, and this request of one it knows with if_known.
int knows_command(int result, int if_known)
{
    if (result == if_known)
        return 1;
    return result == -EINVAL ? 0 : result;
}

// True if the kernel refuses an unknown command as unknown, so that nothing refuses commands earlier.
bool may_use_commands(const listener &to)
{
    map_create_attr attr;
    clear(&attr);
    return report_call(to, sys::command::unknown, &attr, map_create_attr_size,
                       sys::bpf(sys::command::unknown, &attr, map_create_attr_size)) == -EINVAL;
}

// The kernel checks the name before it looks up the BTF object, which does not exist.
int probe_name_dot(const listener &to)
{
    map_create_attr attr;
    smallest_map(&attr, BAREBPF_MAP_TYPE_ARRAY, 0);
    attr.map_name[0] = attr.map_name[2] = 'a';
    attr.map_name[1] = '.';
    attr.btf_fd = UINT32_MAX;
    attr.btf_key_type_id = attr.btf_value_type_id = 1;
    const int result = ask(to, attr);
    if (result == -EBADF)
        return 1;
    return result == -EINVAL || result == -E2BIG ? 0 : result;
}

// Maps are charged to RLIMIT_MEMLOCK if one is refused with a limit of 0 and made with the limit as before.
int probe_memlock(const listener &to)
{
    map_create_attr array;
    smallest_map(&array, BAREBPF_MAP_TYPE_ARRAY, 0);
    sys::rlimit before;
    if (const int failed = get_memlock(to, &before))
        return failed;
    sys::rlimit none;
    none.soft = 0;
    none.hard = before.hard;
    if (const int failed = set_memlock(to, none))
        return failed;
    const int without = ask(to, array);
    if (const int failed = set_memlock(to, before))
        return failed;
    if (without != -EPERM)
        return without;
    const int with = ask(to, array);
    return with == 0 ? 1 : with;
}

// The kernel checks the size before it reads the BTF, of which there is none. If unknown commands do not get
// EPERM, an EPERM comes from the command itself.
int probe_btf_load(const listener &to)
{
    constexpr auto command = sys::command::btf_load;
    btf_load_attr attr;
    clear(&attr);
    attr.btf_size = UINT32_MAX;
    const int result =
        report_call(to, command, &attr, sys::command_attr<command>::size, sys::bpf<command>(&attr));
    if (result == -EPERM && may_use_commands(to))
        return 1;
    return knows_command(result, -E2BIG);
}

int probe_token_create(const listener &to)
{
    constexpr auto command = sys::command::token_create;
    token_create_attr attr;
    attr.flags = 0;
    attr.bpffs_fd = UINT32_MAX;
    const int result =
        report_call(to, command, &attr, sys::command_attr<command>::size, sys::bpf<command>(&attr));
    return knows_command(result, -EBADF);
}

// Passes common attributes that cannot be read.
int probe_common_attrs(const listener &to)
{
    constexpr auto command = sys::command::map_create_with_log;
    map_create_attr attr;
    clear(&attr);
    const int result = report_call(to, command, &attr, map_create_attr_size,
                                   sys::bpf(command, &attr, map_create_attr_size, nullptr));
    return knows_command(result, -EFAULT);
}

// The command that a feature is probed with.
sys::command command_of(uint32_t feature)
{
    switch (feature) {
    case BAREBPF_FEATURE_BTF_LOAD:
        return sys::command::btf_load;
    case BAREBPF_FEATURE_TOKEN_CREATE:
        return sys::command::token_create;
    case BAREBPF_FEATURE_COMMON_ATTRS:
        return sys::command::map_create_with_log;
    default:
        return sys::command::map_create;
    }
}

int probe_feature(const listener &to, uint32_t feature)
{
    if (!barebpf_feature_name(feature))
        return -EOPNOTSUPP;
    if (const int reached = reaches_kernel(to, command_of(feature)); reached != 1)
        return reached;
    switch (feature) {
    case BAREBPF_FEATURE_NAME_DOT:
        return probe_name_dot(to);
    case BAREBPF_FEATURE_MEMLOCK:
        return probe_memlock(to);
    case BAREBPF_FEATURE_BTF_LOAD:
        return probe_btf_load(to);
    case BAREBPF_FEATURE_TOKEN_CREATE:
        return probe_token_create(to);
    default:
        return probe_common_attrs(to);
    }
}

} // namespace
} // namespace barebpf

using namespace barebpf;

extern "C" int barebpf_probe_feature(uint32_t feature, const struct barebpf_probe_opts *opts)
{
    listener to;
    if (!read_probe_opts(&to, opts))
        return with_errno(-EINVAL);
    return with_errno(probe_feature(to, feature));
}
