// SPDX-License-Identifier: BSD-2-Clause
#include "program.h"

#include <csignal>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <iterator>
#include <sstream>

#include <endian.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

namespace barebpf::test
{
namespace
{

std::string contents(std::FILE *file)
{
    std::string text;
    std::rewind(file);
    for (int c; (c = std::fgetc(file)) != EOF;)
        text += static_cast<char>(c);
    std::fclose(file);
    return text;
}

[[noreturn]] void become(const std::vector<std::string> &arguments, int out, int err)
{
    std::vector<char *> pointers;
    for (const std::string &argument : arguments)
        pointers.push_back(const_cast<char *>(argument.c_str()));
    pointers.push_back(nullptr);
    dup2(out, STDOUT_FILENO);
    dup2(err, STDERR_FILENO);
    execvp(pointers[0], pointers.data());
    _exit(127);
}

void install_filter(uint32_t command, uint32_t action)
{
    constexpr uint32_t low_half = __BYTE_ORDER == __LITTLE_ENDIAN ? 0 : 4;
    const bool any = command == any_command;
    sock_filter code[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_bpf, 0, 3),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, args) + low_half),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, command, 0, static_cast<uint8_t>(any ? 0 : 1)),
        BPF_STMT(BPF_RET | BPF_K, action),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    const sock_fprog program = {std::size(code), code};
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
        prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0)
        _exit(125);
}

int await(pid_t child)
{
    int status = 0;
    if (waitpid(child, &status, 0) != child)
        std::abort();
    return status;
}

// `follow` returns the status with which the child ended.
outcome run_prepared(const std::vector<std::string> &arguments, const char *output_file,
                     const std::function<void()> &prepare, const std::function<int(pid_t)> &follow = await)
{
    std::FILE *out = std::tmpfile();
    std::FILE *err = std::tmpfile();
    if (!out || !err)
        std::abort();
    std::fflush(stdout);
    const pid_t child = fork();
    if (child == 0) {
        prepare();
        become(arguments, output_file ? open(output_file, O_WRONLY | O_CLOEXEC) : fileno(out), fileno(err));
    }
    const int status = follow(child);
    const int code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    return {code, contents(out), contents(err)};
}

void wait_for_tracer()
{
    if (ptrace(PTRACE_TRACEME, 0, nullptr, nullptr) != 0)
        _exit(125);
    raise(SIGSTOP);
}

[[noreturn]] void become_traced(const std::vector<std::string> &arguments)
{
    const int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
    wait_for_tracer();
    become(arguments, nowhere, nowhere);
}

void start_tracing(pid_t child)
{
    const int status = await(child);
    if (!WIFSTOPPED(status))
        std::abort();
    ptrace(PTRACE_SETOPTIONS, child, nullptr, PTRACE_O_TRACESYSGOOD | PTRACE_O_EXITKILL);
}

// A status of waitpid(2) after which a child continues without a signal.
constexpr int stopped_by_us = SIGSTOP << 8 | 0x7f;

// Lets a traced child run to its next stop; false if it has ended.
bool run_to_stop(pid_t child, int *status)
{
    const int signal = WSTOPSIG(*status);
    const bool is_ours = signal == SIGSTOP || (signal & 0x7f) == SIGTRAP;
    ptrace(PTRACE_SYSCALL, child, nullptr, is_ours ? 0 : signal);
    return waitpid(child, status, 0) == child && WIFSTOPPED(*status);
}

bool is_entry_of_bpf(pid_t child, int status)
{
    __ptrace_syscall_info info{};
    return WSTOPSIG(status) == (SIGTRAP | 0x80) &&
           ptrace(PTRACE_GET_SYSCALL_INFO, child, sizeof(info), &info) > 0 &&
           info.op == PTRACE_SYSCALL_INFO_ENTRY && info.entry.nr == SYS_bpf;
}

int follow_with_limit(pid_t child, uint64_t descriptors)
{
    const rlimit64 limit = {descriptors, descriptors};
    int status = stopped_by_us;
    bool limited = false;
    start_tracing(child);
    while (run_to_stop(child, &status))
        if (!limited && is_entry_of_bpf(child, status))
            limited = prlimit64(child, RLIMIT_NOFILE, &limit, nullptr) == 0;
    return status;
}

} // namespace

unsigned int count_bpf_calls(const std::string &line)
{
    std::vector<std::string> arguments = split(line);
    arguments.insert(arguments.begin(), BAREBPF_PROGRAM);
    const pid_t child = fork();
    if (child == 0)
        become_traced(arguments);
    int status = stopped_by_us;
    unsigned int calls = 0;
    start_tracing(child);
    while (run_to_stop(child, &status))
        calls += is_entry_of_bpf(child, status);
    return calls;
}

outcome run(const std::vector<std::string> &arguments, const char *output_file)
{
    return run_prepared(arguments, output_file, [] {});
}

outcome run_filtered(const std::string &line, uint32_t command, uint32_t action)
{
    std::vector<std::string> arguments = split(line);
    arguments.insert(arguments.begin(), BAREBPF_PROGRAM);
    return run_prepared(arguments, nullptr, [&] { install_filter(command, action); });
}

outcome run_limited(const std::string &line, uint64_t descriptors, bool has_input)
{
    std::vector<std::string> arguments = split(line);
    arguments.insert(arguments.begin(), BAREBPF_PROGRAM);
    const auto prepare = [&] {
        if (!has_input)
            close(STDIN_FILENO);
        wait_for_tracer();
    };
    return run_prepared(arguments, nullptr, prepare,
                        [&](pid_t child) { return follow_with_limit(child, descriptors); });
}

std::vector<std::string> split(const std::string &line)
{
    std::istringstream stream(line);
    std::vector<std::string> words;
    for (std::string word; stream >> word;)
        words.push_back(word);
    return words;
}

outcome run_barebpf(const std::string &line, const char *output_file)
{
    std::vector<std::string> arguments = split(line);
    arguments.insert(arguments.begin(), BAREBPF_PROGRAM);
    return run(arguments, output_file);
}

} // namespace barebpf::test
