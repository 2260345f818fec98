// SPDX-License-Identifier: BSD-2-Clause
#include "program.h"

#include <cstdio>
#include <cstdlib>
#include <sstream>

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace barebpf::test
{
namespace
{

std::string contents(std::FILE *file)
{
    std::string text;
    std::rewind(file);
    for (int c; (c = std::fgetc(file)) != EOF;)
        text += static_cast<char>(c);
    std::fclose(file);
    return text;
}

[[noreturn]] void become(const std::vector<std::string> &arguments, int out, int err)
{
    std::vector<char *> pointers;
    for (const std::string &argument : arguments)
        pointers.push_back(const_cast<char *>(argument.c_str()));
    pointers.push_back(nullptr);
    dup2(out, STDOUT_FILENO);
    dup2(err, STDERR_FILENO);
    execvp(pointers[0], pointers.data());
    _exit(127);
}

} // namespace

outcome run(const std::vector<std::string> &arguments, const char *output_file)
{
    std::FILE *out = std::tmpfile();
    std::FILE *err = std::tmpfile();
    if (!out || !err)
        std::abort();
    std::fflush(stdout);
    const pid_t child = fork();
    if (child == 0)
        become(arguments, output_file ? open(output_file, O_WRONLY | O_CLOEXEC) : fileno(out), fileno(err));
    int status = 0;
    if (waitpid(child, &status, 0) != child)
        std::abort();
    const int code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    return {code, contents(out), contents(err)};
}

std::vector<std::string> split(const std::string &line)
{
    std::istringstream stream(line);
    std::vector<std::string> words;
    for (std::string word; stream >> word;)
        words.push_back(word);
    return words;
}

outcome run_barebpf(const std::string &line, const char *output_file)
{
    std::vector<std::string> arguments = split(line);
    arguments.insert(arguments.begin(), BAREBPF_PROGRAM);
    return run(arguments, output_file);
}

} // namespace barebpf::test
