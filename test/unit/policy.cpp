// SPDX-License-Identifier: BSD-2-Clause
#include <algorithm>
#include <asm/unistd.h>
#include <cerrno>
#include <cstring>
#include <new>

#include "any_kernel.h"
#include "barebpf/barebpf.hpp"
#include "barebpf/bpf.h"
#include "lib/core/known.h"
#include "test/catch.h"
#include "test/numbers.h"

using namespace barebpf;
using namespace barebpf::test;

namespace
{

barebpf_map_spec array_spec(const char *name = nullptr)
{
    barebpf_map_spec spec{};
    spec.sz = sizeof(spec);
    spec.map_type = BAREBPF_MAP_TYPE_ARRAY;
    spec.key_size = spec.value_size = 4;
    spec.max_entries = 1;
    spec.name = name;
    return spec;
}

barebpf_policy policy_of(uint32_t give_up, uint32_t memlock = BAREBPF_MEMLOCK_NEVER)
{
    barebpf_policy policy;
    std::memset(&policy, 0, sizeof(policy));
    policy.sz = sizeof(policy);
    policy.give_up = give_up;
    policy.memlock = memlock;
    return policy;
}

barebpf_report blank_report()
{
    barebpf_report report;
    std::memset(&report, 0, sizeof(report));
    report.sz = sizeof(report);
    return report;
}

// Answers each BPF_MAP_CREATE by its attr, and no other call.
void script_by_attr(std::function<long(const map_create_attr &)> judge)
{
    script_all([judge](const system_call &call) -> long {
        if (call.nr == __NR_close)
            return 0;
        REQUIRE(call.nr == __NR_bpf);
        return judge(call.attr);
    });
}

// The same on a machine of eight CPUs.
void script_by_attr_on_eight_cpus(std::function<long(const map_create_attr &)> judge)
{
    script_all([judge](const system_call &call) -> long {
        if (call.nr == __NR_openat)
            return 5;
        if (call.nr == __NR_read)
            return std::memcpy(reinterpret_cast<char *>(call.arguments[1]), "0-7\n", 4), 4;
        return call.nr == __NR_bpf ? judge(call.attr) : 0;
    });
}

std::vector<std::string> requested_names()
{
    std::vector<std::string> names;
    for (const system_call &one : recorded_calls())
        if (one.nr == __NR_bpf)
            names.push_back(one.attr.map_name);
    return names;
}

// The result that the C interface would have returned. The descriptor stays open.
int number_of(fd_result made)
{
    return made ? (*made).release() : -made.error().number;
}

} // namespace

TEST_CASE("policy: a zeroed one allows nothing")
{
    const barebpf_map_spec spec = array_spec("name");
    const barebpf_policy policy = policy_of(0);
    barebpf_report report = blank_report();
    const int error = GENERATE(EINVAL, E2BIG, EPERM, enotsupp, ENOMEM);
    script({result(-error)});
    CHECK(barebpf_map_create(&spec, &policy, &report) == -error);
    CHECK(recorded_calls().size() == 1);
    CHECK(report.calls == 1);
    CHECK(report.first_error == error);
    CHECK(report.given_up == 0);
    CHECK(std::string(report.name) == "name");
}

TEST_CASE("policy: an invalid one is refused before any system call, and nothing is reported")
{
    barebpf_map_spec spec = array_spec("name");
    barebpf_policy policy = policy_of(0);
    barebpf_report report = blank_report();
    int expected = EINVAL;
    SECTION("an unknown bit")
    {
        policy.give_up = 1 << 6;
    }
    SECTION("an unknown memlock")
    {
        policy.memlock = 3;
    }
    SECTION("a policy's sz too small")
    {
        policy.sz = 8;
    }
    SECTION("a policy's sz too large")
    {
        policy.sz = 4097;
    }
    SECTION("a report's sz too small")
    {
        report.sz = 8;
    }
    SECTION("a report's sz too large")
    {
        report.sz = SIZE_MAX;
    }
    SECTION("a spec's sz too small")
    {
        spec.sz = 8;
    }
    SECTION("a name too long")
    {
        spec.name = "sixteen_letters_";
        expected = ENAMETOOLONG;
    }
    script({});
    CHECK(barebpf_map_create(&spec, &policy, &report) == -expected);
    CHECK(errno == expected);
    CHECK(recorded_calls().empty());
    CHECK(report.calls == 0);
    CHECK(report.name[0] == 0);
}

TEST_CASE("policy: a newer caller's longer structs are accepted if the rest is zero")
{
    struct {
        barebpf_policy policy;
        char rest[8];
    } newer_policy = {policy_of(0), {}};
    struct {
        barebpf_report report;
        char rest[8];
    } newer_report = {blank_report(), {}};
    newer_policy.policy.sz = sizeof(newer_policy);
    newer_report.report.sz = sizeof(newer_report);
    const barebpf_map_spec spec = array_spec();
    const unsigned int set = GENERATE(0u, 1u, 2u);
    newer_policy.rest[3] = set == 1;
    newer_report.rest[3] = set == 2;
    script({result(3)});
    CHECK(barebpf_map_create(&spec, &newer_policy.policy, &newer_report.report) == (set ? -EINVAL : 3));
    CHECK(newer_report.report.calls == (set ? 0 : 1));
}

TEST_CASE("policy: a name is truncated only if its end may be given up")
{
    const barebpf_map_spec spec = array_spec("abcdefghijklmnopqrst");
    const barebpf_policy policy = policy_of(BAREBPF_GIVE_UP_NAME_END);
    barebpf_report report = blank_report();
    script({result(3)});
    CHECK(barebpf_map_create(&spec, &policy, &report) == 3);
    CHECK(requested_names() == std::vector<std::string>{"abcdefghijklmno"});
    CHECK(report.given_up == BAREBPF_GIVE_UP_NAME_END);
    CHECK(report.why[5] == ENAMETOOLONG);
    CHECK(std::string(report.name) == "abcdefghijklmno");
}

TEST_CASE("policy: characters the kernel refuses become '_' if they may be given up")
{
    const barebpf_map_spec spec = array_spec("a.b-c");
    const barebpf_policy policy = policy_of(BAREBPF_GIVE_UP_NAME | BAREBPF_GIVE_UP_NAME_CHARS);
    barebpf_report report = blank_report();
    SECTION("on a kernel with names")
    {
        script_by_attr(
            [](const map_create_attr &attr) { return std::strchr(attr.map_name, '-') ? -EINVAL : 3; });
        CHECK(barebpf_map_create(&spec, &policy, &report) == 3);
        CHECK(requested_names() == std::vector<std::string>{"a.b-c", "a_b_c"});
        CHECK(report.given_up == BAREBPF_GIVE_UP_NAME_CHARS);
        CHECK(report.why[2] == EINVAL);
        CHECK(report.first_error == EINVAL);
        CHECK(report.calls == 2);
        CHECK(std::string(report.name) == "a_b_c");
        CHECK(learned.names.recall() == known::yes);
    }
    SECTION("on one without names")
    {
        script_by_attr([](const map_create_attr &attr) { return attr.map_name[0] ? -E2BIG : 3; });
        CHECK(barebpf_map_create(&spec, &policy, &report) == 3);
        CHECK(report.given_up == BAREBPF_GIVE_UP_NAME);
        CHECK(report.why[3] == E2BIG);
        CHECK(learned.names.recall() == known::no);
        script_by_attr([](const map_create_attr &) { return 3; });
        learned.names.learn(known::no);
        CHECK(barebpf_map_create(&spec, &policy, &report) == 3);
        CHECK(report.calls == 1);
        CHECK(report.given_up == BAREBPF_GIVE_UP_NAME);
        CHECK(report.why[3] == 0);
    }
}

