// SPDX-License-Identifier: BSD-2-Clause
// Opens a pin, or makes the map and pins it; checks what it opened. Usage: create_or_open PIN
#include <bpf/bpf.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static int create_or_open(const char *pin, __u32 entries)
{
    struct bpf_map_info info = {};
    __u32 size = sizeof(info);
    int fd = bpf_obj_get(pin);

    if (fd < 0) {
        printf("no pin: %s\n", strerror(errno));
        fd = bpf_map_create(BPF_MAP_TYPE_HASH, "state", 8, 16, entries, NULL);
        if (fd < 0)
            return fd;
        int result = bpf_obj_pin(fd, pin);
        printf("pinned: %d\n", result);
        return fd;
    }
    if (bpf_obj_get_info_by_fd(fd, &info, &size))
        return -errno;
    printf("found %s of %u entries\n", info.name, info.max_entries);
    if (info.max_entries != entries) {
        close(fd);
        return -EINVAL;
    }
    return fd;
}

int main(int argc, char **argv)
{
    DECLARE_LIBBPF_OPTS(bpf_obj_get_opts, read_only, .file_flags = BPF_F_RDONLY);
    const char *pin = argc == 2 ? argv[1] : "";
    __u64 key = 1, value[2] = {2, 3};
    int first = create_or_open(pin, 10), second = create_or_open(pin, 10), third = create_or_open(pin, 11);
    printf("%d %d %d\n", first >= 0, second >= 0, third);
    printf("set: %d\n", bpf_map_update_elem(first, &key, value, BPF_NOEXIST));
    memset(value, 0, sizeof(value));
    printf("get: %d", bpf_map_lookup_elem(second, &key, value));
    printf(", %llu %llu\n", value[0], value[1]);
    int reader = bpf_obj_get_opts(pin, &read_only);
    printf("read only: %d, get %d", reader >= 0, bpf_map_lookup_elem(reader, &key, value));
    printf(", set %d\n", bpf_map_update_elem(reader, &key, value, BPF_ANY));
    return unlink(pin);
}
