// SPDX-License-Identifier: BSD-2-Clause
#include "map_files.h"

#include <filesystem>
#include <map>
#include <system_error>

#include <fmt/format.h>

#include "failure.h"
#include "quote.h"

namespace barebpf::tool
{
namespace
{

namespace fs = std::filesystem;

constexpr const char *usual_directories[] = {"/etc/barebpf.d", "/run/barebpf.d", "/usr/lib/barebpf.d"};

// By name; emplace() leaves the one of an earlier directory.
using files_by_name = std::map<std::string, std::string>;

[[noreturn]] void refuse_path(const std::string &path, const std::error_code &why)
{
    throw failure{refused, fmt::format("cannot read {}: {}", in_quotes(path), errno_text(why.value()))};
}

void add_directory(files_by_name *files, const std::string &path)
{
    std::error_code error;
    fs::directory_iterator at(path, error);
    for (; !error && at != fs::directory_iterator(); at.increment(error)) {
        const std::string name = at->path().filename().string();
        if (name.ends_with(".maps") && !name.starts_with('.'))
            files->emplace(name, at->path().string());
    }
    if (error)
        refuse_path(path, error);
}

bool is_directory(const std::string &path)
{
    std::error_code error;
    const fs::file_status status = fs::status(path, error);
    if (!fs::exists(status))
        refuse_path(path, error ? error : std::make_error_code(std::errc::no_such_file_or_directory));
    return fs::is_directory(status);
}

} // namespace

std::vector<std::string> find_map_files(const std::vector<const char *> &paths)
{
    std::vector<std::string> files;
    files_by_name by_name;
    for (const char *path : paths) {
        if (is_directory(path))
            add_directory(&by_name, path);
        else
            files.emplace_back(path);
    }
    std::error_code missing;
    for (const char *path : usual_directories)
        if (paths.empty() && fs::is_directory(path, missing))
            add_directory(&by_name, path);
    for (const auto &[name, path] : by_name)
        files.push_back(path);
    return files;
}

} // namespace barebpf::tool
