// SPDX-License-Identifier: BSD-2-Clause
// requests [--as CALLER]... [--seed N] [--count N] [--without OPTION]... [--open]: puts random requests to
// the running kernel, raw and through the library, and holds each answer against lib/rules.
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <fstream>
#include <stdexcept>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "caller.h"
#include "library.h"

namespace barebpf::test
{
namespace
{

struct options {
    std::vector<const caller *> callers;
    uint64_t seed;
    unsigned int count = 2000;
    uint32_t without = 0;
    bool open = false;
};

// What the rules are told the machine has, so that no request for more is put to it unless it is sure to
// fail.
constexpr uint64_t memory_bound = 32 << 20;

// Elements of a percpu hash table are made one by one, which takes its time.
constexpr uint32_t percpu_entries_bound = 4096;

struct answer {
    int error; // 0: a map was made
    bool odd;  // not as a descriptor or an error is returned
};

class session
{
public:
    session(const kernel &running, const open_objects &open, const options &given, const caller &as)
        : running_(running), given_(given), as_(as), around_(running.surroundings),
          requests_(given.seed, running, open)
    {
        around_.caller = as.held;
        around_.memory = memory_bound;
        around_.objects = open.objects.data();
        around_.object_count = open.objects.size();
        around_.devices = open.devices.data();
        around_.device_count = open.devices.size();
        around_.struct_ops = running.struct_ops.data();
        around_.struct_ops_count = running.struct_ops.size();
    }

    // Whether every answer was the rules' own.
    bool run()
    {
        unsigned int raw = 0, through_library = 0;
        for (unsigned int i = 1; i <= given_.count; i++)
            raw += raw_agrees(i);
        for (unsigned int i = 1; i <= given_.count; i++)
            through_library += library_agrees(given_.count + i);
        std::printf("%s, %s: %u raw of %u, %u through the library of %u, %u drawn anew, seed %llu\n",
                    running_.name.c_str(), as_.name, raw, given_.count, through_library, given_.count,
                    drawn_anew_, static_cast<unsigned long long>(given_.seed));
        std::fflush(stdout);
        return raw == given_.count && through_library == given_.count;
    }

private:
    verdict decide_on(const request &asked)
    {
        return decide(running_.number, around_, bytes_of(asked), asked.size);
    }

    // Whether a map might be made, or half made, that takes more memory or time than the test may.
    bool is_too_dear(const request &asked, const verdict &ours) const
    {
        using namespace map_type;
        const type_set slow = percpu_hashes | types_of(percpu_array, ringbuf, user_ringbuf);
        if (ours.why == rule::memory)
            return has(slow, asked.attr.map_type) || ours.numbers[0] < 2 * running_.memory;
        return has(percpu_hashes, asked.attr.map_type) && asked.attr.max_entries > percpu_entries_bound &&
               !(asked.attr.map_flags & BAREBPF_F_NO_PREALLOC);
    }

    // Asks until memory that maps already closed still hold is no more the reason to refuse.
    template <typename T> answer ask(const verdict &ours, int least, T once)
    {
        for (int tries = 0;; tries++) {
            errno = 0;
            const int result = once();
            const int error = errno;
            if (result >= 0) {
                close(result);
                return {0, result < least || error};
            }
            if (error == ENOMEM && ours.error != ENOMEM && tries < 50) {
                usleep(20000);
                continue;
            }
            return {error, result != -error};
        }
    }

    bool raw_agrees(unsigned int number)
    {
        request asked = requests_.next();
        verdict ours = decide_on(asked);
        for (; is_too_dear(asked, ours); ours = decide_on(asked), drawn_anew_++)
            asked = requests_.next();
        const answer kernels = ask(ours, 0, [&] {
            const long made = syscall(SYS_bpf, 0, bytes_of(asked), asked.size);
            return made < 0 ? -errno : static_cast<int>(made);
        });
        return agree(kernels, ours, asked, number, "raw");
    }

