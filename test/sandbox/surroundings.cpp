// SPDX-License-Identifier: BSD-2-Clause
#include <array>
#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <fcntl.h>
#include <linux/bpf.h>
#include <sched.h>
#include <sys/mount.h>
#include <thread>
#include <unistd.h>

#include "child.h"
#include "map.h"
#include "privileges.h"

using namespace barebpf::test;

namespace
{

// Less than a 256 KiB array needs on kernels with that limit; the hard limit stays, and suffices.
void lower_memlock()
{
    set_memlock({UINT64_C(64) << 10, memlock().hard});
}

// One that is created at once, one that needs a higher limit on old kernels, one that fails.
constexpr request requests[] = {
    small_hash,
    {BAREBPF_MAP_TYPE_ARRAY, 4, 8, 32768},
    {BAREBPF_MAP_TYPE_ARRAY, 8, 8, 1},
};

using outcomes = std::array<outcome, std::size(requests)>;

outcomes make_all()
{
    lower_memlock();
    outcomes seen{};
    for (size_t i = 0; i < seen.size(); i++)
        seen[i] = outcome_of(make_by_barebpf(requests[i]));
    return seen;
}

// Removes /proc and /sys for this process: it ends up in an empty directory, in a mount namespace without
// them. If the namespace cannot be made private, as in a chroot, the empty directory must suffice.
void leave_everything(const char *empty)
{
    demand(unshare(CLONE_NEWNS) == 0, "a mount namespace");
    if (mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0)
        for (const char *directory : {"/proc", "/sys"})
            demand(umount2(directory, MNT_DETACH) == 0 || errno == EINVAL, directory);
    else
        demand(!machine_is_ours(), "a private mount namespace");
    demand(access("/proc/self", F_OK) != 0 || !machine_is_ours(), "no /proc");
    demand(chroot(empty) == 0 && chdir("/") == 0, "chroot");
    demand(access("/proc", F_OK) != 0 && access("/sys", F_OK) != 0, "an empty directory");
}

// The results of a process with these of descriptors 0 to 2 closed.
struct streams {
    int made;
    bool close_on_exec;
    unsigned int closed; // afterwards, with the map still open
};

streams make_without(unsigned int closed)
{
    for (int i = 0; i < 3; i++)
        if (closed >> i & 1)
            close(i);
    streams seen{};
    seen.made = make_by_barebpf(small_hash);
    seen.close_on_exec = fcntl(seen.made, F_GETFD) & FD_CLOEXEC;
    for (int i = 0; i < 3; i++)
        seen.closed |= static_cast<unsigned int>(fcntl(i, F_GETFD) < 0) << i;
    return seen;
}

// Two threads create the process's first maps, as simultaneously as possible.
std::array<outcome, 2> make_at_once(const request &wanted)
{
    std::array<request, 2> both = {wanted, wanted};
    both[0].name = "first";
    both[1].name = "second";
    std::array<int, 2> made{};
    std::atomic<int> ready = 0;
    const auto make = [&](size_t i) {
        for (ready++; ready < 2;)
            sched_yield();
        made[i] = make_by_barebpf(both[i]);
    };
    std::thread other(make, 1);
    make(0);
    other.join();
    return {outcome_of(made[0]), outcome_of(made[1])};
}

void check_at_once(const request &wanted, const std::function<void()> &prepare)
{
    request first = wanted, second = wanted;
    first.name = "first";
    second.name = "second";
    for (int round = 0; round < 32; round++) {
        const auto seen = in_child([&] {
            prepare();
            return make_at_once(wanted);
        });
        CHECK(seen[0] == as_asked(first));
        CHECK(seen[1] == as_asked(second));
    }
}

} // namespace

TEST_CASE("surroundings: without /proc and /sys everything is as with them")
{
    if (const std::string missing = missing_root(); !missing.empty())
        SKIP_BECAUSE(missing);
    char empty[] = "/tmp/barebpf-test-XXXXXX";
    REQUIRE(mkdtemp(empty));
    const outcomes with = in_child(make_all);
    const outcomes without = in_child([&] {
        leave_everything(empty);
        return make_all();
    });
    rmdir(empty);
    CHECK(without[0] == as_asked(requests[0]));
    CHECK(without[1] == as_asked(requests[1]));
    CHECK(without[2] == refusal(EINVAL));
    CHECK((with == without));
}

TEST_CASE("surroundings: a process without standard streams gets no map for one")
{
    if (const std::string missing = missing_root(); !missing.empty())
        SKIP_BECAUSE(missing);
    const unsigned int closed = GENERATE(range(0u, 8u));
    const streams seen = in_child([closed] { return make_without(closed); });
    CHECK(seen.made >= 3);
    CHECK(seen.close_on_exec);
    CHECK(seen.closed == closed);
}

TEST_CASE("surroundings: two threads that create their first maps at once keep both names")
{
    if (const std::string missing = missing_root(); !missing.empty())
        SKIP_BECAUSE(missing);
    check_at_once(small_hash, [] {});
}

TEST_CASE("surroundings: two threads that exceed the limit at once get both maps")
{
    if (const std::string missing = missing_root(); !missing.empty())
        SKIP_BECAUSE(missing);
    check_at_once({BAREBPF_MAP_TYPE_ARRAY, 4, 8, 32768}, lower_memlock);
}
