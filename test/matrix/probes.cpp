// SPDX-License-Identifier: BSD-2-Clause
#include <cerrno>
#include <cstdio>
#include <functional>
#include <set>
#include <string>

#include "barebpf/probe.h"
#include "test/catch.h"
#include "test/model/kernel.h"

// Every kernel release × every caller × every fact that can be probed: the answer is right, or unknown.
using namespace barebpf;
using namespace barebpf::test;

namespace
{

struct caller {
    const char *name;
    privileges held;
    uint32_t unprivileged_bpf_disabled;
};

constexpr caller callers[] = {
    {"root", {true, true, true, true}, 2},
    {"CAP_SYS_ADMIN alone", {true, false, false, false}, 2},
    {"CAP_BPF alone", {false, true, false, false}, 2},
    {"CAP_BPF, CAP_NET_ADMIN and CAP_PERFMON", {false, true, true, true}, 1},
    {"a user, sysctl 0", {}, 0},
    {"a user, sysctl 1", {}, 1},
    {"a user, sysctl 2", {}, 2},
};

struct machine {
    const char *name;
    environment surroundings;
};

machine changed(const char *name, void (*change)(environment &))
{
    static const network_device loopback = {.ifindex = 1, .holds_maps = false};
    machine one = {name, {}};
    one.surroundings.devices = &loopback;
    one.surroundings.device_count = 1;
    one.surroundings.numa_nodes = 2;
    change(one.surroundings);
    return one;
}

std::vector<machine> machines()
{
    return {
        changed("everything", [](environment &) {}),
        changed("nothing configured", [](environment &surroundings) { surroundings.config = 0; }),
        changed(
            "no LSM, no arena",
            [](environment &surroundings) { surroundings.lsm_active = surroundings.arena_in_jit = false; }),
        changed("i386",
                [](environment &surroundings) {
                    surroundings.pointer_size = 4;
                    surroundings.cgroup_key_size = 12;
                    surroundings.config &= ~static_cast<uint32_t>(config_64bit);
                }),
        changed("pages of 64 KiB", [](environment &surroundings) { surroundings.page_size = 65536; }),
        changed("pages of 256 KiB", [](environment &surroundings) { surroundings.page_size = 262144; }),
        changed("no node", [](environment &surroundings) { surroundings.numa_nodes = 0; }),
        changed("64 KiB to lock", [](environment &surroundings) { surroundings.memlock = 65536; }),
        changed("nothing to lock", [](environment &surroundings) { surroundings.memlock = 0; }),
        changed("no memory", [](environment &surroundings) { surroundings.memory = 0; }),
    };
}

// What a kernel supports, by the table and not by its answers.
bool makes(release version, const environment &surroundings, uint32_t type)
{
    if (version < facts_of(type).since || (needed_config(type, version) & ~surroundings.config))
        return false;
    if (type == BAREBPF_MAP_TYPE_ARENA && !surroundings.arena_in_jit)
        return !in_force(rule::arena_not_in_jit, version);
    if (type == BAREBPF_MAP_TYPE_INODE_STORAGE && !surroundings.lsm_active)
        return !in_force(rule::storage_needs_lsm, version);
    return true;
}

bool takes_flag(release version, const environment &surroundings, uint32_t type, uint32_t bit)
{
    if (!makes(version, surroundings, type))
        return false;
    const uint32_t flag = uint32_t{1} << bit;
    return flag == BAREBPF_F_TOKEN_FD ? version >= release_of(6, 9) : allowed_flags(type, version) & flag;
}

bool takes_field(release version, const environment &surroundings, uint32_t index)
{
    const bool is_of_struct_ops = attr_fields[index].name == std::string("btf_vmlinux_value_type_id");
    return version >= attr_fields[index].since &&
           (!is_of_struct_ops || makes(version, surroundings, BAREBPF_MAP_TYPE_STRUCT_OPS));
}

release read_published(uint32_t given)
{
    return given ? release_of(given >> 16, given >> 8 & 0xff) : never;
}

bool has_feature(release version, uint32_t feature)
{
    return version >= read_published(barebpf_feature_since(feature)) &&
           version < read_published(barebpf_feature_until(feature));
}

// One fact: how to probe for it, and the right answer.
struct fact {
    std::string name;
    std::function<int()> ask;
    bool truth;
};

std::vector<fact> all_facts(release version, const environment &surroundings)
{
    std::vector<fact> facts;
    for (uint32_t type = 1; type < map_type_count; type++) {
        const std::string name = barebpf_map_type_name(type);
        facts.push_back({name, [=] { return barebpf_probe_map_type(type, nullptr); },
                         makes(version, surroundings, type)});
        for (uint32_t bit = 0; bit < 32; bit++)
            if (const char *flag = barebpf_map_flag_name(bit))
                facts.push_back({name + " " + flag,
                                 [=] { return barebpf_probe_map_flag(type, bit, nullptr); },
                                 takes_flag(version, surroundings, type, bit)});
    }
    for (uint32_t i = 0; i < attr_field_count; i++)
        facts.push_back({attr_fields[i].name, [=] { return barebpf_probe_map_field(i, nullptr); },
                         takes_field(version, surroundings, i)});
    for (uint32_t i = 0; barebpf_feature_name(i); i++)
        facts.push_back({barebpf_feature_name(i), [=] { return barebpf_probe_feature(i, nullptr); },
                         has_feature(version, i)});
    return facts;
}

std::string described(release version, const char *where, const char *who, const fact &one, int answer)
{
    return "Linux " + std::to_string(major_of(version)) + "." + std::to_string(minor_of(version)) + ", " +
           where + ", " + who + ": " + one.name + ": " + std::to_string(answer);
}

// True if the answer is unknown even to root. Until 4.16 a map of maps was refused for its missing inner map
// before its flags were checked, and 3.18 has no map that could be charged for.
bool is_untellable(release version, const fact &one)
{
    if (one.name.find("_of_maps ") != std::string::npos && !one.name.ends_with(" token_fd"))
        return version >= release_of(4, 12) && version < release_of(4, 16);
    return one.name == "memlock" && version == release_of(3, 18);
}

struct tally {
    size_t yes = 0;
    size_t no = 0;
    size_t untold = 0;
    size_t calls = 0;

