// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_LIB_BOOT_BPFFS_SYS_H
#define BAREBPF_LIB_BOOT_BPFFS_SYS_H

#include <asm/statfs.h>

#include "lib/core/mem.h"
#include "lib/core/sys.h"

// Syscalls on files, directories and mounts. They return zero or more on success, -errno on failure. A path
// is relative to the directory `at`, which AT_FDCWD means as everywhere.
namespace barebpf::sys
{

// Syscalls from Linux 5.1 on have the same number everywhere, counted from where an architecture's numbers
// begin, and the installed header may be older than they are.
constexpr long number_since_5_1(long number)
{
#if defined(__NR_osf_syscall)
    return number + 110;
#elif defined(__NR_Linux)
    return number + __NR_Linux;
#elif defined(__X32_SYSCALL_BIT)
    return number | (__NR_openat & __X32_SYSCALL_BIT);
#else
    return number;
#endif
}

inline constexpr long nr_fsopen = number_since_5_1(430);
inline constexpr long nr_fsconfig = number_since_5_1(431);
inline constexpr long nr_fsmount = number_since_5_1(432);
#ifdef __NR_fsmount
static_assert(nr_fsopen == __NR_fsopen && nr_fsconfig == __NR_fsconfig && nr_fsmount == __NR_fsmount);
#endif

inline constexpr uint32_t unchanged_id = UINT32_MAX;

inline int make_directory(int at, const char *path, uint32_t mode)
{
    return static_cast<int>(arch::call(__NR_mkdirat, at, address(path), static_cast<long>(mode), 0, 0));
}

// Not through a symbolic link in the last place.
inline int open_directory(int at, const char *path)
{
    constexpr long flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
    return static_cast<int>(arch::call(__NR_openat, at, address(path), flags, 0, 0));
}

// The same, following links.
inline int open_directory_anywhere(const char *path)
{
    constexpr long flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC;
    return static_cast<int>(arch::call(__NR_openat, AT_FDCWD, address(path), flags, 0, 0));
}

inline int remove_file(int at, const char *path)
{
    return static_cast<int>(arch::call(__NR_unlinkat, at, address(path), 0, 0, 0));
}

inline int remove_directory(int at, const char *path)
{
    return static_cast<int>(arch::call(__NR_unlinkat, at, address(path), AT_REMOVEDIR, 0, 0));
}

inline constexpr uint32_t no_replace = 1, exchange = 2;

inline int rename(int from_at, const char *from, int to_at, const char *to, uint32_t flags)
{
    return static_cast<int>(
        arch::call(__NR_renameat2, from_at, address(from), to_at, address(to), static_cast<long>(flags)));
}

inline int link(int from_at, const char *from, int to_at, const char *to)
{
    return static_cast<int>(arch::call(__NR_linkat, from_at, address(from), to_at, address(to), 0));
}

inline int set_mode(int at, const char *path, uint32_t mode)
{
    return static_cast<int>(arch::call(__NR_fchmodat, at, address(path), static_cast<long>(mode), 0, 0));
}

// unchanged_id leaves the owner or the group as it is. With an empty path it is `at` itself that is changed.
inline int set_owner(int at, const char *path, uint32_t uid, uint32_t gid)
{
    const long flags = *path ? 0 : AT_EMPTY_PATH;
    return static_cast<int>(
        arch::call(__NR_fchownat, at, address(path), static_cast<int>(uid), static_cast<int>(gid), flags));
}

inline int set_mode(int fd, uint32_t mode)
{
    return static_cast<int>(arch::call(__NR_fchmod, fd, static_cast<long>(mode), 0, 0, 0));
}

// The caller's effective user.
inline uint32_t effective_uid()
{
#ifdef __NR_getresuid32
    constexpr long nr = __NR_getresuid32;
#else
    constexpr long nr = __NR_getresuid;
#endif
    uint32_t real = 0, effective = 0, saved = 0;
    arch::call(nr, address(&real), address(&effective), address(&saved), 0, 0);
    return effective;
}

// Takes the exclusive lock of an open directory, which lasts until the descriptor is closed.
inline int lock(int fd, bool wait)
{
    constexpr long exclusive = 2, at_once = 4;
    return static_cast<int>(arch::call(__NR_flock, fd, wait ? exclusive : exclusive | at_once, 0, 0, 0));
}

// Reads entries of an open directory; -ENOENT if it has been removed.
inline long list(int fd, void *entries, size_t size)
{
    return arch::call(__NR_getdents64, fd, address(entries), static_cast<long>(size), 0, 0);
}

// The kernel's struct statx, as far as it is used.
struct file_status {
    alignas(8) uint32_t mask;
    uint32_t block_size;
    uint64_t attributes;
    uint32_t links;
    uint32_t uid;
    uint32_t gid;
    uint16_t mode;
    uint16_t padding;
    uint64_t inode;
    uint64_t size;
    uint64_t rest[11];
    uint64_t device;
    uint64_t more[14];
};
static_assert(offsetof(file_status, device) == 136);
static_assert(sizeof(file_status) == 256);

// Linux 4.11.
inline int status(int at, const char *path, file_status *of)
{
#ifdef __NR_statx
    constexpr long basic = 0x7ff;
    return static_cast<int>(arch::call(__NR_statx, at, address(path), 0, basic, address(of)));
#else
    static_cast<void>(at), static_cast<void>(path), static_cast<void>(of);
    return -38; // ENOSYS
#endif
}

// The same of an open file.
inline int status_of_open(int fd, file_status *of)
{
#ifdef __NR_statx
    constexpr long basic = 0x7ff;
    return static_cast<int>(arch::call(__NR_statx, fd, address(""), AT_EMPTY_PATH, basic, address(of)));
#else
    static_cast<void>(fd), static_cast<void>(of);
    return -38; // ENOSYS
#endif
}

// 1 if the path is in a bpffs, 0 if it is elsewhere.
inline int is_in_bpffs(const char *path)
{
    constexpr uint32_t bpf_fs_magic = 0xcafe4a11;
#ifdef __NR_statfs64
    struct statfs64 about;
    clear(&about);
    const long result = arch::call(__NR_statfs64, address(path), sizeof(about), address(&about), 0, 0);
#else
    struct statfs about;
    clear(&about);
    const long result = arch::call(__NR_statfs, address(path), address(&about), 0, 0, 0);
#endif
    return result < 0 ? static_cast<int>(result) : static_cast<uint32_t>(about.f_type) == bpf_fs_magic;
}

inline int mount(const char *what, const char *where, const char *type, uint32_t flags, const char *options)
{
    return static_cast<int>(arch::call(__NR_mount, address(what), address(where), address(type),
                                       static_cast<long>(flags), address(options)));
}

inline int open_filesystem(const char *type)
{
    constexpr long cloexec = 1;
    return static_cast<int>(arch::call(nr_fsopen, address(type), cloexec, 0, 0, 0));
}

inline int set_option(int filesystem, const char *key, const char *value)
{
    constexpr long set_string = 1;
    return static_cast<int>(arch::call(nr_fsconfig, filesystem, set_string, address(key), address(value), 0));
}

inline int create_filesystem(int filesystem)
{
    constexpr long create = 6;
    return static_cast<int>(arch::call(nr_fsconfig, filesystem, create, 0, 0, 0));
}

// Returns a descriptor of a mount that is attached nowhere, with nosuid, nodev and noexec.
inline int mount_filesystem(int filesystem)
{
    constexpr long cloexec = 1, nosuid_nodev_noexec = 2 | 4 | 8;
    return static_cast<int>(arch::call(nr_fsmount, filesystem, cloexec, nosuid_nodev_noexec, 0, 0));
}

} // namespace barebpf::sys

#endif
