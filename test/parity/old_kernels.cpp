// SPDX-License-Identifier: BSD-2-Clause
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <new>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "c_library.h"
#include "situation.h"
#include "test/catch.h"
#include "test/model/kernel.h"

// Both libraries before every kernel from 3.18 to 7.3: not the calls they make are compared, but what comes
// of them.
using namespace barebpf;
using namespace barebpf::parity;
using namespace barebpf::test;

namespace
{

constexpr int untouched = 9999;

struct outcome {
    int result;
    int error;
    map_create_attr last; // what BPF_MAP_CREATE was last asked for
    sys::rlimit limit;    // RLIMIT_MEMLOCK afterwards

    bool made() const { return result >= 0; }
};

outcome run(int (&create)(const call &), const situation &at, model_kernel &kernel)
{
    kernel.limits_memlock(at.memlock.limit.soft, at.memlock.limit.hard, at.memlock.may_raise);
    const bpf_map_create_opts opts = opts_of(at);
    outcome seen{};
    intercepting = true;
    errno = untouched;
    seen.result = create(call_of(at, &opts));
    seen.error = errno;
    intercepting = false;
    for (const system_call &call : kernel.calls())
        if (call.nr == __NR_bpf && call.arguments[0] == BPF_MAP_CREATE)
            seen.last = call.attr;
    seen.limit = kernel.memlock();
    if (seen.made())
        sys::close(seen.result);
    return seen;
}

outcome run_barebpf(const situation &at)
{
    model_kernel kernel(at.version, surroundings(at));
    return run(create_first_with_barebpf, at, kernel);
}

outcome run_libbpf_here(const situation &at)
{
    model_kernel kernel(at.version, surroundings(at));
    kernel.answers_programs([&at](const bpf_attr &program) { return answer_program(at, program); });
    return run(create_with_libbpf, at, kernel);
}

// Memory that a child's outcome comes back in.
outcome *shared_outcome()
{
    void *memory = mmap(nullptr, sizeof(outcome), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED)
        throw std::bad_alloc();
    return static_cast<outcome *>(memory);
}

// libbpf probes once in a process, so a child makes the call. One whose kernel had something to object to
// ends with status 1.
outcome run_libbpf(const situation &at)
{
    static outcome *const shared = shared_outcome();
    const pid_t child = fork();
    if (child == 0) {
        SUCCEED();
        *shared = run_libbpf_here(at);
        _exit(Catch::getResultCapture().lastAssertionPassed() ? 0 : 1);
    }
    int status = -1;
    REQUIRE(waitpid(child, &status, 0) == child);
    REQUIRE(status == 0);
    return *shared;
}

// What became of one situation with each library.
struct pair {
    const situation &at;
    outcome libbpf;
    outcome barebpf;
};

// Whether libbpf leaves out a name for which barebpf hands on the kernel's refusal: it does so for callers
// that may not load programs, whatever the name.
bool drops_refused_name(const pair &both)
{
    return both.at.by == caller::no_programs && refuses_name(both.at) && both.libbpf.made();
}

// Whether libbpf ends at a limit that barebpf raises as far as it may: to libbpf it is all or nothing.
bool stops_at_soft_limit(const pair &both)
{
    const sys::rlimit &limit = both.at.memlock.limit;
    return both.at.by != caller::nobody && charges_memlock(both.at) && limit.soft < limit.hard &&
           both.libbpf.result == -EPERM;
}

struct tally {
    unsigned int same_name, name_lost_by_libbpf, no_name, name_refused_by_barebpf, made_by_barebpf, refused,
        refused_further_on, raised, raised_by_libbpf;
};

void check_refusal(const pair &both, tally *sum)
{
    const bool further_on = stops_at_soft_limit(both) && refuses_name(both.at);
    CHECK(both.barebpf.result == (further_on ? -EINVAL : both.libbpf.result));
    CHECK(both.barebpf.error == -both.barebpf.result);
    sum->refused += !further_on;
    sum->refused_further_on += further_on;
}

// The same map, and the name that was asked for on every kernel that has names. libbpf's is the same or none.
void check_map(const pair &both, tally *sum)
{
    map_create_attr by_libbpf = both.libbpf.last, by_barebpf = both.barebpf.last;
    const std::string call = both.at.name && has_names(both.at) ? both.at.name : "";
    const std::string kept = by_libbpf.map_name;
    CHECK(by_barebpf.map_name == call);
    CHECK((kept == call || kept.empty()));
    std::memset(by_libbpf.map_name, 0, sizeof(by_libbpf.map_name));
    std::memset(by_barebpf.map_name, 0, sizeof(by_barebpf.map_name));
    CHECK(std::memcmp(&by_libbpf, &by_barebpf, sizeof(by_libbpf)) == 0);
    CHECK(both.barebpf.error == untouched);
    if (!both.libbpf.made())
        sum->made_by_barebpf++;
    else if (call.empty())
        sum->no_name++;
    else if (kept == call)
        sum->same_name++;
    else
        sum->name_lost_by_libbpf++;
}

// barebpf never lowers it, and raises it only for a map that cannot be made otherwise.
void check_limit(const pair &both, tally *sum)
{
    const sys::rlimit before = both.at.memlock.limit, after = both.barebpf.limit;
    const bool raised = after.soft != before.soft || after.hard != before.hard;
    CHECK(after.soft >= before.soft);
    CHECK(after.hard >= before.hard);
    if (raised) {
        CHECK(both.barebpf.made());
        CHECK(charges_memlock(both.at));
        CHECK(both.at.kind.entries == large_array.entries);
    }
    sum->raised += raised;
    sum->raised_by_libbpf += both.libbpf.limit.soft != before.soft;
}

void check(const pair &both, tally *sum)
{
    INFO(words(both.at) << ": libbpf " << both.libbpf.result << ", barebpf " << both.barebpf.result);
    check_limit(both, sum);
    if (drops_refused_name(both)) {
        CHECK(both.barebpf.result == -EINVAL);
        sum->name_refused_by_barebpf++;
    } else if (both.libbpf.made() || both.barebpf.made()) {
        CHECK((both.libbpf.made() || stops_at_soft_limit(both)));
        CHECK(both.barebpf.made());
        check_map(both, sum);
    } else {
        check_refusal(both, sum);
    }
}

void print(const tally &sum, size_t count)
{
    std::printf("old kernels: %zu situations\n", count);
    std::printf("%6u  map made by both, with the same name\n", sum.same_name);
    std::printf("%6u  map made by both, libbpf's without the name\n", sum.name_lost_by_libbpf);
    std::printf("%6u  map made by both, no name asked for or known to the kernel\n", sum.no_name);
    std::printf("%6u  map made by barebpf only\n", sum.made_by_barebpf);
    std::printf("%6u  map made by libbpf only, without the name the kernel refuses\n",
                sum.name_refused_by_barebpf);
    std::printf("%6u  refused alike\n", sum.refused);
    std::printf("%6u  refused by EPERM to libbpf, by EINVAL for the name to barebpf\n",
                sum.refused_further_on);
    std::printf("RLIMIT_MEMLOCK was raised by libbpf in %u, by barebpf in %u\n", sum.raised_by_libbpf,
                sum.raised);
}

} // namespace

