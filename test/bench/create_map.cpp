// SPDX-License-Identifier: BSD-2-Clause
#include "create_map.h"

#ifdef RAW

#include <errno.h>
#include <linux/bpf.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace
{

// What programs without a library write, with the arguments of libbpf's function. RAW is what
// makes the compiler inline it, or the attribute that keeps it a function of its own, like a library's.
RAW int bpf_map_create(bpf_map_type type, const char *name, __u32 key_size, __u32 value_size,
                       __u32 max_entries, const void *)
{
    bpf_attr attr;
    memset(&attr, 0, sizeof(attr));
    attr.map_type = type;
    attr.key_size = key_size;
    attr.value_size = value_size;
    attr.max_entries = max_entries;
    strncpy(attr.map_name, name, sizeof(attr.map_name) - 1);
    const long fd = syscall(__NR_bpf, BPF_MAP_CREATE, &attr, sizeof(attr));
    return fd < 0 ? -errno : static_cast<int>(fd);
}

} // namespace

#elif !defined(BARE)

// libbpf's header, or ours in its place.
#include <bpf/bpf.h>

#else

#include <barebpf/bpf.h>

#endif

int create_map()
{
    return bpf_map_create(BPF_MAP_TYPE_ARRAY, "bench", 4, 8, 1, nullptr);
}