    bool library_agrees(unsigned int number)
    {
        for (;; drawn_anew_++) {
            const request asked = requests_.next();
            const library_call call = random_call(requests_.numbers(), asked);
            request passed{{}, map_create_attr_size, -1};
            verdict ours{};
            if (expected_attr(asked, call, &passed.attr, &ours.error)) {
                ours = decide_on(passed);
                if (is_too_dear(passed, ours))
                    continue;
            }
            constexpr int above_stdio = 3;
            const answer librarys = ask(ours, above_stdio, [&] { return ask_library(asked, call); });
            return agree(librarys, ours, passed, number, words_of(call));
        }
    }

    bool agree(const answer &given, const verdict &ours, const request &asked, unsigned int number,
               const std::string &how)
    {
        if (given.error == ours.error && !given.odd)
            return true;
        constexpr unsigned int most_shown = 20;
        if (shown_++ >= most_shown)
            return false;
        char why[256];
        explain(ours, why, sizeof(why));
        std::printf("%s, %s, %s:\n  %s\n  %s\n  answered %d%s, we say %d (%s: %s)\n", running_.name.c_str(),
                    as_.name, how.c_str(), words_of(asked).c_str(), row_of(asked, number).c_str(),
                    given.error, given.odd ? " in an odd way" : "", ours.error, name_of(ours.why), why);
        return false;
    }

    const kernel &running_;
    const options &given_;
    const caller &as_;
    environment around_;
    random_requests requests_;
    unsigned int drawn_anew_ = 0;
    unsigned int shown_ = 0;
};

// A caller that lost its privileges cannot have them back, so each has a process of its own.
bool passes(const kernel &running, const open_objects &open, const options &given, const caller &as)
{
    std::fflush(stdout);
    const pid_t child = fork();
    if (child == 0) {
        try {
            if (geteuid() == 0)
                become(as);
            const bool agreed = session(running, open, given, as).run();
            std::fflush(stdout);
            _exit(agreed ? 0 : 1);
        } catch (const std::exception &error) {
            std::printf("%s: %s\n", as.name, error.what());
            std::fflush(stdout);
            _exit(2);
        }
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

options read_options(const std::vector<std::string> &words)
{
    options given{};
    given.seed = seed_of_now();
    for (size_t i = 0; i < words.size(); i++) {
        const std::string &word = words[i];
        if (word == "--open") {
            given.open = true;
            continue;
        }
        if (i + 1 == words.size())
            throw std::runtime_error(
                "usage: requests [--as CALLER]... [--seed N] [--count N] [--without OPTION]..."
                " [--open]");
        const std::string &value = words[++i];
        if (word == "--as")
            given.callers.push_back(known_caller(value));
        else if (word == "--seed")
            given.seed = std::stoull(value);
        else if (word == "--count")
            given.count = static_cast<unsigned int>(std::stoul(value));
        else if (word == "--without")
            given.without |= config_called(value);
        else
            throw std::runtime_error(word + ": no option");
    }
    if (given.callers.empty()) {
        if (geteuid() == 0)
            given.callers.push_back(known_caller("root"));
        given.callers.push_back(known_caller("user"));
    }
    return given;
}

int run(const options &given)
{
    if (given.open)
        std::ofstream("/proc/sys/kernel/unprivileged_bpf_disabled") << 0;
    const rlimit unlimited = {RLIM_INFINITY, RLIM_INFINITY};
    setrlimit(RLIMIT_MEMLOCK, &unlimited);
    const kernel running = running_kernel(given.without);
    const open_objects open = open_everything(running);
    unsigned int passed = 0, failed = 0;
    for (const caller *as : given.callers)
        (passes(running, open, given, *as) ? passed : failed)++;
    std::printf("%u passed, %u failed, 0 skipped\n", passed, failed);
    return failed ? 1 : 0;
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
