// SPDX-License-Identifier: BSD-2-Clause
#include <algorithm>
#include <cerrno>
#include <cstring>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "barebpf/bpf.h"
#include "kernel.h"
#include "lib/core/sys.h"
#include "test/catch.h"

using namespace barebpf::parity;

// Rows of docs/libbpf-differences.md about what libbpf does once in a process: each case has its call made by
// a child.

namespace
{

struct shared_outcome {
    int returned;
    int error;
    size_t count;
    event events[16];
};

void make_first_call(shared_outcome *shared, door &create, const call &made, const kernel &answers)
{
    const outcome seen = recorded(create, made, answers);
    shared->returned = seen.returned;
    shared->error = seen.error;
    shared->count = std::min(seen.events.size(), std::size(shared->events));
    std::copy_n(seen.events.begin(), shared->count, shared->events);
    _exit(0);
}

outcome first_call(door &create, const call &made, const kernel &answers = {})
{
    void *memory =
        mmap(nullptr, sizeof(shared_outcome), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    REQUIRE(memory != MAP_FAILED);
    auto *shared = static_cast<shared_outcome *>(memory);
    const pid_t child = fork();
    if (child == 0)
        make_first_call(shared, create, made, answers);
    int status = -1;
    REQUIRE(waitpid(child, &status, 0) == child);
    REQUIRE(status == 0);
    outcome seen{shared->returned, shared->error, {shared->events, shared->events + shared->count}};
    munmap(memory, sizeof(shared_outcome));
    return seen;
}

constexpr call named = {BPF_MAP_TYPE_HASH, "kept", 4, 8, 16, nullptr};
constexpr call nameless = {BPF_MAP_TYPE_HASH, nullptr, 4, 8, 16, nullptr};

kernel refusing_programs()
{
    kernel answers;
    answers.prog_load = -EPERM;
    return answers;
}

// The calls made, as words: "load close create".
std::string calls(const outcome &seen)
{
    std::string text;
    for (const event &one : seen.events) {
        if (one.nr == __NR_bpf)
            text += one.arguments[0] == BPF_PROG_LOAD ? " load" : " create";
        else
            text += one.nr == __NR_close       ? " close"
                    : one.nr != __NR_prlimit64 ? " other"
                    : one.arguments[2]         ? " setrlimit"
                                               : " limit";
    }
    return text.empty() ? text : text.substr(1);
}

// The soft and the hard one.
std::array<uint64_t, 2> limit_set(const event &seen)
{
    std::array<uint64_t, 2> limit;
    std::memcpy(&limit, &seen.attr, sizeof(limit));
    return limit;
}

std::string name_passed(const outcome &seen)
{
    const auto *name = reinterpret_cast<const char *>(&seen.events.back().attr[28]);
    return std::string(name, strnlen(name, 16));
}

} // namespace

TEST_CASE("first call: libbpf loads programs beforehand, barebpf makes the one call")
{
    CHECK(calls(first_call(create_with_libbpf, named)) == "load close load close create");
    CHECK(calls(first_call(create_with_libbpf, nameless)) == "load close create");
    CHECK(calls(first_call(create_first_with_barebpf, named)) == "create");
    CHECK(calls(first_call(create_first_with_barebpf, nameless)) == "create");
}

TEST_CASE("first call: libbpf loads a program even for opts it refuses, barebpf makes no call")
{
    const size_t sz = 0;
    const call made = {BPF_MAP_TYPE_HASH, "name", 4, 8, 16, &sz};
    CHECK(calls(first_call(create_with_libbpf, made)) == "load close");
    CHECK(calls(first_call(create_first_with_barebpf, made)) == "");
}

TEST_CASE("first call: libbpf lifts RLIMIT_MEMLOCK when it may not load programs, barebpf leaves it alone")
{
    const outcome seen = first_call(create_with_libbpf, named, refusing_programs());
    REQUIRE(calls(seen) == "load setrlimit load create");
    CHECK(seen.events[1].arguments[1] == RLIMIT_MEMLOCK);
    CHECK(limit_set(seen.events[1]) == std::array<uint64_t, 2>{UINT64_MAX, UINT64_MAX});
    CHECK(calls(first_call(create_first_with_barebpf, named, refusing_programs())) == "create");
}

TEST_CASE("first call: libbpf drops the name when it may not load programs, barebpf passes it")
{
    CHECK(name_passed(first_call(create_with_libbpf, named)) == "kept");
    CHECK(name_passed(first_call(create_with_libbpf, named, refusing_programs())) == "");
    CHECK(name_passed(first_call(create_first_with_barebpf, named, refusing_programs())) == "kept");
}

TEST_CASE("first call: on a kernel without names both leave the name out")
{
    kernel answers;
    answers.map_create = -EINVAL;
    answers.prog_load = -EINVAL;
    answers.map_create_nameless = 7;
    for (door *create : {create_with_libbpf, create_first_with_barebpf}) {
        const outcome seen = first_call(*create, named, answers);
        CHECK(seen.returned == 7);
        CHECK(name_passed(seen) == "");
    }
}

TEST_CASE("first call: libbpf leaves its probes' errno behind a success, barebpf never touches it then")
{
    const outcome by_libbpf = first_call(create_with_libbpf, named, refusing_programs());
    CHECK(by_libbpf.returned == 7);
    CHECK(by_libbpf.error == EPERM);
    const outcome by_barebpf = first_call(create_first_with_barebpf, named, refusing_programs());
    CHECK(by_barebpf.returned == 7);
    CHECK(by_barebpf.error == untouched);
}