    size_t &of(int answer) { return answer < 0 ? untold : answer ? yes : no; }
};

environment surroundings_of(const machine &where, const caller &who)
{
    environment surroundings = where.surroundings;
    surroundings.caller = who.held;
    surroundings.unprivileged_bpf_disabled = who.unprivileged_bpf_disabled;
    return surroundings;
}

// Every probe of one kernel.
void ask_everything(release version, const machine &where, const caller &who, tally *counts)
{
    model_kernel kernel(version, surroundings_of(where, who));
    const sys::rlimit limit = {where.surroundings.memlock, where.surroundings.memlock};
    kernel.limits_memlock(limit.soft, limit.hard, true);
    for (const fact &one : all_facts(version, where.surroundings)) {
        const int answer = one.ask();
        counts->of(answer)++;
        if (answer >= 0 && answer != one.truth)
            FAIL_CHECK("wrong: " << described(version, where.name, who.name, one, answer));
        if (&who == callers && where.surroundings.memlock == unlimited &&
            where.surroundings.memory == unlimited && where.surroundings.numa_nodes &&
            (answer < 0) != is_untellable(version, one))
            FAIL_CHECK("untold: " << described(version, where.name, who.name, one, answer));
    }
    CHECK(kernel.memlock().soft == limit.soft);
    counts->calls += kernel.calls().size();
}

// One fact, with one of its system calls failing. A kernel that knows a type may return EPERM too.
void ask_and_fail(release version, const machine &where, const fact &one, size_t nth, int error)
{
    model_kernel kernel(version, surroundings_of(where, callers[0]));
    kernel.fails(nth, error);
    const int answer = one.ask();
    const bool wrong = answer >= 0 && answer != one.truth && !(error == EPERM && answer == 1);
    if (wrong)
        FAIL_CHECK("call " << nth << " fails with " << error << ": "
                           << described(version, where.name, callers[0].name, one, answer));
    if (nth <= kernel.calls().size() && kernel.calls()[nth - 1].nr != __NR_prlimit64)
        CHECK(kernel.memlock().soft == UINT64_MAX);
}

} // namespace

TEST_CASE("probes: every answer is right, or unknown")
{
    tally all;
    for (const machine &where : machines())
        for (const caller &who : callers) {
            tally counts;
            for (const release version : all_releases())
                ask_everything(version, where, who, &counts);
            if (where.name == std::string("everything"))
                std::printf("kernels matrix, probes, %s: %zu yes, %zu no, %zu cannot be told; %zu calls\n",
                            who.name, counts.yes, counts.no, counts.untold, counts.calls);
            all.yes += counts.yes;
            all.no += counts.no;
            all.untold += counts.untold;
        }
    std::printf("kernels matrix, probes, %zu machines, %zu callers: %zu yes, %zu no, %zu cannot be told\n",
                machines().size(), std::size(callers), all.yes, all.no, all.untold);
}

TEST_CASE("probes: a system call that fails makes no answer wrong, and leaves no limit behind")
{
    const release version =
        GENERATE(release_of(4, 4), release_of(4, 14), release_of(4, 19), release_of(5, 4), release_of(5, 10),
                 release_of(6, 1), release_of(6, 12), release_of(7, 2));
    const int error = GENERATE(EPERM, EACCES, ENOMEM, EMFILE, ENOSYS, EIO);
    const machine where = machines().front();
    for (const fact &one : all_facts(version, where.surroundings))
        for (size_t nth = 1; nth <= 6; nth++)
            ask_and_fail(version, where, one, nth, error);
}

TEST_CASE("probes: from 6.9 on a type, a member or a command needs no privilege, and no map is created")
{
    const release version = GENERATE(release_of(6, 9), release_of(6, 12), release_of(7, 3));
    const machine where = machines().front();
    model_kernel kernel(version, surroundings_of(where, callers[6]));
    const std::set<std::string> need_a_map = {"arena", "inode_storage", "name_dot", "memlock"};
    for (const fact &one : all_facts(version, where.surroundings)) {
        INFO(one.name);
        if (one.name.find(' ') == std::string::npos)
            CHECK(one.ask() == (need_a_map.contains(one.name) ? -EPERM : one.truth));
    }
    for (const system_call &call : kernel.calls())
        CHECK(call.nr != __NR_close);
}
