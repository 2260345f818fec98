// SPDX-License-Identifier: BSD-2-Clause
#include "script.h"

#include <cstring>

#include "test/catch.h"

namespace
{
std::deque<barebpf::test::answer> answers;
std::vector<barebpf::test::question> questions;
} // namespace

namespace barebpf::test
{

void script(std::vector<answer> given)
{
    answers.assign(given.begin(), given.end());
    questions.clear();
}

answer result(long value)
{
    return [value](const question &) { return value; };
}

const std::vector<question> &asked()
{
    return questions;
}

} // namespace barebpf::test

namespace barebpf::arch
{

long call(long nr, long a, long b, long c, long d, long e)
{
    test::question question{};
    question.nr = nr;
    const long arguments[] = {a, b, c, d, e};
    std::memcpy(question.arguments, arguments, sizeof(arguments));
    if (nr == __NR_bpf && (a & ~long{BAREBPF_COMMON_ATTRS}) == BPF_MAP_CREATE)
        std::memcpy(&question.attr, reinterpret_cast<const void *>(b), static_cast<size_t>(c));
    if (nr == __NR_bpf && (a & BAREBPF_COMMON_ATTRS))
        std::memcpy(&question.common, reinterpret_cast<const void *>(d), sizeof(question.common));
    questions.push_back(question);
    if (answers.empty()) {
        FAIL("an unexpected system call: number " << nr);
        return -ENOSYS;
    }
    const test::answer answer = answers.front();
    answers.pop_front();
    return answer(question);
}

} // namespace barebpf::arch
