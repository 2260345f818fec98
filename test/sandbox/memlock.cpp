// SPDX-License-Identifier: BSD-2-Clause
#include <cerrno>
#include <linux/bpf.h>
#include <linux/capability.h>
#include <sys/resource.h>
#include <sys/syscall.h>

#include "child.h"
#include "map.h"
#include "privileges.h"
#include "trace.h"

using namespace barebpf::test;

namespace
{

constexpr uint64_t KiB = 1024;
constexpr uint64_t MiB = 1024 * KiB;
constexpr uint64_t unlimited = UINT64_MAX;

// 256 KiB of values.
constexpr request big_array = {BAREBPF_MAP_TYPE_ARRAY, 4, 8, 32768};

struct row {
    const char *what;
    limits before;
    bool has_sys_resource;
    std::vector<limits> set; // on a kernel that charges maps, if the map is created there
    bool made = true;        // there; elsewhere it always is
};

const row rows[] = {
    {"enough", {4 * MiB, 4 * MiB}, true, {}},
    {"the hard limit suffices", {64 * KiB, 4 * MiB}, true, {{4 * MiB, 4 * MiB}}},
    {"the hard limit suffices, unprivileged", {64 * KiB, 4 * MiB}, false, {{4 * MiB, 4 * MiB}}},
    {"the hard limit is as low", {64 * KiB, 64 * KiB}, true, {{unlimited, unlimited}}},
    {"the hard limit is higher, and too low",
     {64 * KiB, 128 * KiB},
     true,
     {{128 * KiB, 128 * KiB}, {unlimited, unlimited}}},
    {"the hard limit is as low, unprivileged", {64 * KiB, 64 * KiB}, false, {}, false},
    {"the hard limit is too low, unprivileged", {64 * KiB, 128 * KiB}, false, {}, false},
};

// The result of a create, and the limits after it.
struct account {
    outcome seen;
    limits left;
};

// Sets a row's limits for this process.
void prepare(const row &given)
{
    const uint64_t dropped = given.has_sys_resource ? 0 : capability(CAP_SYS_RESOURCE);
    set_memlock(given.before);
    keep_only(capabilities() & ~dropped);
}

// Creates the map under these limits. The calls are those of the create alone.
account account_of(const request &wanted, const row &given, std::vector<system_call> *calls)
{
    const shared<int> made;
    *calls = calls_of([&] { prepare(given); }, [&] { *made = make_by_barebpf(wanted); });
    return in_child([&] {
        prepare(given);
        const int map = make_by_barebpf(wanted);
        const limits left = memlock();
        return account{outcome_of(map), left};
    });
}

std::vector<limits> set_by(const std::vector<system_call> &calls)
{
    std::vector<limits> set;
    for (const system_call &call : calls)
        if (call.sets)
            set.push_back(call.wanted);
    return set;
}

// Why a row cannot be tested here; empty if it can.
std::string missing_for(const row &given)
{
    if (const std::string missing = missing_root(); !missing.empty())
        return missing;
    const bool may_raise = capabilities() & capability(CAP_SYS_RESOURCE);
    const bool must_raise = memlock_counts() && given.has_sys_resource;
    return !may_raise && (must_raise || memlock().hard < given.before.hard) ? "CAP_SYS_RESOURCE" : "";
}

} // namespace

TEST_CASE("memlock: a limit is raised after a refusal, no further than necessary, and never lowered")
{
    const row given = GENERATE(from_range(std::begin(rows), std::end(rows)));
    if (const std::string missing = missing_for(given); !missing.empty())
        SKIP_BECAUSE(missing);
    INFO(given.what);
    std::vector<system_call> calls;
    const account made = account_of(big_array, given, &calls);
    const bool refused = memlock_counts() && !given.made;
    CHECK(made.seen == (refused ? refusal(EPERM) : as_asked(big_array)));
    const bool raised = memlock_counts() && !given.set.empty();
    CHECK((made.left == (raised ? given.set.back() : given.before)));
    if (!refused)
        CHECK((set_by(calls) == (memlock_counts() ? given.set : std::vector<limits>())));
    if (!memlock_counts() || given.before.soft > 64 * KiB) {
        REQUIRE(calls.size() == 1);
        CHECK(calls[0].nr == SYS_bpf);
        CHECK(calls[0].first == BPF_MAP_CREATE);
    }
}

TEST_CASE("memlock: a map that is refused under any limit leaves the limits as they were")
{
    const row given = GENERATE(row{"the hard limit is higher", {64 * KiB, 128 * KiB}, true, {}},
                               row{"the hard limit is as low", {64 * KiB, 64 * KiB}, true, {}});
    if (const std::string missing = missing_for(given); !missing.empty())
        SKIP_BECAUSE(missing);
    INFO(given.what);
    // A kernel that charges maps refuses more than 4 GiB before it charges, and 3 GiB is more than test/vm
    // has; elsewhere 2 PiB is more than any machine has.
    request impossible = big_array;
    impossible.value_size = 1 * MiB;
    impossible.max_entries = memlock_counts() ? 3 * KiB : UINT32_C(1) << 31;
    std::vector<system_call> calls;
    const account made = account_of(impossible, given, &calls);
    CHECK(made.seen == refusal(ENOMEM));
    CHECK(made.left == given.before);
    CHECK(set_by(calls).empty() == !memlock_counts());
}

TEST_CASE("memlock: a limit that another thread raises after a refusal, before it is read, counts")
{
    struct meeting {
        row given;
        limits raised;
    };
    const meeting met =
        GENERATE(meeting{{"to the hard limit", {64 * KiB, 4 * MiB}, false, {}}, {4 * MiB, 4 * MiB}},
                 meeting{{"to infinity", {64 * KiB, 64 * KiB}, true, {}}, {unlimited, unlimited}});
    if (const std::string missing = missing_for(met.given); !missing.empty())
        SKIP_BECAUSE(missing);
    INFO(met.given.what);
    const shared<outcome> seen;
    const rlimit64 raised = {met.raised.soft, met.raised.hard};
    calls_of([&] { prepare(met.given); }, [&] { *seen = outcome_of(make_by_barebpf(big_array)); },
             [&](pid_t child) {
                 demand(prlimit64(child, RLIMIT_MEMLOCK, &raised, nullptr) == 0 || !memlock_counts(),
                        "prlimit");
             });
    CHECK(*seen == as_asked(big_array));
}
