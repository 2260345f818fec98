// SPDX-License-Identifier: BSD-2-Clause
#include "trace.h"

#include <csignal>
#include <cstdio>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "child.h"

namespace barebpf::test
{
namespace
{

// The call that marks the beginning and end of the trace; the library never makes it.
constexpr long marker = SYS_getppid;

[[noreturn]] void run_traced(const std::function<void()> &prepare, const std::function<void()> &body)
{
    try {
        demand(ptrace(PTRACE_TRACEME, 0, nullptr, nullptr) == 0, "PTRACE_TRACEME");
        raise(SIGSTOP);
        prepare();
        syscall(marker);
        body();
        syscall(marker);
        _exit(0);
    } catch (const std::exception &failure) {
        std::fprintf(stderr, "child: %s\n", failure.what());
        _exit(1);
    }
}

system_call decoded(pid_t child, const __ptrace_syscall_info &info)
{
    system_call seen = {info.entry.nr, info.entry.args[0], false, {}};
    if (seen.nr == SYS_prlimit64 && info.entry.args[2] != 0) {
        const iovec here = {&seen.wanted, sizeof(seen.wanted)};
        const iovec there = {reinterpret_cast<void *>(info.entry.args[2]), sizeof(seen.wanted)};
        seen.sets = process_vm_readv(child, &here, 1, &there, 1, 0) == sizeof(seen.wanted);
        demand(seen.sets, "process_vm_readv");
    }
    return seen;
}

// Runs the child to its next stop at the entry of a system call; false if it has ended.
bool next_entry(pid_t child, __ptrace_syscall_info *info, int *status)
{
    int signal = 0;
    do {
        demand(ptrace(PTRACE_SYSCALL, child, nullptr, signal) == 0, "PTRACE_SYSCALL");
        waitpid(child, status, 0);
        if (!WIFSTOPPED(*status))
            return false;
        const bool at_call = WSTOPSIG(*status) == (SIGTRAP | 0x80);
        signal = at_call ? 0 : WSTOPSIG(*status);
        info->op = PTRACE_SYSCALL_INFO_NONE;
        if (at_call)
            ptrace(PTRACE_GET_SYSCALL_INFO, child, sizeof(*info), info);
    } while (info->op != PTRACE_SYSCALL_INFO_ENTRY);
    return true;
}

} // namespace

std::vector<system_call> calls_of(const std::function<void()> &prepare, const std::function<void()> &body,
                                  const std::function<void(pid_t)> &meanwhile)
{
    const pid_t child = fork();
    demand(child >= 0, "fork");
    if (child == 0)
        run_traced(prepare, body);
    int status = 0;
    waitpid(child, &status, 0);
    demand(WIFSTOPPED(status), "the child that asks to be traced");
    ptrace(PTRACE_SETOPTIONS, child, nullptr, PTRACE_O_TRACESYSGOOD | PTRACE_O_EXITKILL);
    std::vector<system_call> seen;
    int markers = 0;
    for (__ptrace_syscall_info info; next_entry(child, &info, &status);) {
        if (info.entry.nr == marker)
            markers++;
        else if (markers == 1)
            seen.push_back(decoded(child, info));
        if (meanwhile && markers == 1 && seen.size() == 2)
            meanwhile(child);
    }
    REQUIRE(status == 0);
    return seen;
}

} // namespace barebpf::test
