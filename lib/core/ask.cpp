// SPDX-License-Identifier: BSD-2-Clause
#include "ask.h"

#include "create_opts.h"
#include "errno.h"
#include "known.h"

namespace barebpf
{
namespace
{

// True if any kernel with logs would accept this buffer.
bool is_valid_log(const common_attr &log)
{
    constexpr uint32_t largest = 0x3fffffff;
    return log.log_buf && log.log_size - 1 < largest && log.log_level - 1 < 15;
}

} // namespace

#if !BAREBPF_FOR_SPEED
[[gnu::noinline]] int ask(const map_create_attr *attr)
{
    return sys::bpf<sys::command::map_create>(attr);
}
#endif

attempt ask_with_log(const map_create_attr *attr, bpf_log_opts *log)
{
    common_attr common;
    if (!read_members<log_places, 0, sizeof(common)>(&common, log))
        return {-EINVAL, 0};
    common.padding = 0; // passed to the kernel too, and read_words() writes skipped words here
    const bool logged = learned.common_attrs.recall() != known::no;
    int first = -1;
    if (logged)
        first = sys::bpf<sys::command::map_create_with_log>(attr, &common);
    give_true_size(log, common.log_true_size);
    if (first >= 0 || common.log_true_size)
        learned.common_attrs.learn(known::yes);
    if (first >= 0)
        return {first, 1};
    const int fd = ask(attr);
    if (fd >= 0 && first == -EINVAL && !common.log_true_size && is_valid_log(common))
        learned.common_attrs.learn(known::no);
    return {fd, 1u + logged};
}

} // namespace barebpf
