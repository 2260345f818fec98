// SPDX-License-Identifier: BSD-2-Clause
#include "place.h"

#include <cerrno>
#include <filesystem>

#include <fcntl.h>
#include <fmt/format.h>
#include <linux/magic.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "barebpf/barebpf.hpp"
#include "barebpf/boot.h"
#include "failure.h"
#include "quote.h"

namespace barebpf::tool
{
namespace
{

constexpr mode_t usual_mode = 0755;

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

// Missing directories above it too.
void make_directory(const std::string &path)
{
    const std::filesystem::path parent = std::filesystem::path(path).parent_path();
    struct stat about;
    if (!parent.empty() && parent != path && stat(parent.c_str(), &about) != 0 && errno == ENOENT)
        make_directory(parent);
    if (mkdir(path.c_str(), usual_mode) != 0 && errno != EEXIST)
        cannot("make", path, errno);
}

void correct(const fd &directory, const place_line &line)
{
    // The owner first: a change of it may clear bits of the mode.
    if ((line.owner & line.group) != BAREBPF_LINE_UNSET &&
        fchown(directory.get(), static_cast<uid_t>(line.owner), static_cast<gid_t>(line.group)) != 0)
        cannot("change the owner of", line.path, errno);
    if (line.mode != BAREBPF_LINE_UNSET && fchmod(directory.get(), static_cast<mode_t>(line.mode)) != 0)
        cannot("change the mode of", line.path, errno);
}

std::vector<std::string> apply_directory(const place_line &line, bool dry_run)
{
    struct stat about;
    const bool missing = lstat(line.path.c_str(), &about) != 0;
    if (missing && errno != ENOENT)
        cannot("look at", line.path, errno);
    if (missing && dry_run)
        return {"it does not exist"};
    if (missing)
        make_directory(line.path);
    // Not through a symbolic link, whose target someone else may choose.
    const fd directory(open(line.path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    if (!directory || fstat(directory.get(), &about) != 0)
        cannot("use the directory", line.path, errno);
    std::vector<std::string> changes = differences_of(about, line.mode, line.owner, line.group);
    if (!changes.empty() && !dry_run)
        correct(directory, line);
    if (missing)
        changes = {"it did not exist"};
    return changes;
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
    return line.kind == BAREBPF_LINE_MKDIR ? apply_directory(line, dry_run) : apply_mount(line, dry_run);
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
