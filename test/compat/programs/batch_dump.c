// SPDX-License-Identifier: BSD-2-Clause
// Fills a hash with one call, dumps it in batches, and empties it.
#include <bpf/bpf.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

enum {
    ENTRIES = 200,
    AT_ONCE = 64
};

static __u32 keys[ENTRIES], values[ENTRIES];

static void dump(int fd)
{
    __u32 cursor[2] = {0, 0}, seen = 0, sum = 0;
    int result;
    void *in = NULL;
    do {
        __u32 count = AT_ONCE;
        result = bpf_map_lookup_batch(fd, in, cursor, keys, values, &count, NULL);
        for (__u32 i = 0; i < count && (!result || result == -ENOENT); i++, seen++)
            sum += values[i] - keys[i];
        in = cursor;
    } while (!result);
    printf("dump: %d, %u elements, sum %u\n", result, seen, sum);
}

int main(void)
{
    DECLARE_LIBBPF_OPTS(bpf_map_batch_opts, opts, .elem_flags = BPF_NOEXIST, .flags = 0);
    DECLARE_LIBBPF_OPTS(bpf_map_batch_opts, wrong, .flags = 1);
    int fd = bpf_map_create(BPF_MAP_TYPE_HASH, "batch", 4, 4, ENTRIES, NULL);
    __u32 count = ENTRIES;
    for (__u32 i = 0; i < ENTRIES; i++) {
        keys[i] = i;
        values[i] = i + 3;
    }
    int result = bpf_map_update_batch(fd, keys, values, &count, &opts);
    printf("update: %d, %u\n", result, count);
    count = ENTRIES;
    result = bpf_map_update_batch(fd, keys, values, &count, &wrong);
    printf("with a flag nobody knows: %d\n", result);
    dump(fd);
    for (__u32 i = 0; i < ENTRIES; i++)
        keys[i] = i;
    count = 50;
    result = bpf_map_delete_batch(fd, keys, &count, NULL);
    printf("delete: %d, %u\n", result, count);
    dump(fd);
    __u32 cursor[2];
    count = ENTRIES;
    result = bpf_map_lookup_and_delete_batch(fd, NULL, cursor, keys, values, &count, NULL);
    printf("take all: %d, %u\n", result, count);
    dump(fd);
    return 0;
}
