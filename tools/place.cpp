// SPDX-License-Identifier: BSD-2-Clause
#include "place.h"

#include <cerrno>

#include <fcntl.h>
#include <fmt/format.h>
#include <linux/magic.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "barebpf/apply.h"
#include "barebpf/barebpf.hpp"
#include "failure.h"
#include "quote.h"

namespace barebpf::tool
{
namespace
{

[[noreturn]] void cannot(const char *what, const std::string &path, int error)
{
    throw failure{refused, fmt::format("cannot {} {}: {}", what, in_quotes(path), errno_text(error))};
}

std::vector<std::string> differences_of(const struct stat &about, uint32_t mode, uint32_t owner,
                                        uint32_t group)
{
    std::vector<std::string> all;
    const uint32_t found = about.st_mode & 07777;
    if (mode != BAREBPF_LINE_UNSET && found != mode)
        all.push_back(fmt::format("mode is {:04o}, not {:04o}", found, mode));
    if (owner != BAREBPF_LINE_UNSET && about.st_uid != owner)
        all.push_back(fmt::format("owner is {}, not {}", about.st_uid, owner));
    if (group != BAREBPF_LINE_UNSET && about.st_gid != group)
        all.push_back(fmt::format("group is {}, not {}", about.st_gid, group));
    return all;
}

// A directory that does not exist would be made, with those above it.
std::vector<std::string> look_at_directory(const place_line &line)
{
    struct stat about;
    if (lstat(line.path.c_str(), &about) != 0) {
        if (errno == ENOENT)
            return {"it does not exist"};
        cannot("look at", line.path, errno);
    }
    // Not through a symbolic link, whose target someone else may choose.
    const fd directory(open(line.path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    if (!directory || fstat(directory.get(), &about) != 0)
        cannot("use the directory", line.path, errno);
    return differences_of(about, line.mode, line.owner, line.group);
}

[[noreturn]] void cannot_make(const barebpf_directory &tried, int error)
{
    const std::string path = tried.path;
    switch (tried.step) {
    case BAREBPF_DIRECTORY_MAKE:
        cannot("make", path.substr(0, tried.failed_at), error);
    case BAREBPF_DIRECTORY_OWNER:
        cannot("change the owner of", path, error);
    case BAREBPF_DIRECTORY_MODE:
        cannot("change the mode of", path, error);
    default:
        cannot("use the directory", path, error);
    }
}

std::vector<std::string> apply_directory(const place_line &line)
{
    barebpf_directory wanted{};
    wanted.sz = sizeof(wanted);
    wanted.path = line.path.c_str();
    wanted.mode = line.mode;
    wanted.owner = line.owner;
    wanted.group = line.group;
    if (const int error = barebpf_directory_ensure(&wanted))
        cannot_make(wanted, -error);
    if (wanted.made)
        return {"it did not exist"};
    struct stat was = {};
    was.st_mode = wanted.was_mode;
    was.st_uid = wanted.was_owner;
    was.st_gid = wanted.was_group;
    const auto of = [&](uint32_t bit, uint32_t value) {
        return wanted.changed & bit ? value : BAREBPF_LINE_UNSET;
    };
    return differences_of(was, of(BAREBPF_ENSURE_MODE, line.mode), of(BAREBPF_ENSURE_UID, line.owner),
                          of(BAREBPF_ENSURE_GID, line.group));
}

bool is_bpffs(const std::string &path)
{
    struct statfs about;
    return statfs(path.c_str(), &about) == 0 && about.f_type == BPF_FS_MAGIC;
}

std::vector<std::string> apply_mount(const place_line &line, bool dry_run)
{
    if (dry_run)
        return is_bpffs(line.path) ? std::vector<std::string>()
                                   : std::vector<std::string>{"no bpffs is there"};
    const uint32_t mode = line.mode == BAREBPF_LINE_UNSET ? 0 : line.mode;
    const int result = barebpf_bpffs_mount(line.path.c_str(), mode);
    if (result < 0)
        cannot("mount a bpffs at", line.path, -result);
    return result ? std::vector<std::string>{"no bpffs was there"} : std::vector<std::string>();
}

} // namespace

std::vector<std::string> apply_place(const place_line &line, bool dry_run)
{
    if (line.kind == BAREBPF_LINE_MOUNT)
        return apply_mount(line, dry_run);
    return dry_run ? look_at_directory(line) : apply_directory(line);
}

std::vector<std::string> attribute_differences(const std::string &path, uint32_t mode, uint32_t owner,
                                               uint32_t group)
{
    struct stat about;
    if ((mode & owner & group) == BAREBPF_LINE_UNSET || lstat(path.c_str(), &about) != 0)
        return {};
    return differences_of(about, mode, owner, group);
}

} // namespace barebpf::tool
