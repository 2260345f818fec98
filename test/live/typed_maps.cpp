// SPDX-License-Identifier: BSD-2-Clause
#include <atomic>
#include <cerrno>
#include <cstring>
#include <linux/version.h>
#include <map>
#include <sched.h>
#include <set>
#include <stop_token>
#include <thread>
#include <unistd.h>
#include <utility>
#include <vector>

#include "barebpf/map.hpp"
#include "kernel.h"
#include "test/catch.h"

using namespace barebpf;
using namespace barebpf::test;

namespace
{

using counters = barebpf::map<uint32_t, uint64_t>;

counters hash_of(uint32_t entries)
{
    auto made = counters::create({.type = map_type::hash, .max_entries = entries, .name = "typed"});
    REQUIRE(made);
    return *std::move(made);
}

// 1 to `count`, each with its square.
counters squares(uint32_t count)
{
    counters made = hash_of(count);
    for (uint32_t key = 1; key <= count; key++)
        REQUIRE(made.set(key, uint64_t{key} * key));
    return made;
}

// Keeps the threads of this process on the CPU where it runs.
class one_cpu
{
public:
    one_cpu()
    {
        cpu_set_t only;
        CPU_ZERO(&only);
        CPU_SET(static_cast<size_t>(sched_getcpu()), &only);
        REQUIRE(sched_getaffinity(0, sizeof(before), &before) == 0);
        REQUIRE(sched_setaffinity(0, sizeof(only), &only) == 0);
    }
    ~one_cpu() { sched_setaffinity(0, sizeof(before), &before); }

private:
    cpu_set_t before;
};

bool is_open(int fd)
{
    return barebpf_close(dup(fd)) == 0;
}

} // namespace

TEST_CASE("typed map: an element's life")
{
    if (const std::string missing = missing_permission(); !missing.empty())
        SKIP_BECAUSE(missing);
    const counters flows = hash_of(2);
    CHECK(flows.get(7).error().number == ENOENT);
    CHECK(flows.set(7, 1, when::if_present).error().number == ENOENT);
    CHECK(flows.set(7, 1, when::if_absent));
    CHECK(flows.set(7, 2, when::if_absent).error().number == EEXIST);
    CHECK(flows.set(7, 3, when::if_present));
    CHECK(flows.get(7).value_or(0) == 3);
    CHECK(flows.set(8, 4));
    CHECK(flows.set(9, 5).error().number == E2BIG);
    CHECK(flows.erase(8));
    CHECK(flows.erase(8).error().number == ENOENT);
    CHECK(flows.get(8).value_or(99) == 99);
}

TEST_CASE("typed map: take reads and deletes in one step")
{
    if (const std::string missing = missing_permission(); !missing.empty())
        SKIP_BECAUSE(missing);
    if (running_kernel() < KERNEL_VERSION(5, 14, 0))
        SKIP_BECAUSE("a hash has lookup and delete from Linux 5.14");
    const counters flows = squares(3);
    CHECK(flows.take(2).value_or(0) == 4);
    CHECK(flows.take(2).error().number == ENOENT);
}

TEST_CASE("typed map: its info is the kernel's")
{
    if (const std::string missing = missing_permission(); !missing.empty())
        SKIP_BECAUSE(missing);
    const counters flows = hash_of(16);
    const auto info = flows.info();
    REQUIRE(info);
    CHECK(info->type == BAREBPF_MAP_TYPE_HASH);
    CHECK(info->key_size == 4);
    CHECK(info->value_size == 8);
    CHECK(info->max_entries == 16);
    CHECK(info->id != 0);
    CHECK(std::string(info->name) == "typed");
}

TEST_CASE("typed map: sizes are those of the types")
{
    if (const std::string missing = missing_permission(); !missing.empty())
        SKIP_BECAUSE(missing);
    SECTION("a spec with another size is refused before the kernel sees it")
    {
        const auto made = counters::create({.type = map_type::hash, .key_size = 8, .max_entries = 1});
        CHECK(made.error().number == EINVAL);
        REQUIRE(made.sizes_differ());
        CHECK(made.map_sizes() == sizes{8, 8});
        CHECK(made.type_sizes() == sizes{4, 8});
    }
    SECTION("a map with another size is refused, named, and closed")
    {
        const int fd = squares(1).release();
        const auto taken = barebpf::map<uint32_t, uint32_t>::from(fd);
        CHECK(taken.error().number == EINVAL);
        REQUIRE(taken.sizes_differ());
        CHECK(taken.map_sizes() == sizes{4, 8});
        CHECK(taken.type_sizes() == sizes{4, 4});
        CHECK_FALSE(is_open(fd));
    }
    SECTION("a descriptor that is no map is refused with the kernel's errno")
    {
        const auto taken = counters::from(dup(0));
        CHECK(taken.error().number != 0);
        CHECK_FALSE(taken.sizes_differ());
    }
}