TEST_CASE("policy: after 524 only BTF types are given up")
{
    barebpf_map_spec spec = array_spec("name");
    spec.map_flags = BAREBPF_F_NUMA_NODE;
    spec.numa_node = UINT32_MAX;
    spec.btf_fd = 5;
    spec.btf_key_type_id = spec.btf_value_type_id = 1;
    const barebpf_policy policy = policy_of(BAREBPF_GIVE_UP_BTF | BAREBPF_GIVE_UP_FLAGS);
    barebpf_report report = blank_report();
    script_by_attr([](const map_create_attr &attr) { return attr.btf_fd ? -enotsupp : 3; });
    CHECK(barebpf_map_create(&spec, &policy, &report) == 3);
    CHECK(report.calls == 2);
    CHECK(report.given_up == BAREBPF_GIVE_UP_BTF);
    CHECK(report.why[4] == enotsupp);
    CHECK(recorded_calls()[1].attr.btf_key_type_id == 0);
    CHECK(recorded_calls()[1].attr.btf_value_type_id == 0);
}

TEST_CASE("policy: ENOTSUPP is reported for BTF types, also if another request failed with it")
{
    barebpf_map_spec spec = array_spec();
    spec.map_type = BAREBPF_MAP_TYPE_HASH;
    spec.map_flags = BAREBPF_F_NO_PREALLOC;
    spec.btf_fd = 7;
    const barebpf_policy policy = policy_of(BAREBPF_GIVE_UP_FLAGS | BAREBPF_GIVE_UP_BTF);
    barebpf_report report = blank_report();
    const auto refuse_both = [](int with_flags, int without) {
        script_by_attr([=](const map_create_attr &attr) -> long {
            if (attr.btf_fd)
                return attr.map_flags ? with_flags : without;
            return attr.map_flags ? -EINVAL : 3;
        });
    };
    SECTION("the first request failed with it")
    {
        refuse_both(-524, -E2BIG);
        REQUIRE(barebpf_map_create(&spec, &policy, &report) == 3);
        CHECK(report.first_error == 524);
        CHECK(report.calls == 3);
    }
    SECTION("the request without flags failed with it")
    {
        refuse_both(-EINVAL, -524);
        REQUIRE(barebpf_map_create(&spec, &policy, &report) == 3);
        CHECK(report.first_error == EINVAL);
        CHECK(report.calls == 4);
    }
    CHECK(report.given_up == (BAREBPF_GIVE_UP_FLAGS | BAREBPF_GIVE_UP_BTF));
    CHECK(report.why[0] == EINVAL);
    CHECK(report.why[4] == 524);
}

TEST_CASE("policy: a raised limit is restored if the map's descriptor cannot be moved")
{
    const int refused = GENERATE(EMFILE, EINVAL); // EINVAL: RLIMIT_NOFILE allows none above 2
    const uint32_t memlock =
        GENERATE(values<uint32_t>({BAREBPF_MEMLOCK_WHEN_NEEDED, BAREBPF_MEMLOCK_SCOPED}));
    sys::rlimit limit{64, 128};
    bool closed = false;
    script_all([&](const system_call &call) -> long {
        if (call.nr == __NR_bpf)
            return limit.soft < 128 ? -EPERM : 0;
        if (call.nr == fcntl_number)
            return -refused;
        if (call.nr == __NR_close)
            return closed = true, 0;
        const sys::rlimit before = limit;
        if (call.arguments[2])
            limit = *reinterpret_cast<const sys::rlimit *>(call.arguments[2]);
        *reinterpret_cast<sys::rlimit *>(call.arguments[3]) = before;
        return 0;
    });
    const barebpf_map_spec spec = array_spec();
    const barebpf_policy policy = policy_of(0, memlock);
    barebpf_report report = blank_report();
    CHECK(barebpf_map_create(&spec, &policy, &report) == -EMFILE);
    CHECK(closed);
    CHECK(report.raised == 1);
    CHECK(limit.soft == 64);
    CHECK(limit.hard == 128);
}

TEST_CASE("policy: BTF types are never given up if the map needs them")
{
    barebpf_map_spec spec = array_spec();
    spec.map_type =
        GENERATE(BAREBPF_MAP_TYPE_SK_STORAGE, BAREBPF_MAP_TYPE_INODE_STORAGE, BAREBPF_MAP_TYPE_TASK_STORAGE,
                 BAREBPF_MAP_TYPE_CGRP_STORAGE, BAREBPF_MAP_TYPE_STRUCT_OPS);
    spec.btf_fd = 5;
    const barebpf_policy policy = policy_of(BAREBPF_GIVE_UP_BTF);
    script({result(-EINVAL)});
    CHECK(barebpf_map_create(&spec, &policy, nullptr) == -EINVAL);
}

TEST_CASE("policy: an invalid request stays refused, with no more calls than documented")
{
    barebpf_map_spec spec = array_spec("a.b");
    spec.map_type = BAREBPF_MAP_TYPE_CPUMAP;
    spec.max_entries = UINT32_MAX;
    spec.map_flags = BAREBPF_F_NUMA_NODE;
    spec.numa_node = UINT32_MAX;
    spec.btf_fd = 5;
    const barebpf_policy policy = policy_of((1 << 6) - 1, BAREBPF_MEMLOCK_WHEN_NEEDED);
    barebpf_report report = blank_report();
    char log[16];
    report.log = log;
    report.log_size = sizeof(log);
    size_t refusals = 0;
    script_all([&refusals](const system_call &call) -> long {
        if (call.nr == __NR_prlimit64 && call.arguments[3])
            *reinterpret_cast<sys::rlimit *>(call.arguments[3]) = {64, 128};
        if (call.nr == __NR_sched_getaffinity)
            return *reinterpret_cast<unsigned char *>(call.arguments[2]) = 3, 8;
        if (call.nr == __NR_openat)
            return -ENOENT;
        if (call.nr != __NR_bpf)
            return 0;
        return refusals++ < 3 && !call.arguments[0] ? -EPERM : -EINVAL;
    });
    CHECK(barebpf_map_create(&spec, &policy, &report) == -EINVAL);
    CHECK(report.calls == 27);
    CHECK(report.calls == requested_names().size());
    CHECK(report.given_up == 0);
    CHECK(report.raised == 1);
    CHECK(report.guessed_cpus == 1);
}

