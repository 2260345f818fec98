/* SPDX-License-Identifier: BSD-2-Clause */
/* Makes a map, and loads libbpf's shared library when it runs, as systemd does: that makes one too. */
#include <barebpf/bpf.h>
#include <dlfcn.h>
#include <stdio.h>

int main(void)
{
    void *libbpf = dlopen("libbpf.so.1", RTLD_NOW | RTLD_GLOBAL);
    int (*create)(enum bpf_map_type, const char *, __u32, __u32, __u32, const void *) =
        libbpf ? dlsym(libbpf, "bpf_map_create") : NULL;
    int mine = bpf_map_create(BPF_MAP_TYPE_ARRAY, "mine", 4, 4, 1, NULL);
    int its = create ? create(BPF_MAP_TYPE_ARRAY, "its", 4, 4, 1, NULL) : -1;

    printf("%d %d %d\n", mine > 2, its > 2, create != bpf_map_create);
    return !(mine > 2 && its > 2 && create != bpf_map_create);
}
