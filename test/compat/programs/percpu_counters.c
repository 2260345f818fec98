// SPDX-License-Identifier: BSD-2-Clause
// Per-CPU counters, summed: what a monitor reads.
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void add(int fd, __u32 key, __u64 *values, int cpus)
{
    for (int cpu = 0; cpu < cpus; cpu++)
        values[cpu] = (key + 1) * 100 + cpu;
    printf("set %u: %d\n", key, bpf_map_update_elem(fd, &key, values, BPF_ANY));
}

static void sum(int fd, __u32 key, __u64 *values, int cpus)
{
    __u64 total = 0;
    memset(values, 0xff, cpus * sizeof(*values));
    int result = bpf_map_lookup_elem(fd, &key, values);
    for (int cpu = 0; cpu < cpus && !result; cpu++)
        total += values[cpu];
    printf("sum of %u: %d, %llu\n", key, result, (unsigned long long)total);
}

int main(void)
{
    const int cpus = libbpf_num_possible_cpus();
    printf("cpus: %d\n", cpus);
    if (cpus < 1)
        return 1;
    __u64 *values = calloc(cpus, sizeof(*values));
    const enum bpf_map_type types[] = {BPF_MAP_TYPE_PERCPU_ARRAY, BPF_MAP_TYPE_PERCPU_HASH};
    for (int i = 0; i < 2; i++) {
        int fd = bpf_map_create(types[i], "counters", 4, 8, 3, NULL);
        printf("%s: %d\n", libbpf_bpf_map_type_str(types[i]), fd >= 0);
        add(fd, 0, values, cpus);
        add(fd, 2, values, cpus);
        for (__u32 key = 0; key < 4; key++)
            sum(fd, key, values, cpus);
    }
    free(values);
    return 0;
}