TEST_CASE("policy: RLIMIT_MEMLOCK is handled as requested")
{
    sys::rlimit limit = {64, 64};
    constexpr uint64_t needed = 1000;
    script_all([&limit](const system_call &call) -> long {
        if (call.nr == __NR_bpf)
            return limit.soft >= needed ? 3 : -EPERM;
        REQUIRE(call.nr == __NR_prlimit64);
        if (call.arguments[3])
            *reinterpret_cast<sys::rlimit *>(call.arguments[3]) = limit;
        if (call.arguments[2])
            limit = *reinterpret_cast<const sys::rlimit *>(call.arguments[2]);
        return 0;
    });
    const barebpf_map_spec spec = array_spec();
    barebpf_policy policy = policy_of(0, BAREBPF_MEMLOCK_WHEN_NEEDED);
    barebpf_report report = blank_report();
    SECTION("raised when needed, without bound")
    {
        CHECK(barebpf_map_create(&spec, &policy, &report) == 3);
        CHECK(limit.soft == UINT64_MAX);
        CHECK(limit.hard == UINT64_MAX);
        CHECK(report.raised == 1);
        CHECK(report.first_error == EPERM);
    }
    SECTION("restored after success if scoped")
    {
        policy.memlock = BAREBPF_MEMLOCK_SCOPED;
        CHECK(barebpf_map_create(&spec, &policy, &report) == 3);
        CHECK(limit.soft == 64);
        CHECK(limit.hard == 64);
        CHECK(report.raised == 1);
    }
    SECTION("no further than the bound")
    {
        policy.memlock_most = needed;
        CHECK(barebpf_map_create(&spec, &policy, &report) == 3);
        CHECK(limit.soft == needed);
        CHECK(limit.hard == needed);
    }
    SECTION("and restored if the bound does not suffice")
    {
        policy.memlock_most = needed - 1;
        CHECK(barebpf_map_create(&spec, &policy, &report) == -EPERM);
        CHECK(limit.soft == 64);
        CHECK(limit.hard == 64);
    }
    SECTION("never")
    {
        policy.memlock = BAREBPF_MEMLOCK_NEVER;
        CHECK(barebpf_map_create(&spec, &policy, &report) == -EPERM);
        CHECK(recorded_calls().size() == 1);
        CHECK(report.raised == 0);
    }
}

TEST_CASE("policy: EPERM is retried, no longer than requested")
{
    const unsigned int passes_after = GENERATE(1u, 6u, 1000u);
    const bool finite = GENERATE(true, false);
    unsigned int slept = 0;
    script_all([&](const system_call &call) -> long {
        if (call.nr == __NR_prlimit64)
            *reinterpret_cast<sys::rlimit *>(call.arguments[3]) = {finite ? 64 : UINT64_MAX, UINT64_MAX};
        if (call.nr == __NR_nanosleep)
            slept +=
                static_cast<unsigned int>(reinterpret_cast<const long *>(call.arguments[0])[1] / 1000000);
        return call.nr != __NR_bpf ? 0 : slept < passes_after ? -EPERM : 3;
    });
    const barebpf_map_spec spec = array_spec();
    barebpf_policy policy = policy_of(0);
    policy.backoff_ms = 10;
    barebpf_report report = blank_report();
    const bool passes = finite && passes_after < 10;
    CHECK(barebpf_map_create(&spec, &policy, &report) == (passes ? 3 : -EPERM));
    CHECK(report.waited_ms == slept);
    CHECK(slept == (!finite ? 0 : passes_after == 1 ? 1 : passes_after == 6 ? 8 : 10));
}

TEST_CASE("policy: the kernel's message is that of the first refusal")
{
    const barebpf_map_spec spec = array_spec();
    char log[16] = "";
    barebpf_report report = blank_report();
    report.log = log;
    report.log_size = sizeof(log);
    script_all([](const system_call &call) -> long {
        if (!(call.arguments[0] & BAREBPF_COMMON_ATTRS))
            return -EINVAL;
        auto *common = reinterpret_cast<common_attr *>(call.arguments[3]);
        CHECK(common->log_size == 16);
        CHECK(common->log_level == 1);
        std::strcpy(reinterpret_cast<char *>(common->log_buf), "why");
        common->log_true_size = 4;
        return -EINVAL;
    });
    const barebpf_policy policy = policy_of(0);
    CHECK(barebpf_map_create(&spec, &policy, &report) == -EINVAL);
    CHECK(std::string(log) == "why");
    CHECK(report.log_true_size == 4);
    CHECK(report.calls == 2);
}

namespace
{

// What a caller and the kernel observe of a create.
struct seen {
    int result, error;
    std::vector<std::string> calls;
    sys::rlimit limit;
    uint8_t names;

    bool operator==(const seen &other) const
    {
        return result == other.result && error == other.error && calls == other.calls &&
               limit.soft == other.limit.soft && limit.hard == other.limit.hard && names == other.names;
    }
};

template <typename Create> seen watch(any_kernel *kernel, known names, Create create)
{
    kernel->start();
    script_all([kernel](const system_call &call) { return kernel->call(call); });
    learned.names.learn(names);
    errno = 0;
    const int result = create();
    seen found{result, errno, {}, kernel->limit, static_cast<uint8_t>(learned.names.recall())};
    for (const system_call &one : recorded_calls())
        found.calls.push_back(std::to_string(one.nr) + one.attr.map_name);
    return found;
}

} // namespace

TEST_CASE("policy: without one, in C or C++, every answer has the result of bpf_map_create()")
{
    const std::string name = GENERATE("", "name", "a.b");
    const known names = GENERATE(known::unknown, known::no, known::yes);
    any_kernel kernel;
    size_t ways = 0;
    do {
        const seen ours = watch(&kernel, names, [&name] {
            const barebpf_map_spec spec = array_spec(name.c_str());
            return barebpf_map_create(&spec, nullptr, nullptr);
        });
        const seen modern = watch(&kernel, names, [&name] {
            return number_of(create_map({.type = map_type::array,
                                         .key_size = 4,
                                         .value_size = 4,
                                         .max_entries = 1,
                                         .name = name.c_str()}));
        });
        const seen libbpfs = watch(&kernel, names, [&name] {
            return bpf_map_create(BPF_MAP_TYPE_ARRAY, name.c_str(), 4, 4, 1, nullptr);
        });
        CHECK(ours == libbpfs);
        CHECK(modern == libbpfs);
        ways++;
    } while (kernel.ways.advance());
    CHECK(ways > (name.empty() || names != known::unknown ? 20 : 100));
}

namespace
{

// A kernel whose limit is too low at first, and that refuses the first request under a sufficient limit.
struct strict_kernel {
    sys::rlimit limit = {64, 64};
    bool has_refused = false;

