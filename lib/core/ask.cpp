// SPDX-License-Identifier: BSD-2-Clause
#include "ask.h"

#include "errno.h"
#include "known.h"

namespace barebpf
{
namespace
{

// Whether every kernel that has logs takes this one.
bool is_valid_log(const common_attr &log)
{
    constexpr uint32_t largest = 0x3fffffff;
    return log.log_buf && log.log_size - 1 < largest && log.log_level - 1 < 15;
}

} // namespace

int ask_with_log(request *asked)
{
    common_attr *common = &asked->common;
    give_true_size(asked->log_opts, 0);
    if (learned.common_attrs.recall() == known::no)
        return ask(asked);
    asked->calls++;
    const int first = sys::bpf<sys::command::map_create_with_log>(&asked->attr, common);
    give_true_size(asked->log_opts, common->log_true_size);
    const bool heard = first >= 0 || common->log_true_size;
    if (heard)
        learned.common_attrs.learn(known::yes);
    if (first >= 0)
        return first;
    const int fd = ask(asked);
    if (fd >= 0 && !heard && first == -EINVAL && is_valid_log(*common))
        learned.common_attrs.learn(known::no);
    return fd;
}

} // namespace barebpf
