// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_LIB_BOOT_DIRECTORY_ENTRIES_H
#define BAREBPF_LIB_BOOT_DIRECTORY_ENTRIES_H

#include "bpffs_sys.h"
#include "lib/core/mem.h"

namespace barebpf
{

// A record of getdents64(2).
struct directory_entry {
    uint64_t number;
    int64_t position;
    uint16_t size;
    uint8_t type;
    char name[1]; // and more
};

// Calls take(name, type) for each entry of an open directory, until it returns false. Returns 0 or -errno.
template <typename Take> int read_entries(int directory, Take take)
{
    struct {
        alignas(8) char bytes[1024];
    } entries BAREBPF_UNINITIALIZED;
    clear(&entries);
    for (;;) {
        const long size = sys::list(directory, entries.bytes, sizeof(entries.bytes));
        if (size <= 0)
            return static_cast<int>(size);
        for (long at = 0; at < size;) {
            const directory_entry *entry = reinterpret_cast<const directory_entry *>(entries.bytes + at);
            if (!take(hidden(entries.bytes) + at + offsetof(directory_entry, name), entry->type))
                return 0;
            at += entry->size;
        }
    }
}

} // namespace barebpf

#endif