    long call(const system_call &call)
    {
        if (call.nr == __NR_openat)
            return -ENOENT;
        if (call.nr == __NR_sched_getaffinity)
            return *reinterpret_cast<unsigned char *>(call.arguments[2]) = 3, 8;
        if (call.nr == __NR_prlimit64 && call.arguments[3])
            *reinterpret_cast<sys::rlimit *>(call.arguments[3]) = limit;
        if (call.nr == __NR_prlimit64 && call.arguments[2])
            limit = *reinterpret_cast<const sys::rlimit *>(call.arguments[2]);
        if (call.nr != __NR_bpf)
            return 0;
        const bool refused = has_refused;
        has_refused |= limit.soft >= 2000;
        return limit.soft < 2000 ? -EPERM : refused ? 3 : -EINVAL;
    }
};

// All system calls and the whole report, and the final limit.
template <typename Create> std::string told_by(const barebpf_report &done, Create create)
{
    strict_kernel kernel;
    script_all([&kernel](const system_call &call) { return kernel.call(call); });
    std::string summary = std::to_string(create()) + ' ' + std::to_string(kernel.limit.hard) + ' ';
    for (const system_call &one : recorded_calls())
        summary +=
            std::to_string(one.nr) + std::string(reinterpret_cast<const char *>(&one.attr), sizeof(one.attr));
    return summary + std::string(reinterpret_cast<const char *>(&done), sizeof(done));
}

// A spec of which each part can be given up, but for the end of a short name.
barebpf_map_spec demanding_spec(const char *name)
{
    barebpf_map_spec spec = array_spec(name);
    spec.map_type = BAREBPF_MAP_TYPE_CPUMAP;
    spec.max_entries = 0;
    spec.map_flags = BAREBPF_F_NUMA_NODE;
    spec.numa_node = UINT32_MAX;
    spec.btf_fd = 5;
    return spec;
}

} // namespace

TEST_CASE("policy: one in C++ does and reports what the same in C does")
{
    using allowed = std::pair<give_up, uint32_t>;
    using limited = std::pair<memlock, uint32_t>;
    const allowed what = GENERATE(
        allowed{give_up::none, 0}, allowed{give_up::flags, BAREBPF_GIVE_UP_FLAGS},
        allowed{give_up::size, BAREBPF_GIVE_UP_SIZE},
        allowed{give_up::name_chars, BAREBPF_GIVE_UP_NAME_CHARS},
        allowed{give_up::name, BAREBPF_GIVE_UP_NAME}, allowed{give_up::btf, BAREBPF_GIVE_UP_BTF},
        allowed{give_up::name_end, BAREBPF_GIVE_UP_NAME_END}, allowed{give_up::everything, (1 << 6) - 1});
    const limited how = GENERATE(limited{memlock::never, BAREBPF_MEMLOCK_NEVER},
                                 limited{memlock::when_needed, BAREBPF_MEMLOCK_WHEN_NEEDED},
                                 limited{memlock::scoped, BAREBPF_MEMLOCK_SCOPED});
    const uint64_t most = GENERATE(uint64_t{0}, uint64_t{1000});
    const uint32_t backoff_ms = GENERATE(0u, 5u);
    const char *name = what.second & BAREBPF_GIVE_UP_NAME_END ? "a.b-cdefghijklmnopqrst" : "a.b-c";

    barebpf_report done_in_c = blank_report();
    const std::string told_in_c = told_by(done_in_c, [&] {
        const barebpf_map_spec spec = demanding_spec(name);
        barebpf_policy policy = policy_of(what.second, how.second);
        policy.memlock_most = most;
        policy.backoff_ms = backoff_ms;
        return barebpf_map_create(&spec, &policy, &done_in_c);
    });
    report done;
    const std::string summary = told_by(done, [&] {
        const map_spec spec = {.type = map_type::cpumap,
                               .key_size = 4,
                               .value_size = 4,
                               .name = name,
                               .flags = map_flags::numa_node,
                               .numa_node = UINT32_MAX,
                               .btf_fd = 5};
        const policy allowing = {
            .allowed = what.first, .limit = how.first, .memlock_most = most, .backoff_ms = backoff_ms};
        return number_of(create_map(spec, allowing, &done));
    });
    CHECK(summary == told_in_c);
    CHECK(done.gave_up(what.first) == (done_in_c.given_up != 0));
}

TEST_CASE("report: in C++ each part that may be given up can be queried")
{
    alignas(report) unsigned char dirty[sizeof(report)];
    std::memset(dirty, 0x5a, sizeof(dirty));
    report &done = *new (dirty) report;
    CHECK(done.sz == sizeof(barebpf_report));
    CHECK(all_zero(&done, sizeof(done.sz), sizeof(done)));
    CHECK_FALSE(done.gave_up(give_up::everything));
    done.given_up = BAREBPF_GIVE_UP_SIZE | BAREBPF_GIVE_UP_NAME_END;
    done.barebpf_report::why[1] = EINVAL;
    done.barebpf_report::why[5] = ENAMETOOLONG;
    CHECK(done.gave_up(give_up::size));
    CHECK(done.gave_up(give_up::name | give_up::name_end));
    CHECK_FALSE(done.gave_up(give_up::name | give_up::btf));
    CHECK_FALSE(done.gave_up(give_up::none));
    CHECK(done.why(give_up::size).number == EINVAL);
    CHECK(done.why(give_up::name_end).name() == std::string("ENAMETOOLONG"));
    CHECK(done.why(give_up::name).number == 0);
    CHECK(done.why(give_up::none).number == 0);
    CHECK(done.why(give_up::none).name() == nullptr);
}

namespace
{

barebpf_map_spec hash_spec(uint32_t map_flags, uint32_t numa_node = 0)
{
    barebpf_map_spec spec = array_spec();
    spec.map_type = BAREBPF_MAP_TYPE_HASH;
    spec.map_flags = map_flags;
    spec.numa_node = numa_node;
    return spec;
}

barebpf_map_spec ring_buffer_spec(uint32_t bytes)
{
    barebpf_map_spec spec{};
    spec.sz = sizeof(spec);
    spec.map_type = BAREBPF_MAP_TYPE_RINGBUF;
    spec.max_entries = bytes;
    return spec;
}

// Creates a map with only this allowed to be given up, on a kernel that answers each request by its attr.
int create_giving_up(const barebpf_map_spec &spec, uint32_t give_up, barebpf_report *report,
                     std::function<long(const map_create_attr &)> judge)
{
    const barebpf_policy policy = policy_of(give_up);
    *report = blank_report();
    script_all([judge](const system_call &call) -> long {
        if (call.nr == __NR_bpf)
            return judge(call.attr);
        if (call.nr == __NR_msync)
            return call.arguments[0] % 4096 ? -EINVAL : 0;
        return call.nr == __NR_openat ? -ENOENT : 0;
    });
    return barebpf_map_create(&spec, &policy, report);
}

constexpr uint32_t everything = (1 << 6) - 1;

long refuse_all(const map_create_attr &)
{
    return -EINVAL;
}

bool was_closed(int fd)
{
    return std::any_of(recorded_calls().begin(), recorded_calls().end(), [fd](const system_call &one) {
        return one.nr == __NR_close && one.arguments[0] == fd;
    });
}

} // namespace

