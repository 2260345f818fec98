// SPDX-License-Identifier: BSD-2-Clause
#include "create.h"

#include "above_stdio.h"
#include "attr.h"
#include "sys.h"

namespace barebpf
{
namespace
{

int ask_with_log(const map_create_attr &attr, const log_request &log)
{
    sys::common_attr common;
    clear(&common);
    common.log_buf = reinterpret_cast<uintptr_t>(log.buf);
    common.log_size = log.size;
    common.log_level = log.level;
    const int fd = sys::bpf(sys::command::map_create, &attr, map_create_attr_size, &common);
    if (log.true_size)
        *log.true_size = common.log_true_size;
    return fd;
}

int ask(const map_create_attr &attr, const log_request &log)
{
    if (log.wanted) {
        const int fd = ask_with_log(attr, log);
        if (fd >= 0)
            return fd;
        // A kernel before 7.2 does not know the command (EINVAL), and one that does may refuse the log rather
        // than the map (EINVAL, EFAULT, ENOSPC), as a seccomp filter may. The answer that counts is the one
        // without it.
    }
    return sys::bpf(sys::command::map_create, &attr, map_create_attr_size);
}

} // namespace

int create(const map_create_attr &attr, const log_request &log)
{
    return above_stdio(ask(attr, log));
}

} // namespace barebpf
