// SPDX-License-Identifier: BSD-2-Clause
#include "probe.h"

#include <linux/resource.h>

#include "lib/core/errno.h"
#include "lib/core/own_structs.h"
#include "smallest_map.h"

namespace barebpf
{

BAREBPF_GROWS(barebpf_probe_opts)

namespace
{

const char *command_name(sys::command command)
{
    if (command == sys::command::map_create_with_log)
        return "BPF_MAP_CREATE|BPF_COMMON_ATTRS";
    switch (command) {
    case sys::command::map_create:
        return "BPF_MAP_CREATE";
    case sys::command::btf_load:
        return "BPF_BTF_LOAD";
    case sys::command::token_create:
        return "BPF_TOKEN_CREATE";
    default:
        return "no command";
    }
}

int report_named_call(const listener &to, const char *name, const void *attr, uint32_t size, int result)
{
    if (!to.on_call)
        return result;
    barebpf_probe_call call;
    call.name = name;
    call.attr = attr;
    call.size = size;
    call.result = result;
    to.on_call(to.context, &call);
    return result;
}

// True if only the permission check refuses the request: with a type that no kernel has, the same request
// gets EINVAL for the type, so nothing refuses it earlier.
bool only_lacks_permission(const listener &to, const map_create_attr &attr)
{
    constexpr uint32_t no_type = 0xffff;
    map_create_attr stranger;
    copy(&stranger, &attr, sizeof(attr));
    stranger.map_type = no_type;
    return ask(to, stranger) == -EINVAL;
}

} // namespace

bool read_probe_opts(listener *to, const barebpf_probe_opts *given)
{
    to->on_call = nullptr;
    to->context = nullptr;
    if (!given)
        return true;
    barebpf_probe_opts opts;
    if (!read_struct(&opts, given))
        return false;
    to->on_call = opts.on_call;
    to->context = opts.context;
    return true;
}

int report_call(const listener &to, sys::command command, const void *attr, uint32_t size, int result)
{
    return report_named_call(to, command_name(command), attr, size, result);
}

int ask(const listener &to, const map_create_attr &attr)
{
    const int fd = report_call(to, sys::command::map_create, &attr, map_create_attr_size,
                               sys::bpf(sys::command::map_create, &attr, map_create_attr_size));
    if (fd < 0)
        return fd;
    report_named_call(to, "close", nullptr, 0, sys::close(fd));
    return 0;
}

int ask_with_bad_token(const listener &to, const map_create_attr &attr)
{
    map_create_attr with_token;
    copy(&with_token, &attr, sizeof(attr));
    with_token.map_flags |= BAREBPF_F_TOKEN_FD;
    with_token.map_token_fd = -1;
    return ask(to, with_token);
}

int get_memlock(const listener &to, sys::rlimit *limit)
{
    return report_named_call(to, "prlimit64", nullptr, 0, sys::get_rlimit(RLIMIT_MEMLOCK, limit));
}

int set_memlock(const listener &to, const sys::rlimit &limit)
{
    return report_named_call(to, "prlimit64", &limit, sizeof(limit), sys::set_rlimit(RLIMIT_MEMLOCK, &limit));
}

int reaches_kernel(const listener &to, sys::command command)
{
    constexpr uint32_t above_any_page = 1 << 20;
    map_create_attr attr;
    clear(&attr);
    const int result =
        report_call(to, command, nullptr, above_any_page, sys::bpf(command, &attr, above_any_page));
    if (result == -E2BIG)
        return 1;
    return result < 0 ? result : -EINVAL;
}

int gets_past_checks(const listener &to, const map_create_attr &attr)
{
    if (ask_with_bad_token(to, attr) == -EBADF)
        return 1;
    const int result = ask(to, attr);
    switch (result) {
    case 0:
    case -EBADF:
    case -ENOTSUPP:
        return 1;
    case -EPERM:
        return only_lacks_permission(to, attr) ? 1 : result;
    case -EINVAL:
    case -E2BIG:
        return 0;
    default:
        return result;
    }
}

int knows_tokens(const listener &to)
{
    map_create_attr array;
    smallest_map(&array, BAREBPF_MAP_TYPE_ARRAY, 0);
    const int result = ask_with_bad_token(to, array);
    if (result == -EBADF)
        return 1;
    return result == -EINVAL || result == -E2BIG ? 0 : result;
}

} // namespace barebpf
