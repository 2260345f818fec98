// SPDX-License-Identifier: BSD-2-Clause
#include "child.h"

#include <csignal>
#include <cstdio>
#include <sys/wait.h>
#include <unistd.h>

namespace barebpf::test
{

void demand(bool done, const char *what)
{
    if (!done)
        throw std::system_error(errno, std::generic_category(), what);
}

int status_of(const std::function<void()> &body, const std::function<void(pid_t)> &meanwhile)
{
    std::fflush(stdout);
    const pid_t child = fork();
    demand(child >= 0, "fork");
    if (child == 0) {
        try {
            body();
            _exit(0);
        } catch (const std::exception &failure) {
            std::fprintf(stderr, "child: %s\n", failure.what());
            _exit(1);
        }
    }
    int status = 0;
    while (waitpid(child, &status, WUNTRACED) == child && WIFSTOPPED(status)) {
        if (meanwhile)
            meanwhile(child);
        kill(child, SIGCONT);
    }
    return status;
}

} // namespace barebpf::test
