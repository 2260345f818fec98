// SPDX-License-Identifier: BSD-2-Clause
#include <linux/time_types.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

// Writes the time of CLOCK_MONOTONIC to standard output and executes the given program.
int main(int, char **arguments)
{
    __kernel_timespec now;
    syscall(__NR_clock_gettime, CLOCK_MONOTONIC, &now);
    if (write(1, &now, sizeof(now)) == sizeof(now))
        execv(arguments[1], arguments + 1);
    return 1;
}