TEST_CASE("typed map: a range visits every element once")
{
    if (const std::string missing = missing_permission(); !missing.empty())
        SKIP_BECAUSE(missing);
    const uint32_t count = GENERATE(0u, 1u, 2u, 100u);
    const counters flows = count ? squares(count) : hash_of(1);
    std::map<uint32_t, uint64_t> seen;
    auto elements = flows.elements();
    for (const auto &[key, value] : elements)
        CHECK(seen.emplace(key, value).second);
    CHECK(elements.error().number == 0);
    CHECK(seen.size() == count);
    for (const auto &[key, value] : seen)
        CHECK(value == uint64_t{key} * key);
    std::set<uint32_t> keys;
    for (const uint32_t key : flows.keys())
        CHECK(keys.insert(key).second);
    CHECK(keys.size() == count);
}

TEST_CASE("typed map: a loop may erase what it visits")
{
    if (const std::string missing = missing_permission(); !missing.empty())
        SKIP_BECAUSE(missing);
    const counters flows = squares(100);
    uint32_t visits = 0;
    auto keys = flows.keys();
    for (const uint32_t key : keys) {
        CHECK(flows.erase(key));
        visits++;
    }
    CHECK(keys.error().number == 0);
    CHECK(visits == 100);
    CHECK(flows.get(1).error().number == ENOENT);
}

TEST_CASE("typed map: iteration ends while others erase, and visits all that stays")
{
    if (const std::string missing = missing_permission(); !missing.empty())
        SKIP_BECAUSE(missing);
    const counters flows = squares(200);
    std::set<uint32_t> seen;
    uint32_t visits = 0;
    auto keys = flows.keys();
    for (const uint32_t key : keys) {
        seen.insert(key);
        visits++;
        for (uint32_t other = 2; other <= 200 && visits == 10; other += 2) // all even keys are erased
            (void)flows.erase(other);
    }
    CHECK(keys.error().number == 0);
    CHECK(visits <= 4 * 200 + 4);
    for (uint32_t key = 1; key <= 200; key += 2)
        CHECK(seen.count(key) == 1);
}

TEST_CASE("typed map: ranges keep their promise while another thread erases and adds")
{
    if (const std::string missing = missing_permission(); !missing.empty())
        SKIP_BECAUSE(missing);
    constexpr uint32_t count = 200, loops = 50;
    const counters flows = squares(count);
    // The threads take turns on one CPU, after each system call: on two, a kernel's hash may lose its place
    // when it uses an element again that it just freed.
    const one_cpu pinned;
    uint32_t complete = 0, disturbed = 0, wrong = 0;
    std::atomic<uint32_t> erased = 0;
    {
        const std::jthread other([&flows, &erased](const std::stop_token &stop) {
            for (uint32_t key = 2; !stop.stop_requested(); key = key < count ? key + 2 : 2) { // the even keys
                erased += bool(flows.erase(key));
                sched_yield();
                (void)flows.set(key, uint64_t{key} * key);
                sched_yield();
            }
        });
        for (uint32_t loop = 0; loop < loops; loop++) {
            std::set<uint32_t> odd;
            uint32_t visits = 0;
            const uint32_t erased_before = erased;
            auto elements = flows.elements();
            for (const auto &[key, value] : elements) {
                if (key % 2)
                    odd.insert(key);
                wrong += key == 0 || key > count || value != uint64_t{key} * key;
                visits++;
                sched_yield();
            }
            const int error = elements.error().number;
            wrong += error != 0 && error != EAGAIN;
            wrong += visits > 4 * count + 5;
            wrong += error == 0 && odd.size() != count / 2;
            complete += error == 0;
            disturbed += erased != erased_before;
        }
    }
    CHECK(wrong == 0);
    CHECK(complete > 0);
    CHECK(disturbed > 0); // by the other thread, during a loop
}

