// SPDX-License-Identifier: BSD-2-Clause
#include "pin.h"

#include <cerrno>
#include <filesystem>
#include <system_error>

#include <fmt/format.h>
#include <linux/magic.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "account.h"
#include "failure.h"
#include "quote.h"

namespace barebpf::tool
{
namespace
{

namespace fs = std::filesystem;

constexpr const char *usual_bpffs = "/sys/fs/bpf";
constexpr const char *no_dots = "a bpffs does not allow dots in names";

fs::path directory_of(const fs::path &path)
{
    const fs::path parent = path.parent_path();
    return parent.empty() ? "." : parent;
}

bool is_present(const fs::path &path)
{
    std::error_code ignored;
    return fs::exists(fs::symlink_status(path, ignored));
}

bool leads_to_directory(const fs::path &path)
{
    std::error_code ignored;
    return fs::is_directory(path, ignored);
}

bool in_bpffs(const fs::path &path)
{
    struct statfs about;
    return statfs(path.c_str(), &about) == 0 && about.f_type == BPF_FS_MAGIC;
}

bool has_dot(const fs::path &path)
{
    return path.filename().string().find('.') != std::string::npos;
}

// The directory itself, or the nearest one above it that exists.
fs::path nearest_directory(fs::path directory)
{
    while (!leads_to_directory(directory) && directory != directory_of(directory))
        directory = directory_of(directory);
    return directory;
}

// How to get a bpffs, where it belongs if that is what was meant.
std::string mount_hint(const fs::path &directory)
{
    if (!directory.string().starts_with(usual_bpffs))
        return "mount one: mount -t bpf bpf DIR";
    const char *before = is_present(usual_bpffs) ? "" : "mount -t sysfs sysfs /sys && ";
    return fmt::format("mount one: {}mount -t bpf bpf {}", before, usual_bpffs);
}

// Why nothing can be pinned in a directory, nor found there; empty when nothing is wrong with it.
std::string directory_problem(const fs::path &directory)
{
    const fs::path nearest = nearest_directory(directory);
    const std::string name = in_quotes(directory.string());
    if (nearest != directory && is_present(directory))
        return name + " is not a directory";
    const std::string what =
        nearest == directory ? name : fmt::format("the directory {} does not exist", name);
    if (in_bpffs(nearest))
        return nearest == directory ? "" : what;
    const char *link = nearest == directory ? " is not in a bpffs; " : ", and there is no bpffs above it; ";
    return what + link + mount_hint(directory);
}

// Where /proc does not say what a descriptor is, the kernel will refuse what is no map.
bool may_be_map(const fd &opened)
{
    std::error_code unknown;
    const fs::path link = fs::read_symlink(fmt::format("/proc/self/fd/{}", opened.get()), unknown);
    return unknown || link == "anon_inode:bpf-map";
}

// The map pinned at a path, in the words of create; empty if there is none, or it cannot be described.
std::string pinned_map(const fs::path &path)
{
    const fd opened(barebpf_obj_get(path.c_str()));
    if (!opened || !may_be_map(opened))
        return "";
    try {
        return words_of(read_account(opened.get()));
    } catch (const failure &) {
        return "";
    }
}

std::string problem_of_present(const fs::path &path)
{
    const std::string map = pinned_map(path);
    const std::string what = map.empty() ? "it exists already" : fmt::format("it is a map already ({})", map);
    return what + ", and barebpf never replaces a pin";
}

std::string problem_of_pin(const fs::path &path)
{
    if (path.empty())
        return "the path is empty";
    if (is_present(path))
        return problem_of_present(path);
    const fs::path directory = directory_of(path);
    if (const std::string problem = directory_problem(directory); !problem.empty())
        return problem;
    if (has_dot(path))
        return no_dots;
    if (access(directory.c_str(), W_OK | X_OK) != 0)
        return fmt::format("no permission to write to {}", in_quotes(directory.string()));
    return "";
}

std::string open_problem(const fs::path &path)
{
    if (path.empty())
        return "the path is empty";
    if (leads_to_directory(path))
        return "it is a directory";
    if (!is_present(path)) {
        const std::string problem = directory_problem(directory_of(path));
        if (!problem.empty())
            return problem;
        return has_dot(path) ? no_dots : "nothing is pinned there";
    }
    if (!in_bpffs(path))
        return "it is not a pinned map, since it is not in a bpffs";
    if (access(path.c_str(), R_OK | W_OK) != 0)
        return "no permission to read and write it";
    return "it is not a pinned map";
}

std::string because(int error, const std::string &problem)
{
    return problem.empty() ? errno_text(error) : fmt::format("{}; {}", errno_text(error), problem);
}

} // namespace

std::string pin_problem(const std::string &path)
{
    return problem_of_pin(path);
}

void pin_map(const fd &map, const std::string &path)
{
    if (const int error = barebpf_obj_pin(map.get(), path.c_str()))
        throw failure{refused, fmt::format("cannot pin the map at {}: {}", in_quotes(path),
                                           because(error, problem_of_pin(path)))};
}

fd open_map(const char *keyword, const std::string &path)
{
    fd opened(barebpf_obj_get(path.c_str()));
    if (!opened) {
        const int error = errno;
        throw failure{refused, fmt::format("{}: cannot open {}: {}", keyword, in_quotes(path),
                                           because(error, open_problem(path)))};
    }
    if (!may_be_map(opened))
        throw failure{refused, fmt::format("{}: {} is pinned, but is not a map", keyword, in_quotes(path))};
    return opened;
}

} // namespace barebpf::tool