TEST_CASE("old kernels: where libbpf makes a map barebpf makes it, with its name")
{
    const std::vector<situation> all = situations();
    tally sum{};
    for (const situation &at : all)
        check({at, run_libbpf(at), run_barebpf(at)}, &sum);
    print(sum, all.size());
    CHECK(sum.same_name > 0);
    CHECK(sum.name_lost_by_libbpf > 0);
    CHECK(sum.made_by_barebpf > 0);
    CHECK(sum.name_refused_by_barebpf > 0);
    CHECK(sum.refused_further_on > 0);
    CHECK(sum.raised > 0);
    CHECK(sum.raised < sum.raised_by_libbpf);
}

TEST_CASE("old kernels: libbpf drops a refused name when it may not load programs, barebpf gives EINVAL")
{
    const release version = GENERATE(release_of(4, 15), release_of(5, 1));
    situation at = {version, caller::no_programs, no_limit, small_array, "a.b", options::none};
    CHECK(run_libbpf(at).made());
    CHECK(run_barebpf(at).result == -EINVAL);
    at.by = caller::root;
    CHECK(run_libbpf(at).result == -EINVAL);
    CHECK(run_barebpf(at).result == -EINVAL);
}

TEST_CASE("old kernels: libbpf does not raise the soft limit to the hard one, barebpf does")
{
    const release version = GENERATE(release_of(4, 4), release_of(5, 10));
    const situation at = {version, caller::root, low_soft_limit, large_array, nullptr, options::none};
    CHECK(run_libbpf(at).result == -EPERM);
    CHECK(run_barebpf(at).made());
    CHECK(run_barebpf(at).limit.soft == low_soft_limit.limit.hard);
}
