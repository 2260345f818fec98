/* SPDX-License-Identifier: BSD-2-Clause */
/* Makes and uses a map, with libbpf's names alone. */
#include <bpf/bpf.h>

int main(void)
{
    __u32 key = 0, value = 7, seen = 0;
    int map = bpf_map_create(BPF_MAP_TYPE_ARRAY, "beside", sizeof(key), sizeof(value), 1, NULL);

    return !(map > 2 && !bpf_map_update_elem(map, &key, &value, BPF_ANY) &&
             !bpf_map_lookup_elem(map, &key, &seen) && seen == 7);
}
