// SPDX-License-Identifier: BSD-2-Clause
#include "ask.h"

#include "errno.h"
#include "known.h"
#include "sys.h"

namespace barebpf
{
namespace
{

// Whether every kernel that has logs takes this one.
bool is_valid(const common_attr &log)
{
    constexpr uint32_t largest = 0x3fffffff;
    return log.log_buf && log.log_size - 1 < largest && log.log_level - 1 < 15;
}

int ask(request *asked, common_attr *common)
{
    asked->calls++;
    const auto command = common ? sys::command::map_create_with_log : sys::command::map_create;
    return sys::bpf(command, &asked->attr, map_create_attr_size, common);
}

} // namespace

int ask(request *asked)
{
    return ask(asked, nullptr);
}

int ask_first(request *asked)
{
    common_attr *common = &asked->common;
    const bool with_log = asked->log_opts && learned.common_attrs.recall() != known::no;
    const int first = ask(asked, with_log ? common : nullptr);
    if (asked->log_opts)
        give_true_size(asked->log_opts, common->log_true_size);
    if (!with_log)
        return first;
    const bool heard = first >= 0 || common->log_true_size;
    if (heard)
        learned.common_attrs.learn(known::yes);
    if (first >= 0)
        return first;
    const int fd = ask(asked, nullptr);
    if (fd >= 0 && !heard && first == -EINVAL && is_valid(*common))
        learned.common_attrs.learn(known::no);
    return fd;
}

} // namespace barebpf
