// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_TEST_UNIT_ANY_KERNEL_H
#define BAREBPF_TEST_UNIT_ANY_KERNEL_H

#include <asm/unistd.h>
#include <cerrno>
#include <iterator>
#include <vector>

#include "script.h"

namespace barebpf::test
{

#ifdef __NR_fcntl64
constexpr long fcntl_number = __NR_fcntl64;
#else
constexpr long fcntl_number = __NR_fcntl;
#endif

// Enumerates the ways a kernel could answer the calls of one create: the answer chosen for each call.
class choices
{
public:
    void start() { position = 0; }

    size_t choose(size_t count)
    {
        if (position == chosen.size())
            chosen.push_back({0, count});
        return chosen[position++].which;
    }

    // The next way; false after the last.
    bool advance()
    {
        while (!chosen.empty() && ++chosen.back().which == chosen.back().count)
            chosen.pop_back();
        return !chosen.empty();
    }

private:
    struct choice {
        size_t which, count;
    };
    std::vector<choice> chosen;
    size_t position = 0;
};

// A kernel that gives every plausible answer, and the state it holds.
struct any_kernel {
    choices ways;
    int open = 0;
    sys::rlimit found{}, limit{};
    bool lowered = false;

    void start()
    {
        ways.start();
        open = 0;
        limit = found = {};
        lowered = false;
    }

    long create()
    {
        const long answers[] = {3, 0, -EINVAL, -E2BIG, -EPERM, -ENOMEM};
        const long chosen = answers[ways.choose(std::size(answers))];
        open += chosen >= 0;
        return chosen;
    }

    // EINVAL: no descriptor above 2 is allowed.
    long duplicate()
    {
        const long answers[] = {3, -EMFILE, -EINVAL};
        const long chosen = answers[ways.choose(std::size(answers))];
        open += chosen >= 0;
        return chosen;
    }

    long read_limit(sys::rlimit *to)
    {
        const sys::rlimit limits[] = {{64, 128}, {64, 64}, {UINT64_MAX, UINT64_MAX}};
        const size_t chosen = ways.choose(std::size(limits) + 1);
        if (chosen == std::size(limits))
            return -ENOSYS;
        *to = limit = found = limits[chosen];
        return 0;
    }

    long set_limit(const sys::rlimit &to, sys::rlimit *replaced)
    {
        if (to.hard > limit.hard && ways.choose(2))
            return -EPERM;
        lowered |= to.soft < found.soft || to.hard < found.hard;
        if (replaced)
            *replaced = limit;
        limit = to;
        return 0;
    }

    long call(const system_call &call)
    {
        if (call.nr == __NR_close)
            return open--, 0;
        if (call.nr == fcntl_number)
            return duplicate();
        if (call.nr != __NR_prlimit64)
            return create();
        auto *old = reinterpret_cast<sys::rlimit *>(call.arguments[3]);
        if (call.arguments[2])
            return set_limit(*reinterpret_cast<const sys::rlimit *>(call.arguments[2]), old);
        return read_limit(old);
    }
};

} // namespace barebpf::test

#endif
