// SPDX-License-Identifier: BSD-2-Clause
//
// Prints the release of the UAPI headers it was compiled with, then the bytes that a create with every member
// set passes.
#include <cstdio>
#include <linux/version.h>

#include "barebpf/bpf.h"
#include "lib/core/sys.h"

namespace barebpf::arch
{

long call(long, long, long attr, long size, long, long)
{
    for (long i = 0; i < size; i++)
        std::printf("%02x", reinterpret_cast<const unsigned char *>(attr)[i]);
    std::printf("\n");
    return 3;
}

} // namespace barebpf::arch

int main()
{
    std::printf("%d.%d\n", LINUX_VERSION_CODE >> 16, LINUX_VERSION_CODE >> 8 & 0xff);
    LIBBPF_OPTS(bpf_map_create_opts, opts, .btf_fd = 1, .btf_key_type_id = 2, .btf_value_type_id = 3,
                .btf_vmlinux_value_type_id = 4, .inner_map_fd = 5, .map_flags = BAREBPF_F_RB_OVERWRITE,
                .map_extra = 6, .numa_node = 7, .map_ifindex = 8, .value_type_btf_obj_fd = 9, .token_fd = 10,
                .excl_prog_hash = reinterpret_cast<void *>(11), .excl_prog_hash_size = 32);
    return bpf_map_create(BPF_MAP_TYPE_HASH, "name", 12, 13, 14, &opts) != 3;
}
