// SPDX-License-Identifier: BSD-2-Clause
#include "ensure_description.h"

#include "lib/calls/attr.h"
#include "lib/core/errno.h"
#include "lib/core/mem.h"
#include "lib/core/sys.h"
#include "lib/explain/files.h"

namespace barebpf
{
namespace
{

// Tries to write an element of which key and value cannot be read, and so changes nothing.
int write_nothing(int fd, uint64_t unreadable_key)
{
    elem_attr attr;
    attr.map_fd = static_cast<uint32_t>(fd);
    attr.padding = 0;
    attr.key = unreadable_key;
    attr.value = 0;
    attr.flags = 0;
    return sys::bpf<sys::command::map_update_elem>(&attr);
}

// The error tells the kind of the object: only for a map does the kernel get as far as reading the key
// (EFAULT), or refuse writing (EPERM). A map without keys refuses any key with EINVAL, as do other objects.
int probe_writing(int fd)
{
    constexpr uint64_t bad_address = 1;
    const int refused = write_nothing(fd, bad_address);
    return refused == -EINVAL ? write_nothing(fd, 0) : refused;
}

int read_info(int fd, shown_map *map)
{
    info_attr attr;
    attr.bpf_fd = static_cast<uint32_t>(fd);
    attr.info_len = sizeof(map->info);
    attr.info = reinterpret_cast<uintptr_t>(&map->info);
    const int result = sys::bpf<sys::command::obj_get_info_by_fd>(&attr);
    map->size = result < 0 ? 0 : attr.info_len;
    return result;
}

bool find_number_after(const text_file &file, const char *words, uint32_t *number)
{
    uint64_t found = 0;
    if (!file.find_number(words, &found))
        return false;
    *number = static_cast<uint32_t>(found);
    return true;
}

// Before 4.13 only /proc describes a map; map_flags from 4.6 on.
int read_fdinfo(const text_file &file, shown_map *map)
{
    if (!find_number_after(file, "map_type:", &map->info.map_type) ||
        !find_number_after(file, "key_size:", &map->info.key_size) ||
        !find_number_after(file, "value_size:", &map->info.value_size) ||
        !find_number_after(file, "max_entries:", &map->info.max_entries))
        return -EOPNOTSUPP;
    map->size = offsetof(map_description, map_flags);
    if (find_number_after(file, "map_flags:", &map->info.map_flags))
        map->size += sizeof(map->info.map_flags);
    return 0;
}

// A map is not frozen if user space may write to it. Where it may not, the map or the descriptor may be
// read-only for other reasons.
frozen_state frozen_of(int writing, const text_file &file, bool has_file)
{
    if (writing != -EPERM)
        return frozen_state::no;
    if (!has_file)
        return frozen_state::unknown;
    uint64_t number = 0; // kernels without the line (before 5.2) cannot freeze
    return file.find_number("frozen:", &number) && number ? frozen_state::yes : frozen_state::no;
}

} // namespace

int describe_map(int fd, shown_map *map)
{
    clear(&map->info);
    const int writing = probe_writing(fd);
    if (writing == -EINVAL)
        return -EACCES;
    if (writing == -EBADF || writing == -ENOMEM)
        return writing;
    const int result = read_info(fd, map);
    text_file file;
    const bool needs_file = result == -EINVAL || writing == -EPERM;
    const bool has_file = needs_file && file.read_fdinfo(fd);
    map->frozen = frozen_of(writing, file, has_file);
    if (result != -EINVAL)
        return result;
    return has_file ? read_fdinfo(file, map) : -EOPNOTSUPP;
}

} // namespace barebpf
