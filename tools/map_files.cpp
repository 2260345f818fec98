// SPDX-License-Identifier: BSD-2-Clause
#include "map_files.h"

#include <filesystem>
#include <system_error>

#include <fmt/format.h>

#include "barebpf/apply.h"
#include "failure.h"
#include "quote.h"

namespace barebpf::tool
{
namespace
{

namespace fs = std::filesystem;

[[noreturn]] void refuse_path(const std::string &path, const std::error_code &why)
{
    throw failure{refused, fmt::format("cannot read {}: {}", in_quotes(path), errno_text(why.value()))};
}

// Those of directories, or, with nullptr, of the usual ones.
void add_files_of(std::vector<std::string> *files, const std::vector<const char *> *directories)
{
    barebpf_map_files at{};
    at.sz = sizeof(at);
    at.directories = directories ? directories->data() : nullptr;
    at.count = directories ? directories->size() : 0;
    int found = 0;
    while ((found = barebpf_map_files_next(&at)) == 1)
        files->push_back(fs::path(barebpf_map_files_path(&at, at.directory)) / at.name);
    if (found < 0)
        refuse_path(barebpf_map_files_path(&at, at.directory),
                    std::error_code(-found, std::generic_category()));
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
    std::vector<const char *> directories;
    for (const char *path : paths) {
        if (is_directory(path))
            directories.push_back(path);
        else
            files.emplace_back(path);
    }
    if (!directories.empty() || paths.empty())
        add_files_of(&files, paths.empty() ? nullptr : &directories);
    return files;
}

} // namespace barebpf::tool
