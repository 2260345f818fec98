// SPDX-License-Identifier: BSD-2-Clause
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "create_map.h"

// repeat COUNT: makes maps, each closed before the next.
int main(int argc, char **argv)
{
    if (argc != 2) {
        fputs("repeat COUNT\n", stderr);
        return 2;
    }
    for (long left = atol(argv[1]); left > 0; left--) {
        const int fd = create_map();
        if (fd < 0) {
            fprintf(stderr, "repeat: no map: %s\n", strerror(-fd));
            return 1;
        }
        close(fd);
    }
    return 0;
}