TEST_CASE("policy: no_prealloc is given up of a hash, and of nothing else")
{
    barebpf_report report;
    barebpf_map_spec spec = hash_spec(BAREBPF_F_NO_PREALLOC | BAREBPF_F_RDONLY);
    SECTION("of a hash, where other flags stay")
    {
        CHECK(create_giving_up(spec, BAREBPF_GIVE_UP_FLAGS, &report, [](const map_create_attr &attr) {
                  return attr.map_flags & BAREBPF_F_NO_PREALLOC ? -EINVAL : 5;
              }) == 5);
        CHECK(report.given_up == BAREBPF_GIVE_UP_FLAGS);
        CHECK(report.map_flags == BAREBPF_F_RDONLY);
        CHECK(report.calls == 2);
    }
    SECTION("not of a type where it has an effect")
    {
        spec.map_type =
            GENERATE(BAREBPF_MAP_TYPE_LPM_TRIE, BAREBPF_MAP_TYPE_PERCPU_HASH, BAREBPF_MAP_TYPE_LRU_HASH,
                     BAREBPF_MAP_TYPE_HASH_OF_MAPS, BAREBPF_MAP_TYPE_SK_STORAGE);
        CHECK(create_giving_up(spec, everything, &report, refuse_all) == -EINVAL);
        CHECK(report.calls == 1);
    }
}

TEST_CASE("policy: a NUMA node is given up if it is \"any node\", with its number")
{
    barebpf_report report;
    SECTION("any node")
    {
        CHECK(create_giving_up(hash_spec(BAREBPF_F_NUMA_NODE, UINT32_MAX), BAREBPF_GIVE_UP_FLAGS, &report,
                               [](const map_create_attr &attr) {
                                   return attr.map_flags || attr.numa_node ? -E2BIG : 5;
                               }) == 5);
        CHECK(report.given_up == BAREBPF_GIVE_UP_FLAGS);
        CHECK(report.why[0] == E2BIG);
    }
    SECTION("any node, with no_prealloc of a hash")
    {
        CHECK(create_giving_up(hash_spec(BAREBPF_F_NUMA_NODE | BAREBPF_F_NO_PREALLOC, UINT32_MAX),
                               BAREBPF_GIVE_UP_FLAGS, &report, [](const map_create_attr &attr) {
                                   return attr.map_flags || attr.numa_node ? -EINVAL : 5;
                               }) == 5);
        CHECK(report.calls == 2);
    }
    SECTION("a specific node stays")
    {
        const uint32_t node = GENERATE(0u, 3u, UINT32_MAX - 1);
        CHECK(create_giving_up(hash_spec(BAREBPF_F_NUMA_NODE, node), everything, &report, refuse_all) ==
              -EINVAL);
        CHECK(report.calls == 1);
    }
    SECTION("a specific node stays when another flag is given up")
    {
        CHECK(create_giving_up(hash_spec(BAREBPF_F_NUMA_NODE | BAREBPF_F_NO_PREALLOC, 3),
                               BAREBPF_GIVE_UP_FLAGS, &report, [](const map_create_attr &attr) {
                                   return attr.map_flags == BAREBPF_F_NUMA_NODE && attr.numa_node == 3
                                              ? 5
                                              : -EINVAL;
                               }) == 5);
    }
    SECTION("a node without its flag is unchanged")
    {
        CHECK(create_giving_up(hash_spec(0, UINT32_MAX), everything, &report, refuse_all) == -EINVAL);
        CHECK(report.calls == 1);
    }
}

TEST_CASE("policy: a ring buffer becomes the next power of two of pages")
{
    barebpf_report report;
    SECTION("if it is not one")
    {
        using row = std::pair<uint32_t, uint32_t>;
        const auto [bytes, next] = GENERATE(values<row>({{1, 4096},
                                                         {4095, 4096},
                                                         {4097, 8192},
                                                         {5000, 8192},
                                                         {3 * 4096, 4 * 4096},
                                                         {0x40000001, 0x80000000},
                                                         {0x7fffffff, 0x80000000}}));
        const uint32_t due = next;
        CHECK(create_giving_up(
                  ring_buffer_spec(bytes), BAREBPF_GIVE_UP_SIZE, &report,
                  [due](const map_create_attr &attr) { return attr.max_entries == due ? 5 : -EINVAL; }) == 5);
        CHECK(report.given_up == BAREBPF_GIVE_UP_SIZE);
        CHECK(report.max_entries == next);
        CHECK(report.calls == 2);
    }
    SECTION("and is unchanged if it is one, or if there is none")
    {
        const uint32_t bytes = GENERATE(0u, 4096u, 8192u, 0x80000000u, 0x80000001u, UINT32_MAX);
        CHECK(create_giving_up(ring_buffer_spec(bytes), everything, &report, refuse_all) == -EINVAL);
        CHECK(report.calls == 1);
    }
}

TEST_CASE("policy: page size and CPUs are queried only after a refusal they may explain")
{
    barebpf_report report;
    const auto calls = [] { return recorded_calls().size(); };
    SECTION("not after success")
    {
        CHECK(create_giving_up(ring_buffer_spec(5000), everything, &report,
                               [](const map_create_attr &) { return 5; }) == 5);
        CHECK(calls() == 1);
    }
    SECTION("not after an errno of another kind")
    {
        const int error = GENERATE(ENOMEM, EPERM, EBADF);
        CHECK(create_giving_up(ring_buffer_spec(5000), everything, &report,
                               [error](const map_create_attr &) { return -error; }) == -error);
        CHECK(calls() == 1);
    }
    SECTION("not if the size may not change")
    {
        barebpf_map_spec spec = ring_buffer_spec(5000);
        spec.map_type = GENERATE(BAREBPF_MAP_TYPE_RINGBUF, BAREBPF_MAP_TYPE_CPUMAP);
        CHECK(create_giving_up(spec, everything & ~uint32_t{BAREBPF_GIVE_UP_SIZE}, &report, refuse_all) ==
              -EINVAL);
        CHECK(calls() == 1);
    }
    SECTION("not for a type whose size depends on neither")
    {
        CHECK(create_giving_up(array_spec(), everything, &report, refuse_all) == -EINVAL);
        CHECK(calls() == 1);
        CHECK(report.guessed_cpus == 0);
    }
}

TEST_CASE("policy: a name of one character is a name")
{
    barebpf_report report;
    const auto nameless = [](const map_create_attr &attr) { return attr.map_name[0] ? -EINVAL : 5; };
    SECTION("that is given up")
    {
        CHECK(create_giving_up(array_spec("x"), BAREBPF_GIVE_UP_NAME, &report, nameless) == 5);
        CHECK(requested_names() == std::vector<std::string>{"x", ""});
        CHECK(report.given_up == BAREBPF_GIVE_UP_NAME);
        CHECK(learned.names.recall() == known::no);
    }
    SECTION("that teaches that there are names")
    {
        CHECK(create_giving_up(array_spec("x"), 0, &report, [](const map_create_attr &) { return 5; }) == 5);
        CHECK(learned.names.recall() == known::yes);
    }
    SECTION("whose character is replaced")
    {
        CHECK(create_giving_up(
                  array_spec("-"), BAREBPF_GIVE_UP_NAME_CHARS, &report,
                  [](const map_create_attr &attr) { return attr.map_name[0] == '_' ? 5 : -EINVAL; }) == 5);
        CHECK(report.given_up == BAREBPF_GIVE_UP_NAME_CHARS);
        CHECK(learned.names.recall() == known::yes);
    }
    SECTION("that is left out if the kernel is known to have no names")
    {
        const barebpf_map_spec spec = array_spec("x");
        script({result(5)});
        learned.names.learn(known::no);
        CHECK(barebpf_map_create(&spec, nullptr, nullptr) == 5);
        CHECK(requested_names() == std::vector<std::string>{""});
    }
}

