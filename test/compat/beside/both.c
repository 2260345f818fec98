/* SPDX-License-Identifier: BSD-2-Clause */
/* Makes and uses a map, with libbpf's names and ours, and loads a program, which only libbpf can. */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <barebpf/barebpf.h>
#include <stdio.h>
#include <string.h>

int main(void)
{
    const struct bpf_insn nothing[] = {{.code = BPF_ALU64 | BPF_MOV | BPF_K}, {.code = BPF_JMP | BPF_EXIT}};
    __u32 key = 0, value = 7, seen = 0;
    int map = bpf_map_create(BPF_MAP_TYPE_ARRAY, "beside", sizeof(key), sizeof(value), 1, NULL);
    int set = bpf_map_update_elem(map, &key, &value, BPF_ANY);
    int got = barebpf_map_lookup_elem(map, &key, &seen, 0);
    int program = bpf_prog_load(BPF_PROG_TYPE_SOCKET_FILTER, "beside", "GPL", nothing, 2, NULL);
    struct bpf_object *object = bpf_object__open_file("/nonexistent", NULL);

    printf("%d %d %d %u %d %d %d\n", map > 2, set, got, seen, program > 2, object == NULL,
           libbpf_num_possible_cpus() == barebpf_possible_cpus());
    return !(map > 2 && !set && !got && seen == 7 && program > 2 && !object);
}
