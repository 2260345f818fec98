// SPDX-License-Identifier: BSD-2-Clause
#include "kernel.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <linux/bpf.h>

#include "c_library.h"
#include "lib/core/sys.h"

namespace barebpf::parity
{
namespace
{

constexpr long page_size = 4096;
const kernel *answering;
outcome *recording;

template <typename T> void keep(T *kept, long pointer, long size)
{
    std::memcpy(kept, reinterpret_cast<const void *>(pointer),
                std::min(sizeof(T), static_cast<size_t>(size)));
}

long answer_bpf(event *seen, long command, long attr, long size, long common, long common_size)
{
    const bool logged = command & BAREBPF_COMMON_ATTRS;
    seen->arguments = {command, size, logged ? common_size : 0};
    keep(&seen->attr, attr, size);
    if (logged) {
        keep(&seen->common, common, common_size);
        reinterpret_cast<common_attr *>(common)->log_true_size = answering->log_true_size;
    }
    if (size > page_size)
        return -E2BIG;
    if (command == BPF_PROG_LOAD)
        return answering->prog_load;
    const bool nameless = seen->attr[offsetof(map_create_attr, map_name)] == 0;
    if (nameless && answering->map_create_nameless)
        return answering->map_create_nameless;
    return logged ? answering->map_create_with_log : answering->map_create;
}

// RLIMIT_MEMLOCK is without end, and stays so.
long answer_limit(event *seen, long wanted, long limit)
{
    if (wanted)
        keep(&seen->attr, wanted, sizeof(sys::rlimit));
    if (limit)
        *reinterpret_cast<sys::rlimit *>(limit) = {UINT64_MAX, UINT64_MAX};
    return 0;
}

// The one kernel: whichever library asks, and by whichever way.
long answer(long nr, long a, long b, long c, long d, long e)
{
    event seen{};
    seen.nr = nr;
    seen.arguments = {a, b, c};
    long result = -ENOSYS;
    if (nr == __NR_bpf) {
        result = answer_bpf(&seen, a, b, c, d, e);
    } else if (nr == __NR_fcntl) {
        result = answering->duplicate;
    } else if (nr == __NR_close) {
        seen.arguments = {a}; // it has no other
        result = answering->close;
    } else if (nr == __NR_prlimit64) {
        result = answer_limit(&seen, c, d);
    }
    recording->events.push_back(seen);
    return result;
}

} // namespace

outcome recorded(door &create, const call &made, const kernel &answers)
{
    outcome seen{};
    answering = &answers;
    recording = &seen;
    intercepting = true;
    errno = untouched;
    const int returned = create(made);
    const int error = errno;
    intercepting = false;
    seen.returned = returned;
    seen.error = error;
    return seen;
}

} // namespace barebpf::parity

using namespace barebpf::parity;

// barebpf's system calls.
long barebpf::arch::call(long nr, long a, long b, long c, long d, long e)
{
    return answer(nr, a, b, c, d, e);
}