TEST_CASE("policy: without a name nothing is learned about names")
{
    barebpf_report report;
    CHECK(create_giving_up(array_spec(), everything, &report, [](const map_create_attr &) { return 5; }) ==
          5);
    CHECK(learned.names.recall() == known::unknown);
}

TEST_CASE("policy: of a name, letters, digits and '_' are kept, and every other character replaced")
{
    const std::string plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";
    barebpf_report report;
    for (int character = 1; character < 256; character++) {
        const std::string name = {'a', static_cast<char>(character), 'z'};
        const bool kept = plain.find(name[1]) != std::string::npos;
        CAPTURE(character);
        create_giving_up(array_spec(name.c_str()), BAREBPF_GIVE_UP_NAME_CHARS, &report, refuse_all);
        CHECK(requested_names() ==
              (kept ? std::vector<std::string>{name} : std::vector<std::string>{name, "a_z"}));
    }
}

TEST_CASE("policy: a name is not given up if the kernel is known to have names")
{
    const barebpf_map_spec spec = array_spec("plain");
    const barebpf_policy policy = policy_of(BAREBPF_GIVE_UP_NAME);
    script({result(-EINVAL)});
    learned.names.learn(known::yes);
    CHECK(barebpf_map_create(&spec, &policy, nullptr) == -EINVAL);
    CHECK(recorded_calls().size() == 1);
}

TEST_CASE("policy: on a kernel known to have no names, a long name's end is given up as well")
{
    const barebpf_map_spec spec = array_spec("a_name_of_more_than_fifteen_bytes");
    const barebpf_policy policy = policy_of(BAREBPF_GIVE_UP_NAME | BAREBPF_GIVE_UP_NAME_END);
    barebpf_report report = blank_report();
    script({result(5)});
    learned.names.learn(known::no);
    CHECK(barebpf_map_create(&spec, &policy, &report) == 5);
    CHECK(requested_names() == std::vector<std::string>{""});
    CHECK(report.given_up == (BAREBPF_GIVE_UP_NAME | BAREBPF_GIVE_UP_NAME_END));
    CHECK(report.calls == 1);
    CHECK(report.why[3] == 0);
    CHECK(report.why[5] == ENAMETOOLONG);
}

TEST_CASE("policy: what a search gives up is reported beside a long name's end")
{
    barebpf_map_spec spec = hash_spec(BAREBPF_F_NO_PREALLOC);
    spec.name = "a_name_of_more_than_fifteen_bytes";
    barebpf_report report;
    CHECK(create_giving_up(spec, everything, &report,
                           [](const map_create_attr &attr) { return attr.map_flags ? -EINVAL : 5; }) == 5);
    CHECK(report.given_up == (BAREBPF_GIVE_UP_FLAGS | BAREBPF_GIVE_UP_NAME_END));
    CHECK(report.why[0] == EINVAL);
    CHECK(report.why[5] == ENAMETOOLONG);
}

TEST_CASE("policy: on a kernel known to have no names, a name is still passed if it may not be given up")
{
    const barebpf_map_spec spec = array_spec("name");
    const barebpf_policy policy = policy_of(everything & ~uint32_t{BAREBPF_GIVE_UP_NAME});
    script({result(-EINVAL)});
    learned.names.learn(known::no);
    CHECK(barebpf_map_create(&spec, &policy, nullptr) == -EINVAL);
    CHECK(requested_names() == std::vector<std::string>{"name"});
}

TEST_CASE("policy: the map of a plain name that was only a probe does not stay open, whatever its descriptor")
{
    const long fd = GENERATE(0L, 1L, 2L, 3L);
    barebpf_report report;
    CHECK(
        create_giving_up(array_spec("a-b"), BAREBPF_GIVE_UP_NAME, &report, [fd](const map_create_attr &attr) {
            return std::strcmp(attr.map_name, "a-b") ? fd : -EINVAL;
        }) == -EINVAL);
    CHECK(requested_names() == std::vector<std::string>{"a-b", "a_b"});
    CHECK(was_closed(static_cast<int>(fd)));
    CHECK(recorded_calls().size() == 3);
    CHECK(learned.names.recall() == known::yes);
    CHECK(report.given_up == 0);
}

TEST_CASE("policy: a plain name that was only a probe ends the search, with the first errno")
{
    const int error = GENERATE(ENOMEM, EPERM, EBADF);
    barebpf_map_spec spec = array_spec("a-b");
    spec.btf_fd = 5;
    barebpf_report report;
    CHECK(create_giving_up(spec, BAREBPF_GIVE_UP_NAME, &report, [error](const map_create_attr &attr) {
              return std::strcmp(attr.map_name, "a-b") ? -error : -E2BIG;
          }) == -E2BIG);
    CHECK(requested_names() == std::vector<std::string>{"a-b", "a_b"});
    CHECK(recorded_calls().size() == 2);
    CHECK(learned.names.recall() == known::unknown);
    CHECK(report.first_error == E2BIG);
}

TEST_CASE("policy: a descriptor below 3 is moved after a retry too")
{
    barebpf_report report;
    const barebpf_map_spec spec = hash_spec(BAREBPF_F_NO_PREALLOC);
    const barebpf_policy policy = policy_of(BAREBPF_GIVE_UP_FLAGS);
    report = blank_report();
    script({result(-EINVAL), result(0), result(7), result(0)});
    CHECK(barebpf_map_create(&spec, &policy, &report) == 7);
    CHECK(report.given_up == BAREBPF_GIVE_UP_FLAGS);
    CHECK(recorded_calls()[2].arguments[1] == F_DUPFD_CLOEXEC);
    CHECK(was_closed(0));
}

TEST_CASE("policy: after ENOTSUPP in the middle of the search, every further attempt gives up BTF types")
{
    barebpf_map_spec spec = hash_spec(BAREBPF_F_NO_PREALLOC);
    spec.btf_fd = 4;
    barebpf_report report;
    CHECK(create_giving_up(spec, BAREBPF_GIVE_UP_FLAGS | BAREBPF_GIVE_UP_BTF, &report,
                           [](const map_create_attr &attr) {
                               if (attr.btf_fd)
                                   return attr.map_flags ? -EINVAL : -524;
                               return attr.map_flags ? -EINVAL : 5;
                           }) == 5);
    CHECK(report.given_up == (BAREBPF_GIVE_UP_FLAGS | BAREBPF_GIVE_UP_BTF));
    CHECK(report.calls == 4);
    CHECK(report.why[0] == EINVAL);
    CHECK(report.why[4] == 524);
}

