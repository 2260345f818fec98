// SPDX-License-Identifier: BSD-2-Clause
#include <cerrno>
#include <fcntl.h>
#include <linux/bpf.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "barebpf/barebpf.hpp"
#include "barebpf/explain.h"
#include "child.h"
#include "delegation.h"
#include "map.h"
#include "privileges.h"

using namespace barebpf::test;

namespace
{

// Of a type that needs CAP_BPF whatever kernel.unprivileged_bpf_disabled says.
constexpr request lru_hash = {BAREBPF_MAP_TYPE_LRU_HASH, 4, 8, 16};

// BPF_TOKEN_CREATE, Linux 6.9: a descriptor, or -errno.
int make_token(int bpffs)
{
    const struct {
        uint32_t flags;
        uint32_t bpffs_fd;
    } attr = {0, static_cast<uint32_t>(bpffs)};
    constexpr int token_create = 36;
    const long token = syscall(SYS_bpf, token_create, &attr, sizeof(attr));
    return token < 0 ? -errno : static_cast<int>(token);
}

// The descriptors below 64 that are open.
uint64_t open_descriptors()
{
    uint64_t found = 0;
    for (int i = 0; i < 64; i++)
        found |= uint64_t{fcntl(i, F_GETFD) >= 0} << i;
    return found;
}

struct answers {
    int token; // a descriptor, or -errno
    outcome with_token;
    outcome with_token_by_syscall;
    outcome without_token;
    outcome without_token_by_syscall;
    uint32_t cause;    // why the token did not help, by barebpf_explain()
    bool nothing_left; // neither a descriptor nor a limit
};

uint32_t cause_of_refusal(const request &wanted, const outcome &seen)
{
    barebpf_map_spec spec{};
    spec.sz = sizeof(spec);
    spec.map_type = wanted.type;
    spec.key_size = wanted.key_size;
    spec.value_size = wanted.value_size;
    spec.max_entries = wanted.max_entries;
    spec.map_flags = wanted.flags;
    spec.token_fd = wanted.token_fd;
    barebpf_explain_opts opts{};
    opts.sz = sizeof(opts);
    opts.calls = 40;
    barebpf_explanation explanation{};
    explanation.sz = sizeof(explanation);
    demand(barebpf_explain(&spec, -seen.refused, &opts, &explanation) == 0, "barebpf_explain");
    return explanation.cause;
}

answers ask(int token)
{
    request wanted = lru_hash;
    wanted.flags |= BAREBPF_F_TOKEN_FD;
    wanted.token_fd = static_cast<uint32_t>(token);
    answers seen{};
    seen.token = token;
    const uint64_t open_before = open_descriptors();
    const limits before = memlock();
    seen.with_token = outcome_of(make_by_barebpf(wanted));
    seen.without_token = outcome_of(make_by_barebpf(lru_hash));
    seen.cause = cause_of_refusal(wanted, seen.with_token);
    seen.nothing_left = open_descriptors() == open_before && memlock() == before;
    seen.with_token_by_syscall = outcome_of(make_by_syscall(wanted));
    seen.without_token_by_syscall = outcome_of(make_by_syscall(lru_hash));
    return seen;
}

answers answers_under(const delegation &given)
{
    return in_user_namespace(given, [](int mounted) {
        const int bpffs = openat(mounted, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        demand(bpffs >= 0, "the bpffs");
        return ask(make_token(bpffs));
    });
}

} // namespace

TEST_CASE("token: what it delegates is created with its name, and refused without a token")
{
    if (const std::string missing = missing_tokens(); !missing.empty())
        SKIP_BECAUSE(missing);
    // Bits: BPF_MAP_CREATE is command 0, LRU_HASH map type 9.
    const delegation given = GENERATE(delegation{"map_create and lru_hash", "0x1", "0x200"},
                                      delegation{"map_create and every type", "0x1", "any"},
                                      delegation{"everything", "any", "any"});
    INFO("delegated: " << given.what);
    const answers seen = answers_under(given);
    REQUIRE(seen.token >= 0);
    CHECK(seen.with_token == as_asked(lru_hash));
    CHECK(seen.with_token == seen.with_token_by_syscall);
    CHECK(seen.without_token == refusal(EPERM));
    CHECK(seen.without_token == seen.without_token_by_syscall);
    CHECK(seen.nothing_left);
}

TEST_CASE("token: what it does not delegate is refused and leaves nothing behind")
{
    if (const std::string missing = missing_tokens(); !missing.empty())
        SKIP_BECAUSE(missing);
    const delegation given = GENERATE(delegation{"prog_load and every type", "0x20", "any"},
                                      delegation{"map_create and hash", "0x1", "0x2"});
    INFO("delegated: " << given.what);
    const answers seen = answers_under(given);
    REQUIRE(seen.token >= 0);
    CHECK(seen.with_token == refusal(EPERM));
    CHECK(seen.with_token == seen.with_token_by_syscall);
    CHECK(std::string(barebpf_cause_name(seen.cause)) == "token_without_type");
    CHECK(seen.nothing_left);
}
