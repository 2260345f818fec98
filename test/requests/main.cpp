// SPDX-License-Identifier: BSD-2-Clause
// requests [--as CALLER]... [--seed N] [--count N] [--without OPTION]... [--open]
//
// Makes random requests to the running kernel, raw and through the library, and compares each answer with
// lib/rules. The callers are root, user, bpf, net and admin (see caller.h); by default root, if this is root,
// and user. OPTION is a kernel's CONFIG_OPTION that it was built without; --open sets
// kernel.unprivileged_bpf_disabled to 0.
#include <csignal>
#include <cstdio>
#include <ctime>
#include <fstream>
#include <stdexcept>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "session.h"
#include "test/tally.h"

namespace barebpf::test
{
namespace
{

struct options {
    std::vector<const caller *> callers;
    stream wanted;
    uint32_t without = 0;
    bool open = false;
};

int status_as(const kernel &running, const open_objects &open, const caller &as, const stream &wanted)
{
    try {
        if (geteuid() == 0)
            become(as);
        return requests_agree(running, open, as, wanted) ? 0 : 1;
    } catch (const std::exception &error) {
        std::printf("%s: %s\n", as.name, error.what());
        return 2;
    }
}

// A caller cannot regain lost privileges, so each has a process of its own.
bool passes(const kernel &running, const open_objects &open, const caller &as, const stream &wanted)
{
    std::fflush(stdout);
    const pid_t child = fork();
    if (child == 0) {
        const int status = status_as(running, open, as, wanted);
        std::fflush(stdout);
        _exit(status);
    }
    int status = 0;
    waitpid(child, &status, 0);
    if (WIFSIGNALED(status))
        std::printf("%s: signal %d\n", as.name, WTERMSIG(status));
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

const caller *known_caller(const std::string &name)
{
    const caller *known = caller_called(name);
    if (!known)
        throw std::runtime_error("--as root, user, bpf, net or admin");
    if (geteuid() != 0 && name != "user")
        throw std::runtime_error("--as " + name + " needs root");
    return known;
}

uint64_t seed_of_now()
{
    timespec now{};
    clock_gettime(CLOCK_REALTIME, &now);
    return static_cast<uint64_t>(now.tv_nsec) / 1000;
}

void read_option(options &given, const std::string &word, const std::string &value)
{
    if (word == "--as")
        given.callers.push_back(known_caller(value));
    else if (word == "--seed")
        given.wanted.seed = std::stoull(value);
    else if (word == "--count")
        given.wanted.count = static_cast<unsigned int>(std::stoul(value));
    else if (word == "--without" && config_called(value))
        given.without |= config_called(value);
    else
        throw std::runtime_error(word + " " + value + ": no such option");
}

options read_options(const std::vector<std::string> &words)
{
    options given{};
    given.wanted = {seed_of_now(), 2000};
    for (size_t i = 0; i < words.size(); i++) {
        const std::string &word = words[i];
        if (word == "--open")
            given.open = true;
        else if (++i < words.size())
            read_option(given, word, words[i]);
        else
            throw std::runtime_error(word + ": no such option, or its value is missing");
    }
    if (!given.callers.empty())
        return given;
    if (geteuid() == 0)
        given.callers.push_back(known_caller("root"));
    given.callers.push_back(known_caller("user"));
    return given;
}

int run(const options &given)
{
    if (given.open)
        std::ofstream("/proc/sys/kernel/unprivileged_bpf_disabled") << 0;
    std::printf("seed %llu\n", static_cast<unsigned long long>(given.wanted.seed));
    std::fflush(stdout);
    const rlimit unlimited = {RLIM_INFINITY, RLIM_INFINITY};
    setrlimit(RLIMIT_MEMLOCK, &unlimited);
    const kernel running = running_kernel(given.without);
    const open_objects open = open_everything(running);
    tally checks;
    for (const caller *as : given.callers)
        checks.count(passes(running, open, *as, given.wanted));
    return checks.end();
}

} // namespace
} // namespace barebpf::test

int main(int count, char **words)
{
    try {
        return barebpf::test::run(barebpf::test::read_options({words + 1, words + count}));
    } catch (const std::exception &error) {
        std::fprintf(stderr, "requests: %s\n", error.what());
        return 2;
    }
}
