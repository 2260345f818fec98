// SPDX-License-Identifier: BSD-2-Clause
//
// `barebpf apply` of a file with maps of all kinds: each of its syscalls fails with each errno, and it is
// killed before each. At every one of these moments each pin is absent, as it was, or complete, and the next
// run makes all good.
//
// In a virtual machine it is every fourth syscall. BAREBPF_FAULTS_ERRORS is how many errnos a syscall is
// given, drawn at random; BAREBPF_SEED begins the drawing.
#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <random>

#include <linux/bpf.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "barebpf/barebpf.h"
#include "site.h"
#include "supervised.h"
#include "test/catch.h"
#include "test/uname.h"

using namespace barebpf::test;

namespace
{

constexpr int errors[] = {EPERM,  EACCES, EINTR, ENOMEM, EINVAL, ENOSYS, ENOSPC,
                          EEXIST, ENOENT, EBUSY, EMFILE, EROFS,  EIO};

// Of the syscalls, one in so many.
unsigned int stride()
{
    return is_in_virtual_machine() ? 4 : 1;
}

unsigned int number_from(const char *variable, unsigned int otherwise)
{
    const char *text = std::getenv(variable);
    return text ? static_cast<unsigned int>(std::strtoul(text, nullptr, 0)) : otherwise;
}

std::string missing_for_supervision()
{
    const release_numbers kernel = running_release_numbers();
    if (kernel.major < 5 || (kernel.major == 5 && kernel.minor < 5))
        return "this kernel is older than 5.5, from which on a filter's supervisor can let a syscall "
               "continue";
    return missing_for_site();
}

// Those that cannot fail, or after whose failure a program cannot go on.
bool cannot_fail(const system_call &call)
{
    return call.number == SYS_exit_group || call.number == SYS_exit || call.number == SYS_brk ||
           call.number == SYS_rt_sigreturn || call.number == SYS_rt_sigprocmask;
}

// A look at the pins costs many syscalls of its own, and only these change anything others can see.
bool may_change_pins(long number)
{
    switch (number) {
    case SYS_bpf:
    case SYS_renameat2:
    case SYS_linkat:
    case SYS_unlinkat:
    case SYS_fchmodat:
    case SYS_fchownat:
    case SYS_mkdirat:
    case SYS_mount:
        return true;
    default:
        return false;
    }
}

// Looks at the pins before the syscall that follows one that may have changed them.
class watcher
{
public:
    watcher(const site &what, const tolerance &allowed) : place(what), tolerates(allowed) {}

    void look(const system_call &next)
    {
        if (problem.empty() && looks)
            problem = place.half_made(tolerates);
        looks = may_change_pins(next.number);
    }

    std::string problem;

private:
    const site &place;
    tolerance tolerates;
    bool looks = true;
};

tolerance tolerance_for(int error)
{
    return {error == EINVAL, error == ENOENT || error == ENOSPC, error == EPERM};
}

// The next run, which nothing disturbs, and one more, which finds all done.
std::string next_runs(const site &place, const tolerance &allowed)
{
    const ending next = run_alone(place.command());
    if (next.code != 0)
        return "the next run fails: " + next.err;
    if (const std::string problem = place.unfinished(allowed); !problem.empty())
        return "after the next run " + problem;
    const ending last = run_alone(place.command());
    if (last.code != 0 || !last.out.ends_with("; nothing was changed\n"))
        return "the run after it prints " + last.out + last.err;
    return "";
}

uint32_t calls_of(site *place)
{
    place->reset();
    watcher watch(*place, {});
    const ending whole = supervise(place->command(), place->file(), [&](const system_call &call) {
        watch.look(call);
        return decision();
    });
    INFO(whole.err);
    REQUIRE(whole.code == 0);
    CHECK(watch.problem == "");
    CHECK(place->unfinished({}) == "");
    return whole.calls;
}

// A run that fails says so, as it is documented.
std::string wrong_ending(const ending &done, const system_call &failed, int error)
{
    if (done.is_hung)
        return "it hangs";
    if (done.code == 0)
        return "";
    const bool no_memory = (failed.number == SYS_mmap || failed.number == SYS_mremap) && done.code == 4;
    if (no_memory && done.err.ends_with("barebpf: out of memory\n"))
        return "";
    if (done.code != 1)
        return "it ends with " + std::to_string(done.code);
    // What could not be written cannot be read.
    if (failed.number == SYS_write && failed.arguments[0] == STDERR_FILENO)
        return "";
    // That something is there, or is not, is believed, and what cannot be removed is in the way: what is
    // named is what comes of it.
    const bool misled = error == EEXIST || error == ENOENT || failed.number == SYS_unlinkat;
    const std::string name = barebpf_errno_name(error);
    const bool said =
        done.err.find(name) != std::string::npos || (misled && done.err.find(": E") != std::string::npos);
    return said ? "" : "it does not name " + name;
}

bool is_of_file(const std::string &err, const site &place)
{
    return err.find(place.file() + ":") != std::string::npos ||
           err.find("'" + place.file() + "'") != std::string::npos ||
           err.find("standard output") != std::string::npos || err.find("out of memory") != std::string::npos;
}

using selector = std::function<bool(const system_call &)>;

// The first call that is selected fails.
std::string fail_call(site *place, const selector &is_selected, int error, bool *has_failed)
{
    const tolerance allowed = tolerance_for(error);
    place->reset();
    watcher watch(*place, allowed);
    system_call failed{};
    const ending done = supervise(place->command(), place->file(), [&](const system_call &call) {
        watch.look(call);
        if (failed.nth || cannot_fail(call) || !is_selected(call))
            return decision();
        failed = call;
        return decision{false, error};
    });
    *has_failed = failed.nth && done.code != 0;
    const std::string which = "syscall number " + std::to_string(failed.number) + ": ";
    if (!watch.problem.empty())
        return which + watch.problem;
    if (const std::string problem = place->half_made(allowed); !problem.empty())
        return which + problem;
    if (const std::string problem = wrong_ending(done, failed, error); !problem.empty())
        return which + problem + "; it prints " + done.err;
    if (done.code == 1 && !(failed.number == SYS_write) && !is_of_file(done.err, *place))
        return which + "it names no line: " + done.err;
    const std::string problem = next_runs(*place, allowed);
    return problem.empty() ? "" : which + problem;
}

std::string kill_before(site *place, uint32_t nth)
{
    place->reset();
    watcher watch(*place, {});
    const ending done = supervise(place->command(), place->file(), [&](const system_call &call) {
        watch.look(call);
        return decision{call.nth == nth, 0};
    });
    if (done.code != 128 + 9)
        return "it is not killed, but ends with " + std::to_string(done.code);
    if (!watch.problem.empty())
        return watch.problem;
    if (const std::string problem = place->half_made({}); !problem.empty())
        return problem;
    return next_runs(*place, {});
}

} // namespace

