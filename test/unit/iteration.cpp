// SPDX-License-Identifier: BSD-2-Clause
#include <algorithm>
#include <asm/unistd.h>
#include <cerrno>
#include <cstring>
#include <linux/bpf.h>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "barebpf/map.hpp"
#include "lib/calls/attr.h"
#include "script.h"
#include "test/catch.h"

// What a range-for over a map promises while the map changes: another task changes a scripted hash map before
// a system call of the loop, for every change and every call, twice in one loop.

using namespace barebpf::test;

namespace
{

using hash = barebpf::map<uint32_t, uint64_t>;

constexpr uint32_t spare =
    2; // keys that are not there at the start: 0, before all others, and one after them
constexpr uint64_t value_above_key = 100;

struct change {
    enum class kind {
        nothing,
        erase,
        replace, // erase, and add again
        add,
        erase_all,
    } what = kind::nothing;
    uint32_t key = 0;
};

// A hash map in the kernel, in the order of its keys, and what happened to it.
struct scripted_hash {
    std::set<uint32_t> keys;
    std::set<uint32_t> stays;         // from the start until now
    std::set<uint32_t> ever;          // at any time
    std::map<size_t, change> changes; // by the system call before which they happen
    uint32_t max_entries = 0;
    size_t calls = 0;
    uint32_t restarts = 0; // a key to continue from was not there

    explicit scripted_hash(uint32_t count) : max_entries(count + spare)
    {
        for (uint32_t key = 1; key <= count; key++)
            keys.insert(key);
        stays = ever = keys;
    }

    void erase(uint32_t key)
    {
        keys.erase(key);
        stays.erase(key);
    }

    void add(uint32_t key)
    {
        keys.insert(key);
        ever.insert(key);
    }

    void apply(const change &one)
    {
        switch (one.what) {
        case change::kind::nothing:
            break;
        case change::kind::erase:
            erase(one.key);
            break;
        case change::kind::replace:
            if (keys.count(one.key)) {
                erase(one.key);
                add(one.key);
            }
            break;
        case change::kind::add:
            add(one.key);
            break;
        case change::kind::erase_all:
            keys.clear();
            stays.clear();
            break;
        }
    }

    long next_key(const barebpf::next_key_attr &attr)
    {
        auto next = keys.begin();
        if (const auto *from = reinterpret_cast<const uint32_t *>(attr.key)) {
            if (keys.count(*from))
                next = keys.upper_bound(*from);
            else
                restarts++;
        }
        if (next == keys.end())
            return -ENOENT;
        *reinterpret_cast<uint32_t *>(attr.next_key) = *next;
        return 0;
    }

    long lookup(const barebpf::elem_attr &attr) const
    {
        const uint32_t key = *reinterpret_cast<const uint32_t *>(attr.key);
        if (!keys.count(key))
            return -ENOENT;
        *reinterpret_cast<uint64_t *>(attr.value) = value_above_key + key;
        return 0;
    }

    long remove(const barebpf::elem_attr &attr)
    {
        erase(*reinterpret_cast<const uint32_t *>(attr.key));
        return 0;
    }

    long describe(const barebpf::info_attr &attr) const
    {
        bpf_map_info info = {};
        info.type = BPF_MAP_TYPE_HASH;
        info.key_size = 4;
        info.value_size = 8;
        info.max_entries = max_entries;
        std::memcpy(reinterpret_cast<void *>(attr.info), &info,
                    std::min<size_t>(attr.info_len, sizeof(info)));
        return 0;
    }

