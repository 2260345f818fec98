// SPDX-License-Identifier: BSD-2-Clause
#include <array>
#include <atomic>
#include <barrier>
#include <cerrno>
#include <cstdio>
#include <thread>

#include "barebpf/barebpf.h"
#include "barebpf/bpf.h"
#include "lib/core/known.h"
#include "test/catch.h"
#include "test/model/system_call.h"

// Two threads that create their first maps at once. Built for ThreadSanitizer (tools/check), which reports a
// race even if its outcome is right; so nothing here may order the threads between the barriers: the
// kernel answers by the request alone, and its limit is a relaxed atomic.
using namespace barebpf;

namespace
{

struct kernel {
    const char *words;
    bool names, dots, logs, charges;
};
constexpr kernel kernels[] = {
    {"without names", false, false, false, false},
    {"without names, charging RLIMIT_MEMLOCK", false, false, false, true},
    {"with names", true, false, false, false},
    {"with names and dots, charging RLIMIT_MEMLOCK", true, true, false, true},
    {"with names and dots", true, true, false, false},
    {"with names, dots and logs", true, true, true, false},
};

// What a map is charged, and RLIMIT_MEMLOCK before it is raised.
constexpr uint32_t cost = 100;
constexpr uint32_t low_soft = 64, low_hard = 128;

constexpr uint64_t packed(uint64_t soft, uint64_t hard)
{
    return hard << 32 | soft;
}

const kernel *running;
std::atomic<uint64_t> limit;

// Threads that are creating a map, and creates that began while another was running.
std::atomic<size_t> making, at_once;

// A descriptor says whether its map has a name.
constexpr int nameless_map = 3, named_map = 4;

long create(const test::system_call &call)
{
    const char *name = call.attr.map_name;
    const bool logged = call.arguments[0] & BAREBPF_COMMON_ATTRS;
    if (logged && !running->logs)
        return -EINVAL;
    if (name[0] && !running->names)
        return -EINVAL;
    if (running->charges && static_cast<uint32_t>(limit.load(std::memory_order_relaxed)) < cost)
        return -EPERM;
    if (std::strchr(name, '.') && !running->dots)
        return -EINVAL;
    return name[0] ? named_map : nameless_map;
}

// Only the soft limit may be raised.
long prlimit(const test::system_call &call)
{
    if (!call.arguments[2]) {
        const uint64_t now = limit.load(std::memory_order_relaxed);
        *reinterpret_cast<sys::rlimit *>(call.arguments[3]) = {now & UINT32_MAX, now >> 32};
        return 0;
    }
    const auto *wanted = reinterpret_cast<const sys::rlimit *>(call.arguments[2]);
    if (wanted->hard > low_hard)
        return -EPERM;
    limit.store(packed(wanted->soft, wanted->hard), std::memory_order_relaxed);
    return 0;
}

} // namespace

long arch::call(long nr, long a, long b, long c, long d, long e)
{
    std::this_thread::yield(); // so that the other thread intervenes, on one CPU too
    const test::system_call call = test::read_system_call(nr, {a, b, c, d, e});
    if (nr == __NR_bpf)
        return create(call);
    if (nr == __NR_prlimit64)
        return prlimit(call);
    return nr == __NR_close ? 0 : -ENOSYS;
}

