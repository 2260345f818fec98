// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_TEST_CLI_PROGRAM_H
#define BAREBPF_TEST_CLI_PROGRAM_H

#include <cstdint>
#include <string>
#include <vector>

namespace barebpf::test
{

struct outcome {
    int code; // 128 and more: ended by that signal
    std::string out;
    std::string err;
};

// Runs a program to its end. Its standard output goes into `out`, or to a file if one is given.
outcome run(const std::vector<std::string> &arguments, const char *output_file = nullptr);

// The same for build/tools/barebpf and the words of a line.
outcome run_barebpf(const std::string &line, const char *output_file = nullptr);

// The same under a seccomp filter that has an action for one command of bpf(2), or for all with any_command.
constexpr uint32_t any_command = UINT32_MAX;
outcome run_filtered(const std::string &line, uint32_t command, uint32_t action);

// The same with RLIMIT_NOFILE lowered at the first call of bpf(2), when the program and its libraries are
// loaded, and with or without a standard input. ptrace(2) stops it there.
outcome run_limited(const std::string &line, uint64_t descriptors, bool has_input);

// How many calls of bpf(2) build/tools/barebpf makes, run with the words of a line; it is seen by ptrace(2),
// and prints nothing.
unsigned int count_bpf_calls(const std::string &line);

std::vector<std::string> split(const std::string &line);

} // namespace barebpf::test

#endif
