// SPDX-License-Identifier: BSD-2-Clause
#include <bit>
#include <cerrno>
#include <csignal>
#include <cstddef>
#include <linux/bpf.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "child.h"
#include "map.h"
#include "privileges.h"
#include "trace.h"

using namespace barebpf::test;

namespace
{

// What the filter does to a program load.
struct verdict {
    const char *name;
    uint32_t action;
};

constexpr verdict eperm = {"EPERM", SECCOMP_RET_ERRNO | EPERM};
constexpr verdict enosys = {"ENOSYS", SECCOMP_RET_ERRNO | ENOSYS};
constexpr verdict death = {"the process is killed", SECCOMP_RET_KILL_PROCESS};

// From here on BPF_PROG_LOAD is refused in this process, and every other call allowed.
void refuse_programs(const verdict &given)
{
    constexpr uint32_t low_word = std::endian::native == std::endian::little ? 0 : 4;
    sock_filter instructions[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_bpf, 0, 3),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, args) + low_word),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, BPF_PROG_LOAD, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, given.action),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    const sock_fprog filter = {std::size(instructions), instructions};
    demand(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0, "PR_SET_NO_NEW_PRIVS");
    demand(prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter, 0, 0) == 0, "PR_SET_SECCOMP");
}

} // namespace

TEST_CASE("seccomp: if programs are refused, one call creates the map, with its name")
{
    if (const std::string missing = missing_root(); !missing.empty())
        SKIP_BECAUSE(missing);
    const verdict given = GENERATE(eperm, enosys, death);
    INFO("a program load: " << given.name);
    const shared<int> made;
    const shared<outcome> seen;
    const auto calls =
        calls_of([&] { refuse_programs(given); }, [&] { *made = make_by_barebpf(small_hash); });
    CHECK(*made >= 3);
    REQUIRE(calls.size() == 1);
    CHECK(calls[0].nr == SYS_bpf);
    CHECK(calls[0].first == BPF_MAP_CREATE);
    CHECK(in_child([&] {
              refuse_programs(given);
              return outcome_of(make_by_barebpf(small_hash));
          }) == as_asked(small_hash));
}

TEST_CASE("seccomp: if programs are refused, libbpf loses the name")
{
    if (const std::string missing = missing_root(); !missing.empty())
        SKIP_BECAUSE(missing);
    const verdict given = GENERATE(eperm, enosys);
    const outcome seen = in_child([&] {
        refuse_programs(given);
        return outcome_of(make_by_libbpf(small_hash));
    });
    request nameless = small_hash;
    nameless.name = "";
    INFO("a program load: " << given.name);
    INFO("libbpf " << libbpf_version() / 100 << '.' << libbpf_version() % 100
                   << "; if it keeps the name, docs/libbpf-differences.md must say from which release on");
    CHECK(seen == as_asked(nameless));
}

TEST_CASE("seccomp: if a program load is fatal, libbpf dies of its first map")
{
    if (const std::string missing = missing_root(); !missing.empty())
        SKIP_BECAUSE(missing);
    const int status = status_of([] {
        refuse_programs(death);
        make_by_libbpf(small_hash);
    });
    INFO("libbpf " << libbpf_version() / 100 << '.' << libbpf_version() % 100
                   << "; if it lives, docs/libbpf-differences.md must say from which release on");
    CHECK(WIFSIGNALED(status));
    CHECK(WTERMSIG(status) == SIGSYS);
}
