// SPDX-License-Identifier: BSD-2-Clause
#include "supervised.h"

#include <cerrno>
#include <csignal>
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <iterator>

#include <linux/filter.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "test/catch.h"

namespace barebpf::test
{
namespace
{

constexpr int patience_ms = 10000;

union control {
    cmsghdr header;
    char bytes[CMSG_SPACE(sizeof(int))];
};

// sendmsg(2) passes without a report, because the descriptor for reports is sent with it.
int install_filter()
{
    sock_filter code[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_sendmsg, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_USER_NOTIF),
    };
    const sock_fprog program = {std::size(code), code};
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
        return -1;
    return static_cast<int>(
        syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_NEW_LISTENER, &program));
}

msghdr message_with(control *room, iovec *data)
{
    msghdr message{};
    message.msg_iov = data;
    message.msg_iovlen = 1;
    message.msg_control = room->bytes;
    message.msg_controllen = sizeof(room->bytes);
    return message;
}

bool send_descriptor(int to, int descriptor)
{
    char byte = 0;
    iovec data = {&byte, 1};
    control room{};
    msghdr message = message_with(&room, &data);
    room.header.cmsg_level = SOL_SOCKET;
    room.header.cmsg_type = SCM_RIGHTS;
    room.header.cmsg_len = CMSG_LEN(sizeof(int));
    std::memcpy(CMSG_DATA(&room.header), &descriptor, sizeof(int));
    return sendmsg(to, &message, 0) == 1;
}

int receive_descriptor(int from)
{
    char byte = 0;
    iovec data = {&byte, 1};
    control room{};
    msghdr message = message_with(&room, &data);
    int descriptor = -1;
    if (recvmsg(from, &message, MSG_CMSG_CLOEXEC) == 1 && message.msg_controllen)
        std::memcpy(&descriptor, CMSG_DATA(&room.header), sizeof(int));
    return descriptor;
}

std::string contents(int file)
{
    std::string text(static_cast<size_t>(lseek(file, 0, SEEK_END)), '\0');
    if (pread(file, text.data(), text.size(), 0) != static_cast<ssize_t>(text.size()))
        std::abort();
    close(file);
    return text;
}

// A program that was started, and where its output goes.
struct process {
    pid_t id;
    int out, err;
    int reports = -1;

    process(const std::vector<std::string> &arguments, bool reported, rlim_t descriptors = RLIM_INFINITY)
        : out(memfd_create("out", MFD_CLOEXEC)), err(memfd_create("err", MFD_CLOEXEC))
    {
        int pair[2];
        if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0)
            std::abort();
        std::vector<char *> words;
        for (const std::string &argument : arguments)
            words.push_back(const_cast<char *>(argument.c_str()));
        words.push_back(nullptr);
        id = fork();
        if (id == 0) {
            dup2(out, STDOUT_FILENO);
            dup2(err, STDERR_FILENO);
            const rlimit limit = {descriptors, descriptors};
            if (descriptors != RLIM_INFINITY)
                setrlimit(RLIMIT_NOFILE, &limit);
            // A huge page counts as a whole, though only part of it is used, and not every run gets one.
            if (descriptors != RLIM_INFINITY)
                prctl(PR_SET_THP_DISABLE, 1, 0, 0, 0);
            if (reported && !send_descriptor(pair[1], install_filter()))
                _exit(125);
            execv(words[0], words.data());
            _exit(127);
        }
        close(pair[1]);
        if (reported)
            reports = receive_descriptor(pair[0]);
        close(pair[0]);
    }
    process(const process &) = delete;
    process &operator=(const process &) = delete;

    ending end()
    {
        int status = 0;
        if (reports >= 0)
            close(reports);
        rusage used{};
        if (wait4(id, &status, 0, &used) != id)
            std::abort();
        ending done;
        done.most_kib = used.ru_maxrss;
        done.code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
        done.out = contents(out);
        done.err = contents(err);
        return done;
    }

    bool has_ended() const
    {
        siginfo_t about{};
        return waitid(P_PID, static_cast<id_t>(id), &about, WEXITED | WNOHANG | WNOWAIT) == 0 &&
               about.si_pid == id;
    }

    bool has_text(uint64_t address, const std::string &text) const
    {
        std::string found(text.size() + 1, '\1');
        const iovec to = {found.data(), found.size()};
        const iovec from = {reinterpret_cast<void *>(static_cast<uintptr_t>(address)), found.size()};
        return process_vm_readv(id, &to, 1, &from, 1, 0) == static_cast<ssize_t>(found.size()) &&
               found == text + '\0';
    }
};

enum class next {
    call,
    end,
    silence
};

// Waits until the program makes a call, which is then filled in, or ends.
next wait_for(const process &program, seccomp_notif *call)
{
    constexpr int step_ms = 100;
    for (int waited = 0; waited < patience_ms; waited += step_ms) {
        pollfd one = {program.reports, POLLIN, 0};
        const int ready = poll(&one, 1, step_ms);
        if (ready > 0 && one.revents & POLLIN) {
            *call = {};
            if (ioctl(program.reports, SECCOMP_IOCTL_NOTIF_RECV, call) == 0)
                return next::call;
        }
        if ((ready > 0 && one.revents & POLLHUP) || program.has_ended())
            return next::end;
    }
    return next::silence;
}

void answer(const process &program, uint64_t call, int error)
{
    seccomp_notif_resp response{};
    response.id = call;
    response.error = -error;
    response.flags = error ? 0 : SECCOMP_USER_NOTIF_FLAG_CONTINUE;
    ioctl(program.reports, SECCOMP_IOCTL_NOTIF_SEND, &response);
}

} // namespace

ending supervise(const std::vector<std::string> &arguments, const std::string &beginning,
                 const std::function<decision(const system_call &)> &decide)
{
    process program(arguments, true);
    REQUIRE(program.reports >= 0);
    uint32_t calls = 0;
    next came = next::call;
    seccomp_notif call;
    while ((came = wait_for(program, &call)) == next::call) {
        decision todo;
        const auto &of = call.data.args;
        if (calls || program.has_text(of[0], beginning) || program.has_text(of[1], beginning)) {
            system_call seen = {++calls, call.data.nr, {}};
            std::copy(std::begin(of), std::end(of), seen.arguments);
            todo = decide(seen);
        }
        if (todo.kill)
            break;
        answer(program, call.id, todo.error);
    }
    if (came != next::end)
        kill(program.id, SIGKILL);
    ending done = program.end();
    done.calls = calls;
    done.is_hung = came == next::silence;
    return done;
}

ending run_alone(const std::vector<std::string> &arguments)
{
    return process(arguments, false).end();
}

ending run_measured(const std::vector<std::string> &arguments, unsigned int most_descriptors)
{
    return process(arguments, false, most_descriptors).end();
}

std::vector<ending> run_at_once(const std::vector<std::string> &arguments, unsigned int times)
{
    std::deque<process> all;
    for (unsigned int i = 0; i < times; i++)
        all.emplace_back(arguments, false);
    std::vector<ending> endings;
    for (process &one : all)
        endings.push_back(one.end());
    return endings;
}

} // namespace barebpf::test
