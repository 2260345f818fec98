// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_TEST_BENCH_MEMBERS_H
#define BAREBPF_TEST_BENCH_MEMBERS_H

#include <stdint.h>

// A value for every member of the options. They are zero, so that the kernel creates the map; the compiler of
// a caller does not know that, so they cost what any other values would.
struct members {
    uint32_t btf_fd, btf_key_type_id, btf_value_type_id, btf_vmlinux_value_type_id, inner_map_fd, map_flags;
    uint64_t map_extra;
    uint32_t numa_node, map_ifindex;
    int32_t value_type_btf_obj_fd;
    uint32_t token_fd;
    const void *excl_prog_hash;
    uint32_t excl_prog_hash_size;
    void *log_opts;
};
extern struct members members;

#endif