TEST_CASE("typed map: many at a time")
{
    if (const std::string missing = missing_permission(); !missing.empty())
        SKIP_BECAUSE(missing);
    const counters flows = hash_of(1000);
    std::vector<uint32_t> keys(1000);
    std::vector<uint64_t> values(1000);
    for (uint32_t i = 0; i < 1000; i++) {
        keys[i] = i;
        values[i] = i + 5;
    }
    const many stored = flows.set_many(keys.data(), values.data(), 1000);
    CHECK(stored);
    CHECK(stored.count == 1000);
    SECTION("read in parts, each element once")
    {
        std::map<uint32_t, uint64_t> seen;
        std::vector<uint32_t> some_keys(300);
        std::vector<uint64_t> some_values(300);
        counters::cursor at;
        for (;;) {
            const many read = flows.read_many(&at, some_keys.data(), some_values.data(), 300);
            REQUIRE(read);
            if (read.count == 0)
                break;
            for (uint32_t i = 0; i < read.count; i++)
                CHECK(seen.emplace(some_keys[i], some_values[i]).second);
        }
        CHECK(seen.size() == 1000);
        CHECK(seen[999] == 1004);
    }
    SECTION("erased together, up to a key that does not exist")
    {
        CHECK(flows.erase_many(keys.data(), 500).count == 500);
        const many erased = flows.erase_many(keys.data() + 499, 2);
        CHECK_FALSE(erased);
        CHECK(erased.error().number == ENOENT);
        CHECK(erased.count == 0);
    }
    SECTION("a condition holds for each, and the elements stored are counted")
    {
        CHECK(flows.erase_many(keys.data(), 10).count == 10);
        const many again = flows.set_many(keys.data(), values.data(), 1000, when::if_absent);
        CHECK(again.error().number == EEXIST);
        CHECK(again.count == 10);
    }
}

TEST_CASE("typed map: a type without batches is read one by one")
{
    if (const std::string missing = missing_permission(); !missing.empty())
        SKIP_BECAUSE(missing);
    using per_cpu_counters = barebpf::map<uint32_t, percpu<uint64_t, 1024>>;
    auto made = per_cpu_counters::create({.type = map_type::percpu_hash, .max_entries = 4});
    REQUIRE(made);
    static percpu<uint64_t, 1024> values[2];
    values[0].resize(static_cast<uint32_t>(barebpf_possible_cpus()));
    for (uint32_t cpu = 0; cpu < values[0].size(); cpu++)
        values[0][cpu] = cpu + 1;
    CHECK(made->set(3, values[0]));
    CHECK(made->set(4, values[0]));
    per_cpu_counters::cursor at;
    uint32_t keys[2];
    const many read = made->read_many(&at, keys, values, 2);
    CHECK(read);
    CHECK(read.count == 2);
    CHECK(keys[0] + keys[1] == 7);
    CHECK(made->read_many(&at, keys, values, 2).count == 0);
}

TEST_CASE("typed map: a per-CPU element has one value for every possible CPU")
{
    if (const std::string missing = missing_permission(); !missing.empty())
        SKIP_BECAUSE(missing);
    using values = percpu<uint32_t, 1024>; // 4 bytes, each at a multiple of 8
    auto made = barebpf::map<uint32_t, values>::create({.type = map_type::percpu_array, .max_entries = 1});
    REQUIRE(made);
    CHECK(made->info()->value_size == 4);
    static values one;
    one.resize(static_cast<uint32_t>(barebpf_possible_cpus()));
    for (uint32_t cpu = 0; cpu < one.size(); cpu++)
        one[cpu] = 10 + cpu;
    CHECK(made->set(0, one));
    static auto found = made->get(0);
    REQUIRE(found);
    CHECK(found->size() == one.size());
    CHECK((*found)[found->size() - 1] == 10 + one.size() - 1);
    CHECK(found->sum() == one.size() * 10 + one.size() * (one.size() - 1) / 2);
    SECTION("fewer values than CPUs are refused before the system call")
    {
        one.resize(0);
        CHECK(made->set(0, one).error().number == E2BIG);
    }
}

TEST_CASE("typed map: an LPM trie finds the longest prefix")
{
    if (const std::string missing = missing_permission(); !missing.empty())
        SKIP_BECAUSE(missing);
    struct address {
        uint8_t bytes[4];
    };
    auto made = barebpf::map<lpm_key<address>, uint32_t>::create(
        {.type = map_type::lpm_trie, .max_entries = 8, .flags = map_flags::no_prealloc});
    REQUIRE(made);
    CHECK(made->set({8, {{10, 0, 0, 0}}}, 1));
    CHECK(made->set({16, {{10, 1, 0, 0}}}, 2));
    CHECK(made->get({32, {{10, 1, 2, 3}}}).value_or(0) == 2);
    CHECK(made->get({32, {{10, 2, 2, 3}}}).value_or(0) == 1);
    CHECK(made->get({32, {{11, 0, 0, 1}}}).error().number == ENOENT);
}