    long answer(const system_call &call)
    {
        if (call.nr == __NR_close)
            return 0;
        const long attr = call.arguments[1];
        if (call.arguments[0] == BPF_OBJ_GET_INFO_BY_FD)
            return describe(*reinterpret_cast<barebpf::info_attr *>(attr));
        if (calls == 1000) // a loop that does not end by itself
            return -EIO;
        if (const auto now = changes.find(calls++); now != changes.end())
            apply(now->second);
        switch (call.arguments[0]) {
        case BPF_MAP_GET_NEXT_KEY:
            return next_key(*reinterpret_cast<const barebpf::next_key_attr *>(attr));
        case BPF_MAP_LOOKUP_ELEM:
            return lookup(*reinterpret_cast<const barebpf::elem_attr *>(attr));
        case BPF_MAP_DELETE_ELEM:
            return remove(*reinterpret_cast<const barebpf::elem_attr *>(attr));
        default:
            return -EINVAL;
        }
    }
};

hash open_hash(scripted_hash *kernel)
{
    script_all([kernel](const system_call &call) { return kernel->answer(call); });
    return *hash::from(7);
}

// What a loop visited, and how it ended.
struct visit {
    std::vector<uint32_t> keys;
    bool values_fit = true;
    int error = 0;
};

visit visit_keys(const hash &map)
{
    visit made;
    auto keys = map.keys();
    for (const uint32_t key : keys)
        made.keys.push_back(key);
    made.error = keys.error().number;
    return made;
}

visit visit_elements(const hash &map)
{
    visit made;
    auto elements = map.elements();
    for (const auto &[key, value] : elements) {
        made.keys.push_back(key);
        made.values_fit = made.values_fit && value == value_above_key + key;
    }
    made.error = elements.error().number;
    return made;
}

// The promise that a loop broke, or "".
std::string broken_promise(const scripted_hash &kernel, const visit &made)
{
    if (made.error != 0)
        return "the loop ends without an error";
    if (!made.values_fit)
        return "a value belongs to its key";
    const std::set<uint32_t> seen(made.keys.begin(), made.keys.end());
    if (!std::includes(seen.begin(), seen.end(), kernel.stays.begin(), kernel.stays.end()))
        return "an element that is there from begin to end is visited";
    if (!std::includes(kernel.ever.begin(), kernel.ever.end(), seen.begin(), seen.end()))
        return "what was never there is not visited";
    if (kernel.restarts == 0 && seen.size() != made.keys.size())
        return "an element is visited twice only if the key that comes next was erased";
    return "";
}

std::vector<change> all_changes(uint32_t count)
{
    using kind = change::kind;
    std::vector<change> all = {{}, {kind::add, 0}, {kind::add, count + 1}, {kind::erase_all}};
    for (uint32_t key = 1; key <= count; key++) {
        all.push_back({kind::erase, key});
        all.push_back({kind::replace, key});
    }
    return all;
}

} // namespace

TEST_CASE("iteration: keeps its promises whatever changes meanwhile, before any of its system calls")
{
    const auto loop = GENERATE(visit_keys, visit_elements);
    const uint32_t count = GENERATE(0u, 1u, 2u, 3u, 4u);
    const size_t most_calls = 2 * (count + spare) + 2;
    const std::vector<change> changes = all_changes(count);
    size_t loops = 0, restarted = 0;
    for (size_t first = 0; first < most_calls; first++)
        for (size_t second = first + 1; second <= most_calls; second++)
            for (const change &early : changes)
                for (const change &late : changes) {
                    scripted_hash kernel(count);
                    kernel.changes = {{first, early}, {second, late}};
                    const hash map = open_hash(&kernel);
                    const std::string broken = broken_promise(kernel, loop(map));
                    if (!broken.empty())
                        FAIL_CHECK(broken << ": changes before calls " << first << " and " << second);
                    loops++;
                    restarted += kernel.restarts != 0;
                }
    CHECK(loops == changes.size() * changes.size() * most_calls * (most_calls + 1) / 2);
    CHECK(restarted != 0); // so the hard case was among them
}

TEST_CASE("iteration: the loop itself may erase what it visits")
{
    const uint32_t count = GENERATE(1u, 2u, 3u, 10u);
    scripted_hash kernel(count);
    const hash map = open_hash(&kernel);
    std::vector<uint32_t> visited;
    SECTION("by keys")
    {
        for (const uint32_t key : map.keys()) {
            visited.push_back(key);
            CHECK(map.erase(key));
        }
    }
    SECTION("by elements")
    {
        for (const auto &[key, value] : map.elements()) {
            CHECK(value == value_above_key + key);
            visited.push_back(key);
            CHECK(map.erase(key));
        }
    }
    CHECK(visited.size() == count);
    CHECK(kernel.restarts == 0);
    CHECK(kernel.keys.empty());
}

TEST_CASE("iteration: ends with EAGAIN when every next key is erased")
{
    const auto loop = GENERATE(visit_keys, visit_elements);
    scripted_hash kernel(3);
    // Of two keys the one that the loop continues from is never there, so the kernel begins again, with the
    // other.
    script_all([&kernel](const system_call &call) {
        kernel.keys = {1, 2};
        if (call.nr == __NR_bpf && call.arguments[0] == BPF_MAP_GET_NEXT_KEY) {
            const auto *attr = reinterpret_cast<const barebpf::next_key_attr *>(call.arguments[1]);
            if (const auto *from = reinterpret_cast<const uint32_t *>(attr->key))
                kernel.keys = {3 - *from};
        }
        return kernel.answer(call);
    });
    const hash map = *hash::from(7);
    const visit made = loop(map);
    CHECK(made.error == EAGAIN);
    CHECK(made.keys.size() >= kernel.max_entries);
    CHECK(made.keys.size() <= 4 * kernel.max_entries + 5);
}
