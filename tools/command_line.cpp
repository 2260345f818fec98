// SPDX-License-Identifier: BSD-2-Clause
#include "command_line.h"

#include <optional>
#include <string_view>

#include <fmt/format.h>

#include "names.h"

namespace barebpf::tool
{
namespace
{

// What an option stands for, as its letter; 0 when it is none.
char long_option(std::string_view name)
{
    if (name == "json")
        return 'j';
    if (name == "pretty")
        return 'p';
    if (name == "verbose")
        return 'v';
    if (name == "help")
        return 'h';
    if (name == "version")
        return 'V';
    return 0;
}

// What the options say.
struct options {
    std::optional<verb> asked; // help or the version, whatever the words are
    bool verbose = false;
    format *form;
};

void take_option(char letter, std::string_view argument, options *given)
{
    switch (letter) {
    case 'j':
        if (*given->form == format::text)
            *given->form = format::compact_json;
        break;
    case 'p':
        *given->form = format::pretty_json;
        break;
    case 'v':
        given->verbose = true;
        break;
    case 'h':
        given->asked = verb::help;
        break;
    case 'V':
        given->asked = verb::version;
        break;
    default:
        throw failure{usage, fmt::format("'{}' is no option (all: barebpf help)", argument)};
    }
}

void take_options(std::string_view argument, options *given)
{
    if (argument.starts_with("--"))
        return take_option(long_option(argument.substr(2)), argument, given);
    for (const char letter : argument.substr(1))
        take_option(letter, argument, given);
}

verb verb_of(std::string_view word)
{
    if (word == "create")
        return verb::create;
    if (word == "attr")
        return verb::attr;
    if (word == "matrix")
        return verb::matrix;
    if (word == "probe")
        return verb::probe;
    if (word == "help")
        return verb::help;
    if (word == "version")
        return verb::version;
    const std::string near = near_it(word, {"create", "attr", "matrix", "probe", "help", "version"});
    throw failure{usage, fmt::format("'{}' is no command{} (all: barebpf help)", word, near)};
}

void check_options(const command_line &line)
{
    if (line.verbose && line.what != verb::probe)
        throw failure{usage, "'-v' goes with probe only"};
    if (line.policy_option && line.what != verb::create)
        throw failure{usage, fmt::format("'{}' goes with create only", line.policy_option)};
    if (line.child && line.what != verb::create)
        throw failure{usage, "'--' goes with create only"};
    if (line.child && !*line.child)
        throw failure{usage, "'--' is followed by a command to run"};
}

} // namespace

command_line read_command_line(char **arguments, format *form)
{
    command_line line;
    options given = {.asked = {}, .form = form};
    char **at = arguments;
    for (; *at && *at != std::string_view("--"); at++) {
        const std::string_view argument = *at;
        if (take_policy_option(argument, &line.policy))
            line.policy_option = *at;
        else if (argument.size() > 1 && argument.starts_with('-'))
            take_options(argument, &given);
        else
            line.words.push_back(*at);
    }
    line.child = *at ? at + 1 : nullptr;
    line.verbose = given.verbose;
    if (given.asked) {
        line.what = *given.asked;
        line.words.clear();
        return line;
    }
    if (line.words.empty())
        throw failure{usage, "a command is needed (all: barebpf help)"};
    line.what = verb_of(line.words[0]);
    line.words.erase(line.words.begin());
    check_options(line);
    return line;
}

} // namespace barebpf::tool
