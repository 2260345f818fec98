// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_TEST_APPLY_SUPERVISED_H
#define BAREBPF_TEST_APPLY_SUPERVISED_H

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include <linux/seccomp.h>

namespace barebpf::test
{

// A syscall that a program is about to make.
struct system_call {
    uint32_t nth; // from 1 on
    long number;
    uint64_t arguments[6];
};

// What becomes of it.
struct decision {
    bool kill = false; // the program, before the call
    int error = 0;     // with which the call fails, without being made
};

struct ending {
    int code = -1; // 128 and more: ended by that signal
    std::string out, err;
    uint32_t calls = 0;
    bool is_hung = false; // killed after ten seconds without a call
    long most_kib = 0;    // of its memory, at any time
};

// Runs a program under a seccomp filter that reports each of its syscalls here before it is made. They count,
// and are decided on, from the first on that has `beginning` as a path: those before are the loader's. Needs
// Linux 5.5.
ending supervise(const std::vector<std::string> &arguments, const std::string &beginning,
                 const std::function<decision(const system_call &)> &decide);

// Without anything between its calls; with a limit of descriptors and without huge pages; as many times at
// once as wanted.
ending run_alone(const std::vector<std::string> &arguments);
ending run_measured(const std::vector<std::string> &arguments, unsigned int most_descriptors);
std::vector<ending> run_at_once(const std::vector<std::string> &arguments, unsigned int times);

} // namespace barebpf::test

#endif
