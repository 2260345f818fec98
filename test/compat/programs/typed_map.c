// SPDX-License-Identifier: BSD-2-Clause
// Loads BTF by hand and makes a map whose key and value have types.
#include <bpf/bpf.h>
#include <linux/btf.h>
#include <stdio.h>
#include <string.h>

struct blob {
    struct btf_header header;
    __u32 types[4]; // an int of 4 bytes
    char strings[8];
};

int main(void)
{
    struct blob blob = {
        .header = {.magic = 0xeB9F,
                   .version = 1,
                   .hdr_len = sizeof(struct btf_header),
                   .type_len = 16,
                   .str_off = 16,
                   .str_len = 8},
        .types = {1, 1 << 24, 4, 32},
        .strings = "\0number",
    };
    char log[4096] = "";
    DECLARE_LIBBPF_OPTS(bpf_btf_load_opts, opts, .log_buf = log, .log_size = sizeof(log));
    int btf = bpf_btf_load(&blob, sizeof(blob), (void *)&opts);
    printf("btf: %d, log %d\n", btf >= 0, log[0] != 0);
    LIBBPF_OPTS(bpf_map_create_opts, typed, .btf_fd = btf, .btf_key_type_id = 1, .btf_value_type_id = 1);
    int fd = bpf_map_create(BPF_MAP_TYPE_ARRAY, "typed", 4, 4, 1, &typed);
    struct bpf_map_info info = {};
    __u32 size = sizeof(info);
    printf("map: %d, info %d", fd >= 0, bpf_obj_get_info_by_fd(fd, &info, &size));
    printf(", types %u %u\n", info.btf_key_type_id, info.btf_value_type_id);
    int again = bpf_btf_get_fd_by_id(info.btf_id);
    printf("by id: %d\n", again >= 0);
    blob.types[0] = 100;
    printf("wrong: %d", bpf_btf_load(&blob, sizeof(blob), (void *)&opts));
    printf(", log %d\n", log[0] != 0);
    printf("empty: %d\n", bpf_btf_load(&blob, 0, NULL));
    opts.log_buf = NULL;
    printf("size without a log: %d\n", bpf_btf_load(&blob, sizeof(blob), (void *)&opts));
    return 0;
}
