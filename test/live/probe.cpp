// SPDX-License-Identifier: BSD-2-Clause
#include "barebpf/probe.h"

#include <array>
#include <cerrno>
#include <cstdio>
#include <dirent.h>
#include <string>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

#include "kernel.h"
#include "test/catch.h"
#include "test/numbers.h"

using namespace barebpf;
using namespace barebpf::test;

namespace
{

enum class what {
    type,
    flag,
    other
};

struct fact {
    std::string name;
    uint32_t since;
    uint32_t until;
    what of;
    int answer;
};

struct counter {
    barebpf_probe_opts opts{};
    size_t calls = 0;

    counter()
    {
        opts.sz = sizeof(opts);
        opts.context = &calls;
        opts.on_call = [](void *context, const barebpf_probe_call *) { ++*static_cast<size_t *>(context); };
    }
};

void ask_flags(uint32_t type, const std::string &name, counter *count, std::vector<fact> *facts)
{
    for (uint32_t bit = 0; bit < 32; bit++)
        if (const char *flag = barebpf_map_flag_name(bit))
            facts->push_back({name + " " + flag, barebpf_map_flag_since(type, bit), 0, what::flag,
                              barebpf_probe_map_flag(type, bit, &count->opts)});
}

// Every fact, in the same order each time.
std::vector<fact> ask_everything(counter *count)
{
    std::vector<fact> facts;
    for (uint32_t type = 1; type < first_unknown_type; type++) {
        const std::string name = barebpf_map_type_name(type);
        facts.push_back(
            {name, barebpf_map_type_since(type), 0, what::type, barebpf_probe_map_type(type, &count->opts)});
        ask_flags(type, name, count, &facts);
    }
    for (uint32_t i = 0; barebpf_map_field_name(i); i++)
        facts.push_back({barebpf_map_field_name(i), barebpf_map_field_since(i), 0, what::other,
                         barebpf_probe_map_field(i, &count->opts)});
    for (uint32_t i = 0; barebpf_feature_name(i); i++)
        facts.push_back({barebpf_feature_name(i), barebpf_feature_since(i), barebpf_feature_until(i),
                         what::other, barebpf_probe_feature(i, &count->opts)});
    return facts;
}

bool in_mainline(const fact &one)
{
    const uint32_t kernel = running_kernel();
    return one.since && one.since <= kernel && (!one.until || kernel < one.until);
}

struct counts {
    size_t yes = 0;
    size_t no = 0;
    size_t untold = 0;

    explicit counts(const std::vector<fact> &facts)
    {
        for (const fact &one : facts)
            (one.answer < 0 ? untold : one.answer ? yes : no)++;
    }
};

void print_facts(const char *who, const std::vector<fact> &facts, size_t calls)
{
    const uint32_t kernel = running_kernel();
    const counts sum(facts);
    std::printf("Linux %u.%u, probes as %s: %zu yes, %zu no, %zu cannot be told, %zu calls\n", kernel >> 16,
                kernel >> 8 & 0xff, who, sum.yes, sum.no, sum.untold, calls);
}

std::vector<std::string> open_descriptors()
{
    std::vector<std::string> names;
    DIR *directory = opendir("/proc/self/fd");
    while (const dirent *entry = directory ? readdir(directory) : nullptr)
        names.push_back(entry->d_name);
    if (directory)
        closedir(directory);
    return names;
}

std::array<rlim_t, 2> memlock_limit()
{
    rlimit limit{};
    getrlimit(RLIMIT_MEMLOCK, &limit);
    return {limit.rlim_cur, limit.rlim_max};
}

// The answers a child without any privilege gets, and how many calls that took; none if there is no child.
std::vector<fact> ask_without_privilege(std::vector<fact> facts, size_t *calls)
{
    int ends[2];
    REQUIRE(pipe(ends) == 0);
    const pid_t child = fork();
    if (child == 0) {
        if (setresgid(65534, 65534, 65534) || setresuid(65534, 65534, 65534))
            _exit(2);
        counter count;
        for (const fact &one : ask_everything(&count))
            if (write(ends[1], &one.answer, sizeof(one.answer)) != sizeof(one.answer))
                _exit(2);
        _exit(write(ends[1], &count.calls, sizeof(count.calls)) == sizeof(count.calls) ? 0 : 2);
    }
    close(ends[1]);
    bool whole = true;
    for (fact &one : facts)
        whole = whole && read(ends[0], &one.answer, sizeof(one.answer)) == sizeof(one.answer);
    whole = whole && read(ends[0], calls, sizeof(*calls)) == sizeof(*calls);
    close(ends[0]);
    int status = -1;
    waitpid(child, &status, 0);
    return whole && status == 0 ? facts : std::vector<fact>();
}

} // namespace

TEST_CASE("live: root gets every answer, and it is that of mainline or a backport")
{
    if (const std::string missing = missing_permission(); !missing.empty())
        SKIP_BECAUSE(missing);
    const auto descriptors = open_descriptors();
    const auto limit = memlock_limit();
    counter count;
    const std::vector<fact> facts = ask_everything(&count);
    print_facts("root", facts, count.calls);
    CHECK(open_descriptors() == descriptors);
    CHECK(memlock_limit() == limit);
    int of_type = 1;
    for (const fact &one : facts) {
        INFO(one.name << ": " << one.answer);
        CHECK(one.answer >= 0);
        if (one.of == what::type)
            of_type = one.answer;
        // Which types must exist is tested by map_types.cpp. A flag exists if its type does.
        if (in_mainline(one) && (one.of == what::other || (one.of == what::flag && of_type == 1)))
            CHECK(one.answer == 1);
        if (one.answer == 1 && !in_mainline(one))
            std::printf("a backport: %s\n", one.name.c_str());
    }
}

TEST_CASE("live: without privilege each answer is the same, or unknown")
{
    if (const std::string missing = missing_permission(); !missing.empty())
        SKIP_BECAUSE(missing);
    if (geteuid() != 0)
        SKIP_BECAUSE("root is needed to become somebody else");
    counter count;
    const std::vector<fact> as_root = ask_everything(&count);
    size_t calls = 0;
    const std::vector<fact> facts = ask_without_privilege(as_root, &calls);
    REQUIRE(facts.size() == as_root.size());
    print_facts("a user", facts, calls);
    for (size_t i = 0; i < facts.size(); i++) {
        INFO(facts[i].name << ": " << facts[i].answer);
        CHECK((facts[i].answer == as_root[i].answer || facts[i].answer == -EPERM));
    }
}
