// SPDX-License-Identifier: BSD-2-Clause
// A pinned array, filled at start: a daemon's configuration. Usage: filled_array PIN
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

struct limit {
    __u32 rate;
    __u32 burst;
};

int main(int argc, char **argv)
{
    const struct limit limits[] = {{100, 10}, {200, 20}, {0, 0}, {5000, 500}};
    LIBBPF_OPTS(bpf_map_create_opts, opts, .map_flags = BPF_F_RDONLY_PROG);
    struct bpf_map_info info;
    __u32 size = sizeof(info);
    int fd = bpf_map_create(BPF_MAP_TYPE_ARRAY, "limits", sizeof(__u32), sizeof(struct limit), 4, &opts);

    if (argc != 2 || fd < 0) {
        fprintf(stderr, "create: %s\n", strerror(-fd));
        return 1;
    }
    for (__u32 i = 0; i < 4; i++)
        printf("set %u: %d\n", i, bpf_map_update_elem(fd, &i, &limits[i], BPF_ANY));
    for (__u32 i = 3; i < 6; i++) {
        struct limit seen = {7, 7};
        int result = bpf_map_lookup_elem(fd, &i, &seen);
        printf("get %u: %d, errno %d, %u %u\n", i, result, result ? errno : 0, seen.rate, seen.burst);
    }
    __u32 first = 0;
    printf("add one that is there: %d\n", bpf_map_update_elem(fd, &first, &limits[1], BPF_NOEXIST));
    printf("delete: %d\n", bpf_map_delete_elem(fd, &first));
    memset(&info, 0, sizeof(info));
    printf("info: %d\n", bpf_obj_get_info_by_fd(fd, &info, &size));
    printf("%s %u %u %u %x\n", info.name, info.type, info.key_size, info.value_size, info.map_flags);
    printf("pin: %d, again: %d\n", bpf_obj_pin(fd, argv[1]), bpf_obj_pin(fd, argv[1]));
    close(fd);
    fd = bpf_obj_get(argv[1]);
    printf("open: %d\n", fd >= 0);
    printf("freeze: %d, again: %d\n", bpf_map_freeze(fd), bpf_map_freeze(fd));
    printf("set a frozen one: %d\n", bpf_map_update_elem(fd, &first, &limits[1], BPF_ANY));
    close(fd);
    printf("remove: %d\n", unlink(argv[1]));
    printf("open a removed one: %d\n", bpf_obj_get(argv[1]));
    return 0;
}
