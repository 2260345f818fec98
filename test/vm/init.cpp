// SPDX-License-Identifier: BSD-2-Clause
// The first process of a test kernel: runs one program, prints how it ended, powers the machine off.

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/klog.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

namespace
{

// Without a status line the harness reports the boot as failed, so nothing else is left to do.
[[noreturn]] void power_off()
{
    fflush(stdout);
    // The console's driver still has bytes that would be lost at power-off.
    tcdrain(STDOUT_FILENO);
    reboot(RB_POWER_OFF);
    for (;;)
        pause();
}

[[noreturn]] void fail(const char *what)
{
    printf("init: %s: %s\n", what, strerror(errno));
    power_off();
}

void mount_filesystem(const char *type, const char *directory)
{
    if (mount(type, directory, type, 0, nullptr) != 0)
        fail(directory);
}

// The arguments stand in a file, each ended by a NUL, so that no kernel or shell splits them.
char **read_arguments()
{
    static char *arguments[1024];
    FILE *file = fopen("/arguments", "re");
    if (file == nullptr)
        fail("/arguments");
    for (size_t i = 0; i + 1 < sizeof arguments / sizeof *arguments; i++) {
        size_t capacity = 0;
        if (getdelim(&arguments[i], &capacity, '\0', file) < 0) {
            arguments[i] = nullptr;
            return arguments;
        }
    }
    errno = E2BIG;
    fail("/arguments");
}

[[noreturn]] void become_program(char **arguments)
{
    int null = open("/dev/null", O_RDONLY);
    if (null < 0 || dup2(null, STDIN_FILENO) < 0)
        fail("/dev/null");
    close(null);
    execv("/program", arguments);
    printf("init: /program: %s\n", strerror(errno));
    fflush(stdout);
    _exit(127);
}

// PID 1 inherits orphans, so wait() also returns for processes other than the program.
int status_of(pid_t program)
{
    int status = 0;
    for (;;) {
        pid_t ended = wait(&status);
        if (ended == program)
            return status;
        if (ended < 0 && errno != EINTR)
            fail("wait");
    }
}

} // namespace

int main()
{
    // Sets the console's level (action 8): from here on only a panic may write between the program's lines.
    klogctl(8, nullptr, 1);
    mount_filesystem("proc", "/proc");
    mount_filesystem("sysfs", "/sys");
    mount_filesystem("devtmpfs", "/dev");
    mount_filesystem("bpf", "/sys/fs/bpf");
    char **arguments = read_arguments();
    // Tells a test that it may change the machine: nothing outlives it.
    setenv("BAREBPF_TEST_MACHINE", "1", 1);
    printf("\nbarebpf-vm: begin\n");
    fflush(stdout);
    pid_t program = fork();
    if (program < 0)
        fail("fork");
    if (program == 0)
        become_program(arguments);
    int status = status_of(program);
    if (WIFSIGNALED(status))
        printf("\nbarebpf-vm: signal %d\n", WTERMSIG(status));
    else
        printf("\nbarebpf-vm: exit %d\n", WEXITSTATUS(status));
    power_off();
}