#define NEEDS_SITE() \
    static const std::string missing = missing_for_supervision(); \
    if (!missing.empty()) \
    SKIP_BECAUSE(missing)

TEST_CASE("apply: whichever syscall fails, no half-made map is seen, and the next run makes all good")
{
    NEEDS_SITE();
    const bool used = GENERATE(false, true);
    const unsigned int seed = number_from("BAREBPF_SEED", std::random_device()());
    const unsigned int most =
        std::min<unsigned int>(number_from("BAREBPF_FAULTS_ERRORS", 1), std::size(errors));
    std::mt19937 random(seed);
    site place(used);
    const uint32_t calls = calls_of(&place);
    std::printf("%u syscalls, one in %u with %u of %zu errnos; BAREBPF_SEED=%u draws the same\n", calls,
                stride(), most, std::size(errors), seed);
    uint32_t failed = 0;
    for (uint32_t nth = 1 + seed % stride(); nth <= calls; nth += stride()) {
        std::vector<int> drawn(std::begin(errors), std::end(errors));
        std::shuffle(drawn.begin(), drawn.end(), random);
        for (unsigned int i = 0; i < most; i++) {
            INFO("syscall " << nth << " of " << calls << " fails with " << barebpf_errno_name(drawn[i]));
            bool has_failed = false;
            const selector is_nth = [&](const system_call &call) { return call.nth == nth; };
            CHECK(fail_call(&place, is_nth, drawn[i], &has_failed) == "");
            failed += has_failed;
        }
    }
    CHECK(failed > calls / stride() * most / 8); // many calls only look for advice on what may go wrong
}

TEST_CASE("apply: a batch that the kernel refuses before its first element is set singly")
{
    NEEDS_SITE();
    site place(false);
    bool has_failed = true;
    const int error = GENERATE(ENOMEM, EPERM);
    const selector is_batch = [](const system_call &call) {
        return call.number == SYS_bpf && call.arguments[0] == BPF_MAP_UPDATE_BATCH;
    };
    CHECK(fail_call(&place, is_batch, error, &has_failed) == "");
    CHECK_FALSE(has_failed);
}

TEST_CASE("apply: a refusal that has passed is said to be one")
{
    NEEDS_SITE();
    site place(false);
    bool has_refused = false;
    const ending done = supervise(place.command(), place.file(), [&](const system_call &call) {
        const bool refuses = !has_refused && call.number == SYS_bpf && call.arguments[0] == BPF_MAP_CREATE;
        has_refused |= refuses;
        return decision{false, refuses ? EIO : 0};
    });
    CHECK(done.code == 1);
    CHECK(
        done.err.find(
            "/net/limits': the kernel refused the map (EIO)\n  why: asked again, the kernel makes this map: "
            "the refusal was a passing one") != std::string::npos);
}

TEST_CASE("apply: a map that has to be made again, because a name was taken for a moment, is filled again")
{
    NEEDS_SITE();
    const bool used = GENERATE(false, true);
    site place(used);
    bool has_failed = true;
    const selector is_rename = [](const system_call &call) { return call.number == SYS_renameat2; };
    CHECK(fail_call(&place, is_rename, used ? ENOENT : EEXIST, &has_failed) == "");
    CHECK_FALSE(has_failed);
}

TEST_CASE(
    "apply: killed before or after any syscall, no half-made map is seen, and the next run makes all good")
{
    NEEDS_SITE();
    const bool used = GENERATE(false, true);
    const unsigned int seed = number_from("BAREBPF_SEED", std::random_device()());
    site place(used);
    const uint32_t calls = calls_of(&place);
    std::printf("%u syscalls, killed before one in %u; BAREBPF_SEED=%u takes the same\n", calls, stride(),
                seed);
    for (uint32_t nth = 1 + seed % stride(); nth <= calls; nth += stride()) {
        INFO("killed before syscall " << nth << " of " << calls << ", which is after the one before");
        CHECK(kill_before(&place, nth) == "");
    }
}