TEST_CASE("typed map: an array's keys are its indices, and cannot be erased")
{
    if (const std::string missing = missing_permission(); !missing.empty())
        SKIP_BECAUSE(missing);
    auto made = counters::create({.type = map_type::array, .max_entries = 3});
    REQUIRE(made);
    uint32_t expected = 0;
    for (const auto &[key, value] : made->elements()) {
        CHECK(key == expected++);
        CHECK(value == 0);
    }
    CHECK(expected == 3);
    CHECK(made->erase(0).error().number == EINVAL);
    CHECK(made->set(3, 1).error().number == E2BIG);
}

TEST_CASE("typed set: its elements are keys alone")
{
    if (const std::string missing = missing_permission(); !missing.empty())
        SKIP_BECAUSE(missing);
    auto made = barebpf::set<uint64_t>::create({.type = map_type::hash, .max_entries = 4});
    REQUIRE(made);
    CHECK(made->contains(5).value_or(true) == false);
    CHECK(made->insert(5));
    CHECK(made->insert(5).error().number == EEXIST);
    CHECK(made->contains(5).value_or(false));
    for (const uint64_t member : made->keys())
        CHECK(member == 5);
    CHECK(made->erase(5));
    CHECK(made->erase(5).error().number == ENOENT);
}

TEST_CASE("typed queue: first in, first out; a stack: last in, first out")
{
    if (const std::string missing = missing_permission(); !missing.empty())
        SKIP_BECAUSE(missing);
    const bool is_stack = GENERATE(false, true);
    auto made =
        queue<uint32_t>::create({.type = is_stack ? map_type::stack : map_type::queue, .max_entries = 2});
    REQUIRE(made);
    CHECK(made->pop().error().number == ENOENT);
    CHECK(made->push(1));
    CHECK(made->push(2));
    CHECK(made->push(3).error().number == E2BIG);
    CHECK(made->push(3, true)); // the oldest makes room
    CHECK(made->peek().value_or(0) == (is_stack ? 3u : 2u));
    CHECK(made->pop().value_or(0) == (is_stack ? 3u : 2u));
    CHECK(made->pop().value_or(0) == (is_stack ? 2u : 3u));
    CHECK(made->peek().error().number == ENOENT);
}

TEST_CASE("typed bloom filter: never denies what was inserted")
{
    if (const std::string missing = missing_permission(); !missing.empty())
        SKIP_BECAUSE(missing);
    if (running_kernel() < KERNEL_VERSION(5, 16, 0))
        SKIP_BECAUSE("bloom filters came with Linux 5.16");
    auto made = bloom_filter<uint64_t>::create({.max_entries = 100});
    REQUIRE(made);
    CHECK(made->may_contain(42).value_or(true) == false);
    CHECK(made->insert(42));
    CHECK(made->may_contain(42).value_or(false));
}

TEST_CASE("typed map of maps: an inner map stays alive as an element")
{
    if (const std::string missing = missing_permission(); !missing.empty())
        SKIP_BECAUSE(missing);
    using outer = map_of_maps<uint32_t, counters>;
    auto made = outer::create({.type = map_type::hash_of_maps, .max_entries = 4}, hash_of(8));
    REQUIRE(made);
    {
        const counters inner = hash_of(8);
        CHECK(inner.set(1, 11));
        CHECK(made->set(7, inner));
    }
    const auto found = made->get(7);
    REQUIRE(found);
    CHECK(found->get(1).value_or(0) == 11);
    CHECK(made->get(8).error().number == ENOENT);
    CHECK(made->erase(7));
    CHECK(made->get(7).error().number == ENOENT);
}

TEST_CASE("typed map: user space cannot change a frozen one")
{
    if (const std::string missing = missing_permission(); !missing.empty())
        SKIP_BECAUSE(missing);
    if (running_kernel() < KERNEL_VERSION(5, 2, 0))
        SKIP_BECAUSE("maps can be frozen from Linux 5.2");
    const counters flows = squares(1);
    CHECK(flows.freeze());
    CHECK(flows.set(1, 2).error().number == EPERM);
    CHECK(flows.get(1).value_or(0) == 1);
}

TEST_CASE("typed map: moved from, it owns nothing")
{
    if (const std::string missing = missing_permission(); !missing.empty())
        SKIP_BECAUSE(missing);
    counters flows = squares(1);
    const int fd = flows.get_fd();
    {
        const counters other = std::move(flows);
        CHECK(other.get_fd() == fd);
        CHECK(flows.get(1).error().number == EBADF);
    }
    CHECK_FALSE(is_open(fd));
}