namespace
{

struct request {
    const char *words;
    const char *name;
    bool logged;
    bool with_policy; // by barebpf_map_create()
};
constexpr request requests[] = {
    {"no name", nullptr, false, false},
    {"a name", "plain", false, false},
    {"a dot", "a.b", false, false},
    {"a name and a log", "plain", true, false},
    {"a name and a policy", "plain", false, true},
};

int make(const request &wanted)
{
    char text[64];
    bpf_log_opts log{};
    log.sz = sizeof(log);
    log.buf = text;
    log.size = sizeof(text);
    log.level = 1;
    bpf_map_create_opts opts{};
    opts.sz = sizeof(opts);
    if (wanted.logged)
        opts.log_opts = &log;
    if (!wanted.with_policy)
        return bpf_map_create(BPF_MAP_TYPE_ARRAY, wanted.name, 4, 8, 16, &opts);
    libbpf_set_memlock_rlim(SIZE_MAX); // unchanged; the other thread may be reading it
    barebpf_map_spec spec{};
    spec.sz = sizeof(spec);
    spec.map_type = BAREBPF_MAP_TYPE_ARRAY;
    spec.name = wanted.name;
    return barebpf_map_create(&spec, nullptr, nullptr);
}

// This kernel's result for the request, whatever another thread does meanwhile.
int expected(const kernel &of, const request &wanted)
{
    if (!wanted.name || !of.names)
        return nameless_map;
    return std::strchr(wanted.name, '.') && !of.dots ? -EINVAL : named_map;
}

constexpr size_t thread_count = 2;
constexpr size_t rounds = 200;

// Rounds of one kernel, in each of which every thread creates one map.
class race
{
public:
    race(const kernel &of, const std::array<request, thread_count> &given) : wanted(given)
    {
        running = &of;
        for (size_t i = 0; i < thread_count; i++)
            threads[i] = std::thread([this, i] { work(i); });
    }

    ~race()
    {
        for (std::thread &thread : threads)
            thread.join();
    }

    race(const race &) = delete;
    race &operator=(const race &) = delete;

    // Lets the threads create their maps, as first ones.
    void run()
    {
        learned = {};
        limit.store(packed(low_soft, low_hard), std::memory_order_relaxed);
        start.arrive_and_wait();
        end.arrive_and_wait();
    }

    std::array<int, thread_count> results{};

private:
    void work(size_t which)
    {
        for (size_t i = 0; i < rounds; i++) {
            start.arrive_and_wait();
            if (making.fetch_add(1, std::memory_order_relaxed))
                at_once.fetch_add(1, std::memory_order_relaxed);
            results[which] = make(wanted[which]);
            making.fetch_sub(1, std::memory_order_relaxed);
            end.arrive_and_wait();
        }
    }

    const std::array<request, thread_count> wanted;
    std::barrier<> start{thread_count + 1};
    std::barrier<> end{thread_count + 1};
    std::array<std::thread, thread_count> threads;
};

// True if a fact was learned correctly; or not at all, if the answer need not prove it.
bool is_right(known fact, bool has, bool must_be_known)
{
    if (fact == known::unknown)
        return !must_be_known;
    return fact == (has ? known::yes : known::no);
}

void check(const kernel &of, const std::array<request, thread_count> &wanted)
{
    const bool named = wanted[0].name || wanted[1].name;
    const bool logged = wanted[0].logged || wanted[1].logged;
    const bool answers_at_once = of.names && !of.charges; // after a log, with a map
    race one(of, wanted);
    size_t wrong = 0;
    for (size_t i = 0; i < rounds; i++) {
        one.run();
        for (size_t thread = 0; thread < thread_count; thread++)
            wrong += one.results[thread] != expected(of, wanted[thread]);
        wrong += !is_right(learned.names.recall(), of.names, named);
        wrong += !is_right(learned.common_attrs.recall(), of.logs, logged && answers_at_once);
    }
    INFO("a kernel " << of.words << ", " << wanted[0].words << " and " << wanted[1].words);
    CHECK(wrong == 0);
}

} // namespace

TEST_CASE("threads: two first maps at once get what each would alone, and only true facts are learned")
{
    size_t count = 0;
    for (const kernel &of : kernels)
        for (const request &one : requests)
            for (const request &other : requests) {
                check(of, {one, other});
                count += rounds;
            }
    std::printf("threads: %zu rounds of %zu first maps, %zu of them really at once\n", count, thread_count,
                at_once.load());
    CHECK(at_once > 0);
}
