// SPDX-License-Identifier: BSD-2-Clause
// Finds maps by name among all of the system's, as a cleaner does.
#include <bpf/bpf.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static int find(const char *name)
{
    __u32 id = 0;
    int found = 0;
    while (!bpf_map_get_next_id(id, &id)) {
        struct bpf_map_info info = {};
        __u32 size = sizeof(info);
        int fd = bpf_map_get_fd_by_id(id);
        if (fd < 0)
            continue;
        if (!bpf_obj_get_info_by_fd(fd, &info, &size) && !strcmp(info.name, name))
            found++;
        close(fd);
    }
    printf("the end: %s\n", strerror(errno));
    return found;
}

int main(int argc, char **argv)
{
    (void)argv;
    char name[16];
    LIBBPF_OPTS(bpf_get_fd_by_id_opts, read_only, .open_flags = BPF_F_RDONLY);
    snprintf(name, sizeof(name), "own_%d", (int)getpid());
    int first = bpf_map_create(BPF_MAP_TYPE_HASH, name, 4, 4, argc, NULL);
    int second = bpf_map_create(BPF_MAP_TYPE_LRU_HASH, name, 4, 4, 64, NULL);
    printf("%d %d found: %d\n", first >= 0, second >= 0, find(name));
    struct bpf_map_info info = {};
    __u32 size = sizeof(info), key = 1;
    bpf_obj_get_info_by_fd(second, &info, &size);
    int fd = bpf_map_get_fd_by_id_opts(info.id, &read_only);
    printf("read only: %d, set %d\n", fd >= 0, bpf_map_update_elem(fd, &key, &key, 0));
    printf("no such: %d\n", bpf_map_get_fd_by_id(0xfffffff0));
    close(second);
    printf("not a map: %d\n", bpf_obj_get_info_by_fd(0, &info, &size));
    return 0;
}