TEST_CASE("policy: after ENOTSUPP in the middle of the search, no attempt keeps BTF types")
{
    barebpf_map_spec spec = hash_spec(BAREBPF_F_NO_PREALLOC);
    spec.name = "a-b";
    spec.btf_fd = 4;
    barebpf_report report;
    std::vector<map_create_attr> typed;
    create_giving_up(spec, BAREBPF_GIVE_UP_FLAGS | BAREBPF_GIVE_UP_NAME_CHARS | BAREBPF_GIVE_UP_BTF, &report,
                     [&typed](const map_create_attr &attr) {
                         if (attr.btf_fd)
                             typed.push_back(attr);
                         return attr.btf_fd && typed.size() == 2 ? -524 : -EINVAL;
                     });
    // The whole request, and that without its flag, whose answer was ENOTSUPP.
    CHECK(typed.size() == 2);
}

TEST_CASE("policy: a long wait sleeps whole seconds and the rest")
{
    std::vector<std::pair<long, long>> slept;
    script_all([&slept](const system_call &call) -> long {
        if (call.nr == __NR_prlimit64)
            *reinterpret_cast<sys::rlimit *>(call.arguments[3]) = {64, 64};
        if (call.nr == __NR_nanosleep) {
            const long *time = reinterpret_cast<const long *>(call.arguments[0]);
            slept.push_back({time[0], time[1]});
        }
        return call.nr == __NR_bpf ? -EPERM : 0;
    });
    const barebpf_map_spec spec = array_spec();
    barebpf_policy policy = policy_of(0);
    policy.backoff_ms = 4000;
    barebpf_report report = blank_report();
    CHECK(barebpf_map_create(&spec, &policy, &report) == -EPERM);
    CHECK(report.waited_ms == 4000);
    REQUIRE(slept.size() == 13); // 1, 1, 2, 4 … 1024 ms, and the rest
    CHECK(slept[0] == std::pair<long, long>{0, 1000000});
    CHECK(slept[1] == std::pair<long, long>{0, 1000000});
    CHECK(slept[2] == std::pair<long, long>{0, 2000000});
    CHECK(slept[10] == std::pair<long, long>{0, 512000000});
    CHECK(slept[11] == std::pair<long, long>{1, 24000000});
    CHECK(slept[12] == std::pair<long, long>{1, 952000000});
}

TEST_CASE("policy: EPERM is not retried if the limit cannot be read")
{
    script({result(-EPERM), result(-ENOSYS)});
    const barebpf_map_spec spec = array_spec();
    barebpf_policy policy = policy_of(0);
    policy.backoff_ms = 10;
    CHECK(barebpf_map_create(&spec, &policy, nullptr) == -EPERM);
}

TEST_CASE("policy: a report without a log has a log size of 0, whatever the stack held")
{
    const barebpf_map_spec spec = array_spec();
    barebpf_report report = blank_report();
    script({result(5)});
    dirty_stack();
    CHECK(barebpf_map_create(&spec, nullptr, &report) == 5);
    CHECK(recorded_calls()[0].arguments[0] == 0);
    CHECK(report.log_true_size == 0);
    CHECK(report.waited_ms == 0);
    CHECK(report.raised == 0);
    CHECK(report.guessed_cpus == 0);
    for (const int32_t why : report.why)
        CHECK(why == 0);
}

TEST_CASE("policy: every member of a report is written, whatever it held, and nothing behind it")
{
    barebpf_map_spec spec = array_spec("name");
    spec.map_ifindex = 0x01020304; // stands behind the name in the attr
    const barebpf_policy policy = policy_of(0);
    struct {
        barebpf_report report;
        char behind[8];
    } given, expected;
    std::memset(&given, 0x5a, sizeof(given));
    given.report.sz = sizeof(given.report);
    given.report.log = nullptr;
    expected = given;
    expected.report = blank_report();
    expected.report.log_size = given.report.log_size;
    expected.report.calls = 1;
    expected.report.max_entries = 1;
    std::strcpy(expected.report.name, "name");
    const int answered = GENERATE(5, -EINVAL, -EPERM, -ENOMEM);
    expected.report.first_error = answered < 0 ? -answered : 0;
    script({result(answered)});
    CHECK(barebpf_map_create(&spec, &policy, &given.report) == answered);
    CHECK(std::memcmp(&given, &expected, sizeof(given)) == 0);
}

TEST_CASE("policy: a report after success has no reason for parts that were kept")
{
    barebpf_report report;
    CHECK(create_giving_up(hash_spec(BAREBPF_F_NO_PREALLOC), everything, &report,
                           [](const map_create_attr &attr) { return attr.map_flags ? -EINVAL : 5; }) == 5);
    for (unsigned int bit = 1; bit < 6; bit++)
        CHECK(report.why[bit] == 0);
}

TEST_CASE("policy: a plain name is tried only if the name or its characters may be given up")
{
    const uint32_t give_up = GENERATE(0u, uint32_t{BAREBPF_GIVE_UP_FLAGS}, uint32_t{BAREBPF_GIVE_UP_SIZE},
                                      uint32_t{BAREBPF_GIVE_UP_BTF}, uint32_t{BAREBPF_GIVE_UP_NAME_END});
    barebpf_report report;
    CHECK(create_giving_up(array_spec("a-b"), give_up, &report, refuse_all) == -EINVAL);
    CHECK(requested_names() == std::vector<std::string>{"a-b"});
}

TEST_CASE("policy: a size that depends on CPUs is unchanged if they cannot be counted")
{
    barebpf_map_spec spec = array_spec();
    spec.map_type = GENERATE(BAREBPF_MAP_TYPE_CPUMAP, BAREBPF_MAP_TYPE_PERF_EVENT_ARRAY);
    spec.max_entries = 5000;
    barebpf_report report;
    CHECK(create_giving_up(spec, BAREBPF_GIVE_UP_SIZE, &report, refuse_all) == -EINVAL);
    CHECK(report.calls == 1);
}

TEST_CASE("policy: BTF types are given up where only one of their three numbers is set")
{
    barebpf_map_spec spec = array_spec();
    const int set = GENERATE(0, 1, 2);
    spec.btf_fd = set == 0 ? 5 : 0;
    spec.btf_key_type_id = set == 1 ? 5 : 0;
    spec.btf_value_type_id = set == 2 ? 5 : 0;
    barebpf_report report;
    CHECK(create_giving_up(spec, BAREBPF_GIVE_UP_BTF, &report, [](const map_create_attr &attr) {
              return attr.btf_fd || attr.btf_key_type_id || attr.btf_value_type_id ? -EINVAL : 5;
          }) == 5);
    CHECK(report.given_up == BAREBPF_GIVE_UP_BTF);
    CHECK(report.calls == 2);
}

