// SPDX-License-Identifier: BSD-2-Clause
#include "ensure_staging.h"

#include "bpffs.h"
#include "bpffs_sys.h"
#include "lib/calls/attr.h"
#include "lib/core/above_stdio.h"
#include "lib/core/errno.h"

namespace barebpf
{
namespace
{

constexpr uint32_t path_fd_flag = 1 << 14; // BPF_F_PATH_FD
constexpr uint32_t staging_mode = 0700;
constexpr unsigned int most_attempts = 1000;
constexpr const char *staged = "map";

int fails_at(const staging &of, uint32_t step, int result)
{
    if (result < 0)
        of.report->step = step;
    return result;
}

// The two paths are one text: PIN~barebpf, and with a slash in place of its NUL PIN~barebpf/map.
const char *path_of_directory(staging *of)
{
    of->path[of->length + sizeof("~barebpf") - 1] = '\0';
    return of->path;
}

const char *path_of_map(staging *of)
{
    of->path[of->length + sizeof("~barebpf") - 1] = '/';
    return of->path;
}

void fill_object_attr(obj_attr *attr, const staging &of, const char *path)
{
    attr->pathname = reinterpret_cast<uintptr_t>(path);
    attr->bpf_fd = 0;
    attr->file_flags = of.at == AT_FDCWD ? 0 : path_fd_flag;
    attr->path_fd = of.at == AT_FDCWD ? 0 : of.at;
    attr->padding = 0;
}

int pin_at(const staging &of, int fd, const char *path)
{
    obj_attr attr;
    fill_object_attr(&attr, of, path);
    attr.bpf_fd = static_cast<uint32_t>(fd);
    return sys::bpf<sys::command::obj_pin>(&attr);
}

int make_parents(staging *of)
{
    const int made = make_directories(of->at, of->path, of->parent, of->opts->directory_mode, &of->made);
    if (made > 0)
        of->report->did |= BAREBPF_DID_DIRECTORIES;
    return made < 0 ? made : 0;
}

// Makes the directory, and its parents where opts allow it. Returns 0, -EEXIST, or another -errno.
int make_staging(staging *of)
{
    const int result = sys::make_directory(of->at, path_of_directory(of), staging_mode);
    if (result != -ENOENT || !of->opts->make_directories || !of->parent)
        return result;
    if (const int refused = make_parents(of))
        return refused;
    return sys::make_directory(of->at, path_of_directory(of), staging_mode);
}

// In a directory where others may write, one that exists may be theirs: it becomes the caller's alone before
// it is used.
int take_over(int directory)
{
    if (const int refused = sys::set_owner(directory, "", sys::effective_uid(), sys::unchanged_id))
        return refused;
    return sys::set_mode(directory, staging_mode);
}

// Locks the directory; -ENOENT if it has been removed meanwhile. A kernel without file locks has no lock to
// wait for.
int lock_directory(int directory, bool wait)
{
    const int lock_result = sys::lock(directory, wait);
    if (lock_result < 0 && lock_result != -ENOSYS)
        return lock_result;
    struct {
        alignas(8) char bytes[512];
    } entries BAREBPF_UNINITIALIZED;
    const long listed = sys::list(directory, entries.bytes, sizeof(entries.bytes));
    return listed < 0 ? static_cast<int>(listed) : 0;
}

// Removes what a dead caller left; a map that was not moved, or the one that was replaced.
void clean(staging *of, int directory)
{
    if (sys::remove_file(directory, staged) == 0)
        of->report->did |= BAREBPF_DID_CLEAN;
}

// One attempt of enter(); -ENOENT when others removed the directory meanwhile.
int try_to_enter(staging *of, bool *parents_missing)
{
    const int made = make_staging(of);
    *parents_missing = made == -ENOENT;
    if (made < 0 && made != -EEXIST)
        return fails_at(*of, BAREBPF_STEP_DIRECTORY, made);
    const int directory = sys::open_directory(of->at, path_of_directory(of));
    if (directory < 0)
        return fails_at(*of, BAREBPF_STEP_LOCK, directory);
    int result = made == -EEXIST ? take_over(directory) : 0;
    if (result == 0)
        result = lock_directory(directory, true);
    if (result < 0) {
        sys::close(directory);
        return fails_at(*of, BAREBPF_STEP_LOCK, result);
    }
    if (made == -EEXIST)
        clean(of, directory);
    of->directory = directory;
    return 0;
}

void remove_staging(staging *of)
{
    sys::remove_directory(of->at, path_of_directory(of));
}

uint32_t uid_wanted(const barebpf_ensure_opts &opts)
{
    return opts.set & BAREBPF_ENSURE_UID ? opts.uid : sys::unchanged_id;
}

uint32_t gid_wanted(const barebpf_ensure_opts &opts)
{
    return opts.set & BAREBPF_ENSURE_GID ? opts.gid : sys::unchanged_id;
}

// The mode first: once the owner has changed, the caller may not be allowed to set it.
int set_attributes(const barebpf_ensure_opts &opts, int at, const char *path)
{
    if (opts.set & BAREBPF_ENSURE_MODE)
        if (const int refused = sys::set_mode(at, path, opts.mode))
            return refused;
    if (opts.set & (BAREBPF_ENSURE_UID | BAREBPF_ENSURE_GID))
        return sys::set_owner(at, path, uid_wanted(opts), gid_wanted(opts));
    return 0;
}

bool has_attributes(const barebpf_ensure_opts &opts, const sys::file_status &now)
{
    constexpr uint32_t permissions = 07777;
    return (!(opts.set & BAREBPF_ENSURE_MODE) || (now.mode & permissions) == opts.mode) &&
           (!(opts.set & BAREBPF_ENSURE_UID) || now.uid == opts.uid) &&
           (!(opts.set & BAREBPF_ENSURE_GID) || now.gid == opts.gid);
}

// Linux 4.4, whose bpffs can neither rename nor link: the mode and owner follow.
int pin_finally(staging *of, int fd)
{
    if (const int refused = pin_at(*of, fd, of->pin))
        return fails_at(*of, BAREBPF_STEP_RENAME, refused);
    return fails_at(*of, BAREBPF_STEP_ATTRIBUTES, set_attributes(*of->opts, of->at, of->pin));
}

// True for the errors of a bpffs that does not know a flag of rename, or rename at all.
bool is_unable(int refused)
{
    return refused == -EINVAL || refused == -ENOSYS || refused == -EPERM;
}

// Before 4.9 bpffs knows no NOREPLACE, but a link does not replace either.
int move_to_free_pin(staging *of, int fd)
{
    const int renamed = sys::rename(of->directory, staged, of->at, of->pin, sys::no_replace);
    if (!is_unable(renamed))
        return fails_at(*of, BAREBPF_STEP_RENAME, renamed);
    const int linked = sys::link(of->directory, staged, of->at, of->pin);
    if (linked != -EPERM)
        return fails_at(*of, BAREBPF_STEP_RENAME, linked);
    return pin_finally(of, fd);
}

// Before 5.16 bpffs knows no EXCHANGE, but a plain rename replaces in one step too. Where there is no rename
// (Linux 4.4) no order of other calls would keep a map at the pin, so the pin stays as it is.
int move_to_taken_pin(staging *of)
{
    int renamed = sys::rename(of->directory, staged, of->at, of->pin, sys::exchange);
    if (renamed == -EINVAL || renamed == -ENOSYS)
        renamed = sys::rename(of->directory, staged, of->at, of->pin, 0);
    return fails_at(*of, BAREBPF_STEP_RENAME, renamed);
}

} // namespace

int set_pin(staging *of, const char *pin)
{
    size_t length = 0, parent = 0;
    for (; pin[length]; length++) {
        if (length == longest_pin)
            return -ENAMETOOLONG;
        of->path[length] = pin[length];
        if (pin[length] == '/')
            parent = length + 1;
    }
    const char *last = pin + parent;
    if (!*last || (last[0] == '.' && (!last[1] || (last[1] == '.' && !last[2]))))
        return -EINVAL;
    if (length - parent > longest_last_part)
        return -ENAMETOOLONG;
    copy(of->path + length, "~barebpf/map", sizeof("~barebpf/map"));
    of->pin = pin;
    of->length = length;
    of->parent = parent;
    of->made = 0;
    of->directory = -1;
    return 0;
}

int enter(staging *of)
{
    bool parents_missing = false;
    for (unsigned int i = 0; i < most_attempts; i++) {
        const int result = try_to_enter(of, &parents_missing);
        if (result != -ENOENT || (parents_missing && !(of->opts->make_directories && of->parent)))
            return result;
    }
    return parents_missing ? -ENOENT : -EBUSY;
}

void leave(staging *of)
{
    sys::remove_file(of->directory, staged);
    remove_staging(of);
    sys::close(of->directory);
    of->directory = -1;
}

void sweep(staging *of)
{
    const int directory = sys::open_directory(of->at, path_of_directory(of));
    if (directory < 0)
        return;
    if (lock_directory(directory, false) == 0) {
        of->report->did |= BAREBPF_DID_CLEAN;
        clean(of, directory);
        remove_staging(of);
    }
    sys::close(directory);
}

void remove_parents(staging *of)
{
    remove_directories(of->at, of->path, of->parent, of->made);
}

int open_pin(const staging &of, uint32_t flags)
{
    obj_attr attr;
    fill_object_attr(&attr, of, of.pin);
    attr.file_flags |= flags;
    return above_stdio(sys::bpf<sys::command::obj_get>(&attr));
}

int pin_at_once(const staging &of, int fd)
{
    return pin_at(of, fd, of.pin);
}

int publish(staging *of, int fd, bool replaces)
{
    if (const int refused = pin_at(*of, fd, path_of_map(of)))
        return fails_at(*of, BAREBPF_STEP_PIN, refused);
    if (const int refused = set_attributes(*of->opts, of->directory, staged))
        return fails_at(*of, BAREBPF_STEP_ATTRIBUTES, refused);
    return replaces ? move_to_taken_pin(of) : move_to_free_pin(of, fd);
}

int correct_attributes(const staging &of)
{
    sys::file_status now;
    clear(&now);
    if (!of.opts->set || (sys::status(of.at, of.pin, &now) == 0 && has_attributes(*of.opts, now)))
        return 0;
    if (const int refused = set_attributes(*of.opts, of.at, of.pin))
        return fails_at(of, BAREBPF_STEP_ATTRIBUTES, refused);
    of.report->did |= BAREBPF_DID_ATTRIBUTES;
    return 0;
}

} // namespace barebpf
