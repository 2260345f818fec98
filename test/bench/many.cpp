// SPDX-License-Identifier: BSD-2-Clause
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <string>
#include <thread>
#include <vector>

#include "create_map.h"

namespace
{

long long nanoseconds()
{
    timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1'000'000'000LL + now.tv_nsec;
}

void create(long count)
{
    for (; count > 0; count--) {
        const int fd = create_map();
        if (fd < 0) {
            fprintf(stderr, "many: no map: %s\n", strerror(-fd));
            exit(1);
        }
    }
}

// The first thread is this one.
void create_by(long threads, long count)
{
    std::vector<std::jthread> others;
    for (long i = 1; i < threads; i++)
        others.emplace_back(create, count / threads);
    create(count - count / threads * (threads - 1));
}

// Makes the table of descriptors as large as needed: growing it takes the kernel long, longer with threads,
// and is not what is measured.
bool make_room(long count)
{
    return close(fcntl(0, F_DUPFD, count + 10)) == 0;
}

} // namespace

// many THREADS COUNT...: creates maps, prints for each COUNT of them the nanoseconds since the start, and
// keeps them until the end of standard input.
int main(int argc, char **argv)
{
    const std::vector<std::string> words(argv, argv + argc);
    if (argc < 3 || !make_room(std::stol(words.back()))) {
        perror("many THREADS COUNT...");
        return 2;
    }
    std::vector<long long> times;
    times.reserve(words.size());
    long made = 0;
    const long long start = nanoseconds();
    for (size_t i = 2; i < words.size(); i++) {
        create_by(std::stol(words[1]), std::stol(words[i]) - made);
        made = std::stol(words[i]);
        times.push_back(nanoseconds() - start);
    }
    for (const long long time : times)
        printf("%lld\n", time);
    fflush(stdout);
    while (getchar() != EOF) {
    }
    return 0;
}
