// SPDX-License-Identifier: BSD-2-Clause
#include "apply_structs.h"
#include "bpffs.h"
#include "bpffs_sys.h"
#include "lib/core/errno.h"

namespace barebpf
{
namespace
{

constexpr uint32_t usual_mode = 0755;
constexpr uint32_t longest_path = 4095;

int fails_to(barebpf_directory *of, uint32_t step, int result)
{
    if (result < 0)
        of->step = step;
    return result;
}

// Makes the directory and those above it.
int make_all(barebpf_directory *of)
{
    struct {
        char bytes[longest_path + 1];
    } path BAREBPF_UNINITIALIZED;
    size_t length = 0;
    for (; of->path[length]; length++) {
        if (length == longest_path)
            return -ENAMETOOLONG;
        path.bytes[length] = of->path[length];
    }
    path.bytes[length] = '\0';
    size_t first = 0, failed = 0;
    const int made = make_directories(AT_FDCWD, path.bytes, length, usual_mode, &first, &failed);
    of->failed_at = static_cast<uint32_t>(failed);
    return made < 0 ? made : 0;
}

int make_missing(barebpf_directory *of)
{
    int made = sys::make_directory(AT_FDCWD, of->path, usual_mode);
    if (made == -ENOENT)
        made = make_all(of);
    else if (made < 0 && made != -EEXIST)
        for (of->failed_at = 0; of->path[of->failed_at];)
            of->failed_at++;
    if (made == -EEXIST)
        return 0;
    of->made = made == 0;
    return fails_to(of, BAREBPF_DIRECTORY_MAKE, made);
}

// Notes in what the directory differs. Before Linux 4.11, in all that is wanted, and what it was is unknown.
uint32_t differences(barebpf_directory *of, int directory)
{
    constexpr uint32_t permissions = 07777;
    const uint32_t wanted = (of->mode == BAREBPF_LINE_UNSET ? 0 : uint32_t{BAREBPF_ENSURE_MODE}) |
                            (of->owner == BAREBPF_LINE_UNSET ? 0 : uint32_t{BAREBPF_ENSURE_UID}) |
                            (of->group == BAREBPF_LINE_UNSET ? 0 : uint32_t{BAREBPF_ENSURE_GID});
    sys::file_status now;
    clear(&now);
    if (sys::status_of_open(directory, &now) < 0)
        return wanted;
    of->was_mode = now.mode & permissions;
    of->was_owner = now.uid;
    of->was_group = now.gid;
    uint32_t same = 0;
    if (of->was_mode == of->mode)
        same |= BAREBPF_ENSURE_MODE;
    if (of->was_owner == of->owner)
        same |= BAREBPF_ENSURE_UID;
    if (of->was_group == of->group)
        same |= BAREBPF_ENSURE_GID;
    of->changed = of->made ? 0 : wanted & ~same;
    return wanted & ~same;
}

// The owner first: a change of it may clear bits of the mode.
int set_differences(barebpf_directory *of, int directory, uint32_t differences)
{
    if (differences & (BAREBPF_ENSURE_UID | BAREBPF_ENSURE_GID))
        if (const int refused = sys::set_owner(directory, "", of->owner, of->group))
            return fails_to(of, BAREBPF_DIRECTORY_OWNER, refused);
    if (differences & BAREBPF_ENSURE_MODE)
        return fails_to(of, BAREBPF_DIRECTORY_MODE, sys::set_mode(directory, of->mode));
    return 0;
}

int ensure_directory(barebpf_directory *of)
{
    int directory = sys::open_directory(AT_FDCWD, of->path);
    if (directory == -ENOENT) {
        if (const int refused = make_missing(of))
            return refused;
        directory = sys::open_directory(AT_FDCWD, of->path);
    }
    if (directory < 0)
        return fails_to(of, BAREBPF_DIRECTORY_OPEN, directory);
    const int result = set_differences(of, directory, differences(of, directory));
    sys::close(directory);
    return result;
}

bool has_valid_members(const barebpf_directory &given)
{
    return given.path && *given.path && (given.mode == BAREBPF_LINE_UNSET || given.mode <= 07777);
}

} // namespace
} // namespace barebpf

using namespace barebpf;

extern "C" int barebpf_directory_ensure(struct barebpf_directory *directory)
{
    if (!directory || !is_served(*directory))
        return with_errno(-EINVAL);
    directory->step = BAREBPF_DIRECTORY_CHECK;
    directory->made = directory->changed = directory->failed_at = 0;
    directory->was_mode = directory->was_owner = directory->was_group = 0;
    if (!has_valid_members(*directory))
        return with_errno(-EINVAL);
    directory->step = 0;
    return with_errno(ensure_directory(directory));
}
