// SPDX-License-Identifier: BSD-2-Clause
#include <cerrno>
#include <fstream>
#include <linux/capability.h>
#include <vector>

#include "child.h"
#include "map.h"
#include "privileges.h"

using namespace barebpf::test;

namespace
{

// kernel.unprivileged_bpf_disabled, restored at the end of a test.
class sysctl
{
public:
    sysctl() { std::ifstream(path) >> found; }
    ~sysctl()
    {
        if (changed)
            set(found);
    }
    sysctl(const sysctl &) = delete;
    sysctl &operator=(const sysctl &) = delete;

    // The values to test: this machine's, or, on a machine of test/vm, both that can be changed again (1
    // cannot).
    std::vector<int> values() const { return machine_is_ours() ? std::vector{0, 2} : std::vector{found}; }

    void set(int value)
    {
        if (value == found && !changed)
            return;
        changed = true;
        std::ofstream file(path);
        file << value << std::flush;
        demand(file.good(), path);
    }

private:
    static constexpr const char *path = "/proc/sys/kernel/unprivileged_bpf_disabled";
    int found = -1;
    bool changed = false;
};

struct caller {
    const char *name;
    uint64_t held;
};

const caller callers[] = {
    {"nobody", 0},
    {"CAP_BPF", capability(CAP_BPF)},
    {"CAP_BPF and CAP_NET_ADMIN", capability(CAP_BPF) | capability(CAP_NET_ADMIN)},
};

// A map, and the capability it needs even if the sysctl allows everybody.
struct row {
    request wanted;
    uint64_t needed;
};

const row rows[] = {
    {small_hash, 0},
    {{BAREBPF_MAP_TYPE_ARRAY, 4, 8, 16}, 0},
    {{BAREBPF_MAP_TYPE_PERCPU_ARRAY, 4, 8, 16}, 0},
    {{BAREBPF_MAP_TYPE_RINGBUF, 0, 0, 65536}, 0},
    {{BAREBPF_MAP_TYPE_LRU_HASH, 4, 8, 16}, capability(CAP_BPF)},
    {{BAREBPF_MAP_TYPE_LPM_TRIE, 8, 8, 16, BAREBPF_F_NO_PREALLOC}, capability(CAP_BPF)},
    {{BAREBPF_MAP_TYPE_QUEUE, 0, 8, 16}, capability(CAP_BPF)},
    {{BAREBPF_MAP_TYPE_SOCKMAP, 4, 4, 16}, capability(CAP_NET_ADMIN)},
};

outcome expected(const row &one, const caller &who, int disabled)
{
    const bool let_in = disabled == 0 || who.held & capability(CAP_BPF);
    return let_in && (who.held & one.needed) == one.needed ? as_asked(one.wanted) : refusal(EPERM);
}

struct answers {
    outcome by_barebpf;
    outcome by_syscall;
    limits before;
    limits after;
};

answers answers_to(const request &wanted, const caller &who)
{
    return in_child([&] {
        become_nobody(who.held);
        answers seen{};
        seen.before = memlock();
        seen.by_barebpf = outcome_of(make_by_barebpf(wanted));
        seen.after = memlock();
        seen.by_syscall = outcome_of(make_by_syscall(wanted));
        return seen;
    });
}

} // namespace

TEST_CASE("callers: what the kernel permits is created with its name, what it refuses stays refused")
{
    if (const std::string missing = missing_root(); !missing.empty())
        SKIP_BECAUSE(missing);
    sysctl unprivileged_bpf_disabled;
    for (const int disabled : unprivileged_bpf_disabled.values()) {
        unprivileged_bpf_disabled.set(disabled);
        for (const caller &who : callers)
            for (const row &one : rows) {
                INFO(who.name << ", unprivileged_bpf_disabled " << disabled << ", map type "
                              << one.wanted.type);
                const answers seen = answers_to(one.wanted, who);
                CHECK(seen.by_barebpf == expected(one, who, disabled));
                CHECK(seen.by_barebpf == seen.by_syscall);
                CHECK(seen.before == seen.after);
            }
    }
}

TEST_CASE("callers: a request that is wrong for everybody has the errno of syscall(2)")
{
    if (const std::string missing = missing_root(); !missing.empty())
        SKIP_BECAUSE(missing);
    const request wrong = GENERATE(
        request{BAREBPF_MAP_TYPE_HASH, 0, 8, 16}, request{BAREBPF_MAP_TYPE_HASH, 4, 8, 16, 0, "no-dashes"},
        request{BAREBPF_MAP_TYPE_LRU_HASH, 4, 8, 16, BAREBPF_F_NO_PREALLOC}, request{200, 4, 8, 16});
    for (const caller &who : callers) {
        INFO(who.name << ", map type " << wrong.type << " named " << wrong.name);
        const answers seen = answers_to(wrong, who);
        CHECK(seen.by_barebpf.refused < 0);
        CHECK(seen.by_barebpf == seen.by_syscall);
    }
}
