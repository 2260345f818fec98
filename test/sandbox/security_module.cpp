// SPDX-License-Identifier: BSD-2-Clause
#include <cerrno>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <linux/capability.h>
#include <linux/version.h>
#include <string>
#include <sys/wait.h>
#include <unistd.h>

#include "child.h"
#include "explanation.h"
#include "lsm.h"
#include "map.h"
#include "privileges.h"
#include "test/live/kernel.h"

using namespace barebpf::test;

namespace
{

constexpr refused_requests kinds[] = {
    {refused_requests::every_command, "every command"},
    {refused_requests::map_create, "BPF_MAP_CREATE"},
    {refused_requests::one_type, "BPF_MAP_CREATE of hash maps", BAREBPF_MAP_TYPE_HASH},
    {refused_requests::every_map, "every map"},
};

// With members that other causes of a refusal would be about.
constexpr request decorated_hash = {
    BAREBPF_MAP_TYPE_HASH, 4, 8, 16, BAREBPF_F_NO_PREALLOC | BAREBPF_F_ZERO_SEED, "named"};

constexpr request lru_hash = {BAREBPF_MAP_TYPE_LRU_HASH, 4, 8, 16};

// Maps of types that have little in common.
constexpr request everyday[] = {
    small_hash,
    lru_hash,
    {BAREBPF_MAP_TYPE_ARRAY, 4, 8, 16, BAREBPF_F_RDONLY_PROG},
    {BAREBPF_MAP_TYPE_PERCPU_ARRAY, 4, 8, 16},
    {BAREBPF_MAP_TYPE_PROG_ARRAY, 4, 4, 16},
    {BAREBPF_MAP_TYPE_PERF_EVENT_ARRAY, 4, 4, 1},
    {BAREBPF_MAP_TYPE_LPM_TRIE, 8, 8, 16, BAREBPF_F_NO_PREALLOC},
    {BAREBPF_MAP_TYPE_STACK_TRACE, 4, 64, 16},
    {BAREBPF_MAP_TYPE_DEVMAP, 4, 4, 16},
};

} // namespace

TEST_CASE("explain: a security module is named where it refuses maps, and nothing else is")
{
    if (const std::string missing = missing_bpf_lsm(); !missing.empty())
        SKIP_BECAUSE(missing);
    const refused_requests refused = GENERATE(from_range(std::begin(kinds), std::end(kinds)));
    const int error = GENERATE(EPERM, EACCES);
    CAPTURE(refused.name, error);
    const explained done = in_child([&] {
        const barebpf::fd program = refuse_by_lsm(refused, error);
        return explain(decorated_hash);
    });
    INFO(name_of(done) << ": " << done.text << "; " << done.remedy);
    CHECK(done.error == error);
    CHECK(name_of(done) == "security_module");
    CHECK(done.confidence == BAREBPF_SURE_PREDICTED);
    CHECK(done.text == std::string("a security module (LSM) refuses it"));
    CHECK(done.remedy == std::string("look for its denial in the kernel's log or the audit log; "
                                     "/sys/kernel/security/lsm lists the modules"));
    CHECK(done.nothing_left);
}

TEST_CASE("explain: a security module is among the causes for a caller with few capabilities")
{
    if (const std::string missing = missing_bpf_lsm(); !missing.empty())
        SKIP_BECAUSE(missing);
    if (running_kernel() < KERNEL_VERSION(5, 8, 0))
        SKIP_BECAUSE("CAP_BPF came with Linux 5.8");
    const refused_requests refused = GENERATE(from_range(std::begin(kinds), std::end(kinds)));
    CAPTURE(refused.name);
    const explained done = in_child([&] {
        const barebpf::fd program = refuse_by_lsm(refused, EPERM);
        become_nobody(capability(CAP_BPF));
        return explain(small_hash);
    });
    INFO(name_of(done) << ": " << done.text);
    CHECK(done.error == EPERM);
    CHECK(done.may_be(BAREBPF_CAUSE_SECURITY_MODULE));
    CHECK(done.nothing_left);
}

TEST_CASE("explain: lockdown refuses no map, and no refusal is put down to it")
{
    if (const std::string missing = missing_root(); !missing.empty())
        SKIP_BECAUSE(missing);
    const std::string degree = lockdown_in_force();
    if (machine_is_ours())
        CHECK(degree == "confidentiality"); // by the boot parameter lockdown=
    else if (degree.empty() || degree == "none")
        SKIP_BECAUSE("the kernel is not locked down (boot parameter lockdown=)");
    CAPTURE(degree);
    const request wanted = GENERATE(from_range(std::begin(everyday), std::end(everyday)));
    CAPTURE(wanted.type);
    CHECK(in_child([&] { return outcome_of(make_by_barebpf(wanted)); }).refused == 0);
    const explained done = in_child([&] {
        become_nobody(0);
        return explain(lru_hash);
    });
    INFO(name_of(done) << ": " << done.text);
    CHECK(done.error == EPERM);
    CHECK(done.cause != BAREBPF_CAUSE_UNKNOWN);
    CHECK(!done.may_be(BAREBPF_CAUSE_LOCKDOWN));
}

TEST_CASE("barebpf create: says that a security module refuses the map", "[.program]")
{
    if (const std::string missing = missing_bpf_lsm(); !missing.empty())
        SKIP_BECAUSE(missing);
    const std::string path = "/tmp/barebpf-test-printed";
    const int status = status_of([&] {
        const int program = refuse_by_lsm(kinds[1], EPERM).release(); // stays open in /barebpf
        demand(program > 2, "a descriptor");
        const int printed = open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
        demand(dup2(printed, 1) == 1 && dup2(printed, 2) == 2, "dup2");
        execl("/barebpf", "barebpf", "create", "type", "hash", "key", "4", "value", "4", "entries", "1",
              nullptr);
        demand(false, "/barebpf");
    });
    std::ifstream file(path);
    const std::string printed{std::istreambuf_iterator<char>(file), {}};
    std::filesystem::remove(path);
    CHECK(WEXITSTATUS(status) == 1);
    CHECK(printed == "barebpf: hash: the kernel refused it (EPERM)\n"
                     "  why: a security module (LSM) refuses it (predicted)\n"
                     "  try: look for its denial in the kernel's log or the audit log; "
                     "/sys/kernel/security/lsm lists the modules\n");
}

TEST_CASE("explain: when the security module is gone, the map is made")
{
    if (const std::string missing = missing_bpf_lsm(); !missing.empty())
        SKIP_BECAUSE(missing);
    const refused_requests refused = GENERATE(from_range(std::begin(kinds), std::end(kinds)));
    CAPTURE(refused.name);
    struct results {
        outcome with, without;
    };
    const results seen = in_child([&] {
        results both{};
        {
            const barebpf::fd program = refuse_by_lsm(refused, EPERM);
            both.with = outcome_of(make_by_barebpf(small_hash));
        }
        both.without = outcome_of(make_by_barebpf(small_hash));
        return both;
    });
    CHECK(seen.with == refusal(EPERM));
    CHECK(seen.without == as_asked(small_hash));
}
