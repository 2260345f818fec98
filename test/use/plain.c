// SPDX-License-Identifier: BSD-2-Clause
#include <barebpf/barebpf.h>
#include <barebpf/bpf.h>

#include <errno.h>
#include <stdio.h>
#include <string.h>

// A C program with a C library: both interfaces, errno, and the kernel's own account of the map.
int main(void)
{
    LIBBPF_OPTS(bpf_map_create_opts, opts, .map_flags = BPF_F_NO_PREALLOC);
    const int fd = bpf_map_create(BPF_MAP_TYPE_HASH, "plain", 4, 8, 16, &opts);
    if (fd == -EPERM && errno == EPERM)
        return 77;

    struct bpf_map_info info;
    uint32_t size = sizeof(info);
    memset(&info, 0, sizeof(info));
    if (fd < 3 || barebpf_obj_get_info_by_fd(fd, &info, &size) != 0)
        return 1;
    printf("fd %d: %s, key %u, value %u, entries %u, flags %#x, name %s\n", fd,
           barebpf_map_type_name(info.type), info.key_size, info.value_size, info.max_entries, info.map_flags,
           info.name);
    if (info.type != BPF_MAP_TYPE_HASH || info.key_size != 4 || info.value_size != 8 ||
        info.max_entries != 16 || info.map_flags != BPF_F_NO_PREALLOC || strcmp(info.name, "plain") != 0)
        return 2;

    if (bpf_map_create(BPF_MAP_TYPE_UNSPEC, NULL, 4, 8, 16, NULL) != -EINVAL || errno != EINVAL)
        return 3;
    return barebpf_close(fd) == 0 ? 0 : 4;
}
