/* SPDX-License-Identifier: BSD-2-Clause */
#include "barebpf.h"

#include <errno.h>

/* A C program with a copy of barebpf. */
int main(void)
{
    LIBBPF_OPTS(bpf_map_create_opts, opts, .map_flags = BPF_F_NO_PREALLOC);
    const int fd = bpf_map_create(BPF_MAP_TYPE_HASH, "c", 4, 8, 16, &opts);
    if (fd == -EPERM && errno == EPERM)
        return 77;
    return fd >= 3 && barebpf_close(fd) == 0 && barebpf_close(fd) == -EBADF && errno == EBADF ? 0 : 1;
}
