// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_LIB_BOOT_ENSURE_STAGING_H
#define BAREBPF_LIB_BOOT_ENSURE_STAGING_H

#include <stddef.h>
#include <stdint.h>

#include "barebpf/boot.h"

// A new map is pinned as PIN~barebpf/map, is given its mode and owner there, and is then moved to PIN. The
// directory's lock is held meanwhile: it keeps other callers out, and the kernel drops it when its holder
// dies, so that a directory that is not locked is a dead caller's. Only the holder of the lock removes it.
namespace barebpf
{

inline constexpr size_t longest_pin = 4079;      // with PIN~barebpf/map within the kernel's 4096
inline constexpr size_t longest_last_part = 247; // with ~barebpf within 255

struct staging {
    int at;          // the directory paths are relative to
    const char *pin; // the caller's
    size_t length;   // of pin
    size_t parent;   // length of the pin's directory, with its last slash
    size_t made;     // length of the first parent directory that was made; 0: none
    int directory;   // PIN~barebpf, open and locked; -1: not entered
    const barebpf_ensure_opts *opts;
    barebpf_ensure_report *report;
    char path[longest_pin + sizeof("~barebpf/map")]; // PIN~barebpf/map
};

// Returns 0; -EINVAL for a pin that does not end with a name, -ENAMETOOLONG for one that is too long.
int set_pin(staging *of, const char *pin);

// Makes the directory, waits for its lock, and removes what a dead caller left in it. Returns 0 or -errno.
int enter(staging *of);

// Removes the directory and gives up the lock.
void leave(staging *of);

// Removes the directory if it is a dead caller's.
void sweep(staging *of);

// Removes the parent directories that enter() has made.
void remove_parents(staging *of);

// Opens the pin; `flags` are of map_flags. Returns a descriptor or -errno.
int open_pin(const staging &of, uint32_t flags);

// Pins a finished map at the pin, where none is, with the mode and owner that are given to new pins. Returns
// 0 or -errno.
int pin_at_once(const staging &of, int fd);

// Pins a finished map at the pin, with its mode and owner. With `replaces` the pin exists, else nothing is
// replaced. Returns 0; -EEXIST or -ENOENT when the pin has come or gone meanwhile; else -errno.
int publish(staging *of, int fd, bool replaces);

// Gives a pin that exists the mode and owner in opts, as far as they differ. Returns 0 or -errno.
int correct_attributes(const staging &of);

} // namespace barebpf

#endif
