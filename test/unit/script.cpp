// SPDX-License-Identifier: BSD-2-Clause
#include "script.h"

#include "lib/core/known.h"
#include "test/catch.h"

namespace
{
std::deque<barebpf::test::answer> answers;
barebpf::test::answer always;
std::vector<barebpf::test::system_call> recorded;
} // namespace

namespace barebpf::test
{

void script(std::vector<answer> given)
{
    answers.assign(given.begin(), given.end());
    always = nullptr;
    recorded.clear();
    learned = {};
}

void script_all(answer given)
{
    script({});
    always = given;
}

answer result(long value)
{
    return [value](const system_call &) { return value; };
}

const std::vector<system_call> &recorded_calls()
{
    return recorded;
}

__attribute__((noinline)) void dirty_stack()
{
    volatile unsigned char dirt[16384];
    for (volatile unsigned char &byte : dirt)
        byte = 0x5a;
}

} // namespace barebpf::test

namespace barebpf::arch
{

long call(long nr, long a, long b, long c, long d, long e)
{
    const test::system_call call = test::read_system_call(nr, {a, b, c, d, e});
    recorded.push_back(call);
    if (test::answer answer = always)
        return answer(call);
    if (answers.empty()) {
        FAIL("an unexpected system call: number " << nr);
        return -ENOSYS;
    }
    const test::answer answer = answers.front();
    answers.pop_front();
    return answer(call);
}

} // namespace barebpf::arch
