// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_LIB_BOOT_BPFFS_H
#define BAREBPF_LIB_BOOT_BPFFS_H

#include <stddef.h>
#include <stdint.h>

namespace barebpf
{

inline constexpr uint32_t default_directory_mode = 0700;

// barebpf_bpffs_mount(), without errno. Returns 1 if a bpffs was mounted, 0 if one was there, or -errno.
int mount_bpffs(const char *directory, uint32_t mode);

// Makes the missing directories of path[0..length), relative to `at`; `path` is changed in between. *from
// becomes the length of the path of the first that was made, unless it is nonzero already. Returns how many
// were made, or -errno; *failed is then the length of the path of the one that cannot be made.
int make_directories(int at, char *path, size_t length, uint32_t mode, size_t *from,
                     size_t *failed = nullptr);

// Removes what make_directories() has made, as far as it is empty.
void remove_directories(int at, char *path, size_t length, size_t from);

} // namespace barebpf

#endif
