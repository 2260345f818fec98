// SPDX-License-Identifier: BSD-2-Clause
// The kernel's header and both of libbpf's, in the order that ORDER says.
#if ORDER == 0
#include <linux/bpf.h>
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#elif ORDER == 1
#include <bpf/libbpf.h>
#include <bpf/bpf.h>
#include <linux/bpf.h>
#else
#include <bpf/bpf.h>
#include <linux/bpf.h>
#include <bpf/libbpf.h>
#include <bpf/bpf.h>
#endif
#include <bpf/btf.h>
#include <stdio.h>

int main(void)
{
    LIBBPF_OPTS(bpf_map_create_opts, opts, .map_flags = BPF_F_MMAPABLE, .numa_node = 0);
    const char *name = "both";
    int fd = bpf_map_create(BPF_MAP_TYPE_ARRAY, name, 4, 4, 1, &opts);
    struct btf *none = NULL;
    __u32 zero = 0, one = 1, value = 0;
    printf("%d %d", fd >= 0, bpf_map_update_elem(fd, &zero, &one, BPF_ANY));
    printf(" %d", bpf_map_lookup_elem_flags(fd, &zero, &value, 0));
    printf(" %u %d %u\n", value, none == NULL, BPF_LOG_BUF_SIZE);
    return 0;
}
