// SPDX-License-Identifier: BSD-2-Clause
#include <bpf/bpf.h>
#include <errno.h>
#include <unistd.h>

// A program for libbpf. Nothing here knows which library it is built with.
int main(void)
{
    LIBBPF_OPTS(bpf_map_create_opts, opts, .map_flags = BPF_F_NO_PREALLOC, .numa_node = 0);
    const int fd = bpf_map_create(BPF_MAP_TYPE_HASH, "unchanged", sizeof(int), sizeof(long), 16, &opts);
    if (fd == -EPERM)
        return 77;
    DECLARE_LIBBPF_OPTS(bpf_map_create_opts, inner, .inner_map_fd = fd);
    const int outer =
        bpf_map_create(BPF_MAP_TYPE_ARRAY_OF_MAPS, "outer", sizeof(int), sizeof(int), 4, &inner);
    if (fd < 3 || outer <= fd)
        return 1;
    opts.sz = 1;
    if (bpf_map_create(BPF_MAP_TYPE_HASH, NULL, 4, 4, 1, &opts) != -EINVAL || errno != EINVAL)
        return 2;
    return close(outer) || close(fd) ? 3 : 0;
}
