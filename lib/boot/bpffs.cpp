// SPDX-License-Identifier: BSD-2-Clause
#include "bpffs.h"

#include "barebpf/boot.h"
#include "bpffs_sys.h"
#include "lib/core/above_stdio.h"
#include "lib/core/errno.h"

namespace barebpf
{
namespace
{

constexpr uint32_t ms_nosuid = 2, ms_nodev = 4, ms_noexec = 8, ms_private = 1 << 18;

// A mode in octal digits.
struct octal {
    char text[8];
};

void write_octal(octal *to, uint32_t mode)
{
    volatile char *at = to->text;
    *at++ = '0';
    for (int shift = 9; shift >= 0; shift -= 3)
        *at++ = static_cast<char>('0' + (mode >> shift & 7));
    *at = '\0';
}

uint32_t mode_of_root(uint32_t mode)
{
    return mode ? mode : default_directory_mode;
}

// Mounts without looking whether a bpffs is there.
int mount_new(const char *directory, uint32_t mode)
{
    struct {
        char key[5];
        octal value;
    } options;
    copy(options.key, "mode=", sizeof(options.key));
    write_octal(&options.value, mode_of_root(mode));
    const int mounted = sys::mount("bpf", directory, "bpf", ms_nosuid | ms_nodev | ms_noexec, options.key);
    if (mounted < 0)
        return mounted;
    return sys::mount(nullptr, directory, nullptr, ms_private, nullptr);
}

// Whoever waits here for the lock of the directory below the mount finds the mount afterwards.
int mount_under_lock(const char *directory, uint32_t mode, int below)
{
    const int lock_result = sys::lock(below, true);
    if (lock_result < 0 && lock_result != -ENOSYS)
        return lock_result;
    const int mounted = sys::is_in_bpffs(directory);
    if (mounted < 0)
        return mounted;
    if (mounted)
        return 0;
    const int result = mount_new(directory, mode);
    return result < 0 ? result : 1;
}

int open_bpffs(int filesystem, uint32_t mode)
{
    octal value;
    write_octal(&value, mode_of_root(mode));
    if (const int refused = sys::set_option(filesystem, "mode", value.text); refused < 0)
        return refused;
    if (const int refused = sys::create_filesystem(filesystem); refused < 0)
        return refused;
    return above_stdio(sys::mount_filesystem(filesystem));
}

bool ends_directory(char c)
{
    return c == '/' || c == '\0';
}

} // namespace

int mount_bpffs(const char *directory, uint32_t mode)
{
    const int mounted = sys::is_in_bpffs(directory);
    if (mounted)
        return mounted < 0 ? mounted : 0;
    const int below = sys::open_directory_anywhere(directory);
    if (below < 0)
        return below;
    const int result = mount_under_lock(directory, mode, below);
    sys::close(below);
    return result;
}

int make_directories(int at, char *path, size_t length, uint32_t mode, size_t *from, size_t *failed)
{
    int made = 0;
    for (size_t end = 1; end <= length; end++) {
        const char ending = path[end];
        if (end < length && !ends_directory(ending))
            continue;
        if (ends_directory(path[end - 1]))
            continue;
        path[end] = '\0';
        const int result = sys::make_directory(at, path, mode ? mode : default_directory_mode);
        path[end] = ending;
        if (result < 0 && result != -EEXIST) {
            if (failed)
                *failed = end;
            return result;
        }
        made += result == 0;
        if (result == 0 && !*from)
            *from = end;
    }
    return made;
}

void remove_directories(int at, char *path, size_t length, size_t from)
{
    for (size_t end = length; from && end >= from; end--) {
        const char ending = path[end];
        if ((end < length && !ends_directory(ending)) || ends_directory(path[end - 1]))
            continue;
        path[end] = '\0';
        const int result = sys::remove_directory(at, path);
        path[end] = ending;
        if (result < 0)
            return;
    }
}

} // namespace barebpf

using namespace barebpf;

extern "C" int barebpf_bpffs_mount(const char *directory, uint32_t mode)
{
    return with_errno(directory ? mount_bpffs(directory, mode) : -EINVAL);
}

extern "C" int barebpf_bpffs_open(uint32_t mode)
{
    const int filesystem = sys::open_filesystem("bpf");
    if (filesystem < 0)
        return with_errno(filesystem);
    const int result = open_bpffs(filesystem, mode);
    sys::close(filesystem);
    return with_errno(result);
}
