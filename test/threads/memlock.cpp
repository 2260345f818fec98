// SPDX-License-Identifier: BSD-2-Clause
#include <asm/unistd.h>
#include <cerrno>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <random>
#include <thread>
#include <vector>

#include "barebpf/barebpf.h"
#include "barebpf/bpf.h"
#include "lib/core/sys.h"
#include "test/catch.h"
#include "test/unit/any_kernel.h"

// Threads that raise RLIMIT_MEMLOCK at once and all fail: it ends as it began, in whatever order their system
// calls come.
using namespace barebpf;

namespace
{

// Lets one thread at a time make its next prlimit64(2); the caller chooses which.
class schedule
{
public:
    using choice = std::function<size_t(size_t count)>;

    explicit schedule(size_t count) : waiting(count, false), running(count) {}

    void wait_for_turn(size_t thread)
    {
        std::unique_lock lock(mutex);
        waiting[thread] = true;
        running--;
        changed.notify_all();
        changed.wait(lock, [&] { return !waiting[thread]; });
    }

    void end()
    {
        const std::unique_lock lock(mutex);
        running--;
        changed.notify_all();
    }

    // Returns when every thread has ended.
    void run(const choice &choose)
    {
        std::unique_lock lock(mutex);
        for (;;) {
            changed.wait(lock, [&] { return running == 0; });
            std::vector<size_t> ready;
            for (size_t i = 0; i < waiting.size(); i++)
                if (waiting[i])
                    ready.push_back(i);
            if (ready.empty())
                return;
            waiting[ready[choose(ready.size())]] = false;
            running++;
            changed.notify_all();
        }
    }

private:
    std::mutex mutex;
    std::condition_variable changed;
    std::vector<bool> waiting;
    size_t running;
};

schedule *turns;
thread_local size_t this_thread;

// Guarded by the turns.
sys::rlimit limit;
bool may_raise_hard;

long prlimit(const sys::rlimit *wanted, sys::rlimit *replaced)
{
    const sys::rlimit before = limit;
    if (wanted && wanted->hard > limit.hard && !may_raise_hard)
        return -EPERM;
    if (wanted)
        limit = *wanted;
    if (replaced)
        *replaced = before;
    return 0;
}

} // namespace

// No limit suffices for a map.
long arch::call(long nr, long, long, long c, long d, long)
{
    if (nr == __NR_bpf)
        return -EPERM;
    if (nr != __NR_prlimit64)
        return -ENOSYS;
    turns->wait_for_turn(this_thread);
    return prlimit(reinterpret_cast<const sys::rlimit *>(c), reinterpret_cast<sys::rlimit *>(d));
}

namespace
{

int create()
{
    return bpf_map_create(BPF_MAP_TYPE_ARRAY, nullptr, 4, 4, 1, nullptr);
}

int create_with_policy()
{
    barebpf_map_spec spec{};
    spec.sz = sizeof(spec);
    spec.map_type = BAREBPF_MAP_TYPE_ARRAY;
    barebpf_policy policy{};
    policy.sz = sizeof(policy);
    policy.memlock = BAREBPF_MEMLOCK_SCOPED;
    policy.memlock_most = 1000;
    return barebpf_map_create(&spec, &policy, nullptr);
}

struct start {
    sys::rlimit limit;
    bool may_raise_hard;
};
constexpr start starts[] = {
    {{64, 128}, true}, {{64, 128}, false}, {{64, 64}, true}, {{64, UINT64_MAX}, false}};

using way = int (*)();

// True if every thread was refused, and the limit is what it was.
bool ends_well(const start &from, const std::vector<way> &threads, const schedule::choice &choose)
{
    schedule all(threads.size());
    turns = &all;
    limit = from.limit;
    may_raise_hard = from.may_raise_hard;
    std::vector<int> results(threads.size());
    std::vector<std::thread> running;
    for (size_t i = 0; i < threads.size(); i++)
        running.emplace_back([&, i] {
            this_thread = i;
            results[i] = threads[i]();
            all.end();
        });
    all.run(choose);
    for (std::thread &thread : running)
        thread.join();
    for (const int result : results)
        if (result != -EPERM)
            return false;
    return limit.soft == from.limit.soft && limit.hard == from.limit.hard;
}

} // namespace

TEST_CASE(
    "memlock: two threads that raise the limit and fail leave it as it was, in every order of their calls")
{
    size_t orders = 0, wrong = 0;
    for (const start &from : starts)
        for (const way other : {create, create_with_policy}) {
            test::choices choices;
            do {
                choices.start();
                wrong +=
                    !ends_well(from, {create, other}, [&](size_t count) { return choices.choose(count); });
                orders++;
            } while (choices.advance());
        }
    CHECK(wrong == 0);
    CHECK(orders > 200);
}

TEST_CASE("memlock: three threads that raise the limit and fail leave it as it was")
{
    std::mt19937 random(1); // NOLINT(cert-msc51-cpp): the same orders each time
    size_t wrong = 0;
    for (int i = 0; i < 1000; i++)
        for (const start &from : starts)
            wrong += !ends_well(from, {create, create_with_policy, create},
                                [&](size_t count) { return random() % count; });
    CHECK(wrong == 0);
}
