// SPDX-License-Identifier: BSD-2-Clause
// A map of maps: one table for each tenant, swapped as a whole.
#include <bpf/bpf.h>
#include <stdio.h>
#include <unistd.h>

static int table(__u32 marker)
{
    int fd = bpf_map_create(BPF_MAP_TYPE_HASH, "table", 4, 4, 8, NULL);
    __u32 key = 1;
    printf("table: %d", fd >= 0);
    printf(", set %d\n", bpf_map_update_elem(fd, &key, &marker, 0));
    return fd;
}

static void show(int outer, __u32 tenant)
{
    __u32 id = 0, key = 1, marker = 0;
    int result = bpf_map_lookup_elem(outer, &tenant, &id);
    int fd = result ? -1 : bpf_map_get_fd_by_id(id);
    printf("tenant %u: %d, open %d, get %d", tenant, result, fd >= 0, bpf_map_lookup_elem(fd, &key, &marker));
    printf(", %u\n", marker);
    if (fd >= 0)
        close(fd);
}

int main(void)
{
    int first = table(11), second = table(22);
    LIBBPF_OPTS(bpf_map_create_opts, opts, .inner_map_fd = first);
    int outer = bpf_map_create(BPF_MAP_TYPE_HASH_OF_MAPS, "tenants", 4, 4, 4, &opts);
    printf("tenants: %d\n", outer >= 0);
    int other = bpf_map_create(BPF_MAP_TYPE_ARRAY, "other", 4, 8, 1, NULL);
    __u32 tenant = 7;
    printf("%d", bpf_map_update_elem(outer, &tenant, &first, BPF_ANY));
    printf(" %d", bpf_map_update_elem(outer, &tenant, &second, BPF_NOEXIST));
    printf(" %d\n", bpf_map_update_elem(outer, &tenant, &other, BPF_ANY));
    show(outer, 7);
    printf("swap: %d\n", bpf_map_update_elem(outer, &tenant, &second, BPF_EXIST));
    show(outer, 7);
    show(outer, 8);
    printf("delete: %d\n", bpf_map_delete_elem(outer, &tenant));
    show(outer, 7);
    return 0;
}