TEST_CASE("policy: without one, a descriptor below 3 is moved, and a wrong spec refused, known names or not")
{
    barebpf_map_spec spec = array_spec("fifteen_letters");
    const auto names = GENERATE(known::unknown, known::yes);
    const auto create = [&spec, names](std::vector<answer> answers) {
        script(answers);
        learned.names.learn(names);
        dirty_stack();
        return barebpf_map_create(&spec, nullptr, nullptr);
    };
    SECTION("a descriptor of 3 is handed on")
    {
        CHECK(create({result(3)}) == 3);
    }
    SECTION("a lower one is moved")
    {
        const int fd = GENERATE(0, 1, 2);
        CHECK(create({result(fd), result(7), result(0)}) == 7);
        CHECK(recorded_calls()[1].nr == fcntl_number);
        CHECK(recorded_calls()[1].arguments[0] == fd);
        CHECK(was_closed(fd));
    }
    SECTION("a name that does not fit is refused")
    {
        spec.name = "sixteen_letters_";
        CHECK(create({}) == -ENAMETOOLONG);
    }
    SECTION("a broken sz is refused")
    {
        spec.sz = 8;
        CHECK(create({}) == -EINVAL);
    }
    SECTION("a limit is raised as far as it goes")
    {
        sys::rlimit raised{};
        const answer read = [](const system_call &call) -> long {
            return *reinterpret_cast<sys::rlimit *>(call.arguments[3]) = {64, 64}, 0;
        };
        const answer raise = [&raised](const system_call &call) -> long {
            return raised = *reinterpret_cast<const sys::rlimit *>(call.arguments[2]), 0;
        };
        CHECK(create({result(-EPERM), read, raise, result(7)}) == 7);
        CHECK(raised.soft == UINT64_MAX);
        CHECK(raised.hard == UINT64_MAX);
    }
}

TEST_CASE("policy: one, or a report, counts where the kernel is known to have names too")
{
    const barebpf_map_spec spec = array_spec("name");
    SECTION("a policy")
    {
        const barebpf_policy policy = policy_of(0, BAREBPF_MEMLOCK_NEVER);
        script({result(-EPERM)});
        learned.names.learn(known::yes);
        CHECK(barebpf_map_create(&spec, &policy, nullptr) == -EPERM);
    }
    SECTION("a report")
    {
        barebpf_report report = blank_report();
        script({result(5)});
        learned.names.learn(known::yes);
        CHECK(barebpf_map_create(&spec, nullptr, &report) == 5);
        CHECK(report.calls == 1);
        CHECK(std::string(report.name) == "name");
    }
}

TEST_CASE("policy: a map that is made at once, with a log, took one call")
{
    const barebpf_map_spec spec = array_spec();
    char log[16] = "";
    barebpf_report report = blank_report();
    report.log = log;
    report.log_size = sizeof(log);
    script({[](const system_call &call) -> long {
        REQUIRE(call.arguments[3]);
        reinterpret_cast<common_attr *>(call.arguments[3])->log_true_size = 3;
        return 5;
    }});
    CHECK(barebpf_map_create(&spec, nullptr, &report) == 5);
    CHECK(report.calls == 1);
    CHECK(report.log_true_size == 3);
}

TEST_CASE(
    "policy: a map of a slot for each CPU gets as many as there are CPUs, where none or too many are wanted")
{
    using row = std::pair<uint32_t, uint32_t>;
    const auto [wanted, given] =
        GENERATE(values<row>({{0, 8}, {1, 1}, {7, 7}, {8, 8}, {9, 8}, {UINT32_MAX, 8}}));
    barebpf_map_spec spec = array_spec();
    spec.map_type = GENERATE(BAREBPF_MAP_TYPE_CPUMAP, BAREBPF_MAP_TYPE_PERF_EVENT_ARRAY);
    spec.max_entries = wanted;
    std::vector<uint32_t> sizes;
    script_by_attr_on_eight_cpus([&sizes](const map_create_attr &attr) {
        sizes.push_back(attr.max_entries);
        return -EINVAL;
    });
    const barebpf_policy policy = policy_of(BAREBPF_GIVE_UP_SIZE);
    CHECK(barebpf_map_create(&spec, &policy, nullptr) == -EINVAL);
    CHECK(sizes == (wanted == given ? std::vector<uint32_t>{wanted} : std::vector<uint32_t>{wanted, given}));
}

TEST_CASE("policy: what need not be given up stays, whatever else is")
{
    barebpf_map_spec spec = demanding_spec("a-b");
    spec.max_entries = 9;
    const uint32_t gone = GENERATE(uint32_t{BAREBPF_GIVE_UP_FLAGS}, uint32_t{BAREBPF_GIVE_UP_SIZE},
                                   uint32_t{BAREBPF_GIVE_UP_NAME_CHARS}, uint32_t{BAREBPF_GIVE_UP_NAME},
                                   uint32_t{BAREBPF_GIVE_UP_BTF});
    const bool flags = gone == BAREBPF_GIVE_UP_FLAGS;
    const std::string name = gone == BAREBPF_GIVE_UP_NAME         ? ""
                             : gone == BAREBPF_GIVE_UP_NAME_CHARS ? "a_b"
                                                                  : "a-b";
    script_by_attr_on_eight_cpus([&](const map_create_attr &attr) {
        return attr.map_flags == (flags ? 0 : BAREBPF_F_NUMA_NODE) &&
                       attr.numa_node == (flags ? 0 : UINT32_MAX) &&
                       attr.max_entries == (gone == BAREBPF_GIVE_UP_SIZE ? 8 : 9) && attr.map_name == name &&
                       attr.btf_fd == (gone == BAREBPF_GIVE_UP_BTF ? 0 : 5)
                   ? 7
                   : -EINVAL;
    });
    const barebpf_policy policy = policy_of(everything);
    barebpf_report report = blank_report();
    CHECK(barebpf_map_create(&spec, &policy, &report) == 7);
    CHECK(report.given_up == gone);
}

TEST_CASE("policy: sets of what may be given up are tried by their size, and of one size the cheaper first")
{
    barebpf_map_spec spec = demanding_spec("a-b");
    spec.max_entries = 9;
    std::vector<std::string> tried; // what each request lacks: flags, size, characters, name, BTF types
    script_by_attr_on_eight_cpus([&tried](const map_create_attr &attr) {
        const std::string name = attr.map_name;
        tried.push_back(std::string(attr.map_flags ? "" : "F") + (attr.max_entries == 9 ? "" : "S") +
                        (name == "a_b" ? "C" : "") + (name.empty() ? "N" : "") + (attr.btf_fd ? "" : "B"));
        return -EINVAL;
    });
    const barebpf_policy policy = policy_of(everything);
    CHECK(barebpf_map_create(&spec, &policy, nullptr) == -EINVAL);
    CHECK(tried == std::vector<std::string>{"",    "F",   "S",   "C",   "N",   "B",   "FS",   "FC",
                                            "SC",  "FN",  "SN",  "FB",  "SB",  "CB",  "NB",   "FSC",
                                            "FSN", "FSB", "FCB", "SCB", "FNB", "SNB", "FSCB", "FSNB"});
}
