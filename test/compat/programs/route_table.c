// SPDX-License-Identifier: BSD-2-Clause
// A routing table in a longest-prefix-match trie, walked in its order.
#include <arpa/inet.h>
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <stdio.h>

struct route {
    __u32 length;
    __u32 address;
};

static void add(int fd, const char *address, __u32 length, __u32 hop)
{
    struct route key = {length, inet_addr(address)};
    printf("%s/%u: %d\n", address, length, bpf_map_update_elem(fd, &key, &hop, BPF_ANY));
}

static void look_up(int fd, const char *address)
{
    struct route key = {32, inet_addr(address)};
    __u32 hop = 0;
    int result = bpf_map_lookup_elem(fd, &key, &hop);
    printf("%s: %d, hop %u\n", address, result, hop);
}

int main(void)
{
    LIBBPF_OPTS(bpf_map_create_opts, opts);
    int without = bpf_map_create(BPF_MAP_TYPE_LPM_TRIE, "routes", sizeof(struct route), 4, 16, &opts);
    opts.map_flags = BPF_F_NO_PREALLOC;
    int fd = bpf_map_create(BPF_MAP_TYPE_LPM_TRIE, "routes", sizeof(struct route), 4, 16, &opts);
    printf("%d %d\n", without, fd >= 0);
    add(fd, "10.0.0.0", 8, 1);
    add(fd, "10.1.0.0", 16, 2);
    add(fd, "10.1.2.0", 24, 3);
    add(fd, "0.0.0.0", 33, 4);
    look_up(fd, "10.1.2.3");
    look_up(fd, "10.1.3.3");
    look_up(fd, "10.9.9.9");
    look_up(fd, "11.0.0.1");
    struct route key, next;
    void *at = NULL;
    while (!bpf_map_get_next_key(fd, at, &next)) {
        printf("%08x/%u\n", ntohl(next.address), next.length);
        key = next;
        at = &key;
    }
    printf("delete: %d, again %d\n", bpf_map_delete_elem(fd, &key), bpf_map_delete_elem(fd, &key));
    printf("with flags: %d\n", bpf_map_delete_elem_flags(fd, &key, 1));
    return 0;
}
