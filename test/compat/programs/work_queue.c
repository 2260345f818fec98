// SPDX-License-Identifier: BSD-2-Clause
// A queue and a stack of work items, of which the newest pushes the oldest out if asked to.
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <stdio.h>

static void run(enum bpf_map_type type)
{
    int fd = bpf_map_create(type, "work", 0, sizeof(__u64), 3, NULL);
    __u64 item;
    printf("%s: %d\n", libbpf_bpf_map_type_str(type), fd >= 0);
    for (item = 1; item <= 4; item++)
        printf("push %llu: %d\n", (unsigned long long)item, bpf_map_update_elem(fd, NULL, &item, BPF_ANY));
    item = 5;
    printf("push in any case: %d\n", bpf_map_update_elem(fd, NULL, &item, BPF_EXIST));
    printf("push a new one: %d\n", bpf_map_update_elem(fd, NULL, &item, BPF_NOEXIST));
    item = 0;
    printf("peek: %d", bpf_map_lookup_elem(fd, NULL, &item));
    printf(", %llu\n", (unsigned long long)item);
    for (int i = 0; i < 4; i++) {
        item = 0;
        int result = i % 2 ? bpf_map_lookup_and_delete_elem(fd, NULL, &item)
                           : bpf_map_lookup_and_delete_elem_flags(fd, NULL, &item, 0);
        printf("pop: %d, %llu\n", result, (unsigned long long)item);
    }
    printf("delete: %d, next: %d\n", bpf_map_delete_elem(fd, NULL), bpf_map_get_next_key(fd, NULL, &item));
}

int main(void)
{
    run(BPF_MAP_TYPE_QUEUE);
    run(BPF_MAP_TYPE_STACK);
    return 0;
}
