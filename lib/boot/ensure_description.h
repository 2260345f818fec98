// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_LIB_BOOT_ENSURE_DESCRIPTION_H
#define BAREBPF_LIB_BOOT_ENSURE_DESCRIPTION_H

#include <stddef.h>
#include <stdint.h>

namespace barebpf
{

// The kernel's struct bpf_map_info through Linux 5.16; later members are not used.
struct map_description {
    alignas(8) uint32_t map_type;
    uint32_t id;
    uint32_t key_size;
    uint32_t value_size;
    uint32_t max_entries;
    uint32_t map_flags;
    char name[16];
    uint32_t ifindex;
    uint32_t btf_vmlinux_value_type_id;
    uint64_t netns_dev;
    uint64_t netns_ino;
    uint32_t btf_id;
    uint32_t btf_key_type_id;
    uint32_t btf_value_type_id;
    uint32_t btf_vmlinux_id;
    uint64_t map_extra;
};
static_assert(sizeof(map_description) == 88 && offsetof(map_description, map_extra) == 80);

enum class frozen_state : uint8_t {
    no,
    yes,
    unknown,
};

// What a kernel shows of a map.
struct shown_map {
    map_description info;
    uint32_t size; // bytes of info that are known
    frozen_state frozen;

    bool knows(size_t end) const { return end <= size; }
};

// Reads the description of the map behind fd. Returns 0; -EACCES when the object is no map; -EOPNOTSUPP when
// neither bpf(2) nor /proc describes it; else -errno.
int describe_map(int fd, shown_map *map);

} // namespace barebpf

#endif
