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
    if (name == "help")
        return 'h';
    if (name == "version")
        return 'V';
    return 0;
}

// Takes an option in; one that asks for help or the version settles the verb.
void take_option(char letter, std::string_view argument, std::optional<verb> *asked, format *form)
{
    switch (letter) {
    case 'j':
        if (*form == format::text)
            *form = format::compact_json;
        break;
    case 'p':
        *form = format::pretty_json;
        break;
    case 'h':
        *asked = verb::help;
        break;
    case 'V':
        *asked = verb::version;
        break;
    default:
        throw failure{usage, fmt::format("'{}' is no option (all: barebpf help)", argument)};
    }
}

void take_options(std::string_view argument, std::optional<verb> *asked, format *form)
{
    if (argument.starts_with("--"))
        return take_option(long_option(argument.substr(2)), argument, asked, form);
    for (const char letter : argument.substr(1))
        take_option(letter, argument, asked, form);
}

verb verb_of(std::string_view word)
{
    if (word == "create")
        return verb::create;
    if (word == "attr")
        return verb::attr;
    if (word == "matrix")
        return verb::matrix;
    if (word == "help")
        return verb::help;
    if (word == "version")
        return verb::version;
    const std::string near = near_it(word, {"create", "attr", "matrix", "help", "version"});
    throw failure{usage, fmt::format("'{}' is no command{} (all: barebpf help)", word, near)};
}

void check_child(const command_line &line)
{
    if (line.child && line.what != verb::create)
        throw failure{usage, "'--' goes with create only"};
    if (line.child && !*line.child)
        throw failure{usage, "'--' is followed by a command to run"};
}

} // namespace

command_line read_command_line(char **arguments, format *form)
{
    command_line line;
    std::optional<verb> asked;
    char **at = arguments;
    for (; *at && *at != std::string_view("--"); at++) {
        const std::string_view argument = *at;
        if (argument.size() > 1 && argument.starts_with('-'))
            take_options(argument, &asked, form);
        else
            line.words.push_back(*at);
    }
    line.child = *at ? at + 1 : nullptr;
    if (asked) {
        line.what = *asked;
        line.words.clear();
        return line;
    }
    if (line.words.empty())
        throw failure{usage, "a command is needed (all: barebpf help)"};
    line.what = verb_of(line.words[0]);
    line.words.erase(line.words.begin());
    check_child(line);
    return line;
}

} // namespace barebpf::tool
