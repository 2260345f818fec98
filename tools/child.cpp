// SPDX-License-Identifier: BSD-2-Clause
#include "child.h"

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <sstream>
#include <string>
#include <system_error>

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include "failure.h"
#include "quote.h"

namespace barebpf::tool
{
namespace
{

failure cannot_become(const char *command, int error)
{
    return {error == ENOENT ? not_found : cannot_run,
            fmt::format("cannot run {}: {}", in_quotes(command), errno_text(error))};
}

// Why a file cannot be run, as an errno; 0 when it may be possible.
int file_problem(const std::string &path)
{
    if (faccessat(AT_FDCWD, path.c_str(), X_OK, AT_EACCESS) != 0)
        return errno;
    std::error_code ignored;
    return std::filesystem::is_directory(path, ignored) ? EACCES : 0;
}

// The same for a command without a slash, which execvp() looks up.
int command_problem(const std::string &command)
{
    const char *path = std::getenv("PATH");
    if (!path)
        return 0; // the C library has a list of its own
    int problem = ENOENT;
    std::istringstream directories(std::string(path) + ":");
    for (std::string directory; std::getline(directories, directory, ':');) {
        const int error = file_problem((directory.empty() ? "." : directory) + "/" + command);
        if (!error)
            return 0;
        if (error == EACCES)
            problem = EACCES;
    }
    return problem;
}

} // namespace

void check_child(const char *command)
{
    const std::string text = command;
    const int problem = text.empty()                          ? ENOENT
                        : text.find('/') != std::string::npos ? file_problem(text)
                                                              : command_problem(text);
    if (problem)
        throw cannot_become(command, problem);
}

void become(char **child, const fd &map)
{
    setenv("BAREBPF_FD", std::to_string(map.get()).c_str(), 1);
    fcntl(map.get(), F_SETFD, 0);
    execvp(*child, child);
    throw cannot_become(*child, errno);
}

} // namespace barebpf::tool
