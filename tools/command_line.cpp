// SPDX-License-Identifier: BSD-2-Clause
#include "command_line.h"

#include <optional>
#include <string>
#include <string_view>

#include <fmt/format.h>

#include "names.h"
#include "quote.h"

namespace barebpf::tool
{
namespace
{

constexpr struct {
    std::string_view name;
    verb what;
} verbs[] = {
    {"create", verb::create}, {"explain", verb::explain}, {"check", verb::check}, {"attr", verb::attr},
    {"matrix", verb::matrix}, {"probe", verb::probe},     {"help", verb::help},   {"version", verb::version},
    {"apply", verb::apply},   {"diff", verb::diff},       {"show", verb::show},   {"unpin", verb::unpin},
};

constexpr struct {
    std::string_view name;
    char letter;
} long_options[] = {
    {"json", 'j'}, {"pretty", 'p'}, {"verbose", 'v'}, {"help", 'h'}, {"version", 'V'},
};

// Options without a value that some verbs have.
constexpr struct {
    std::string_view name;
    bool command_line::*member;
    verb verbs[2]; // those it applies to
    const char *applies_to;
} flag_options[] = {
    {"--no-explain", &command_line::bare_errno, {verb::create, verb::create}, "create only"},
    {"--dry-run", &command_line::dry_run, {verb::create, verb::apply}, "create and apply only"},
    {"--kmsg", &command_line::to_kernel, {verb::apply, verb::apply}, "apply only"},
    {"--elements", &command_line::elements, {verb::show, verb::show}, "show only"},
};

// What the options ask for.
struct options {
    std::optional<verb> requested; // help or the version, whatever the arguments are
    bool verbose = false;
};

bool is_separator(std::string_view argument)
{
    return argument == "--";
}

// "-" alone and a negative number are no options.
bool is_option(std::string_view argument)
{
    return argument.size() > 1 && argument[0] == '-' && !(argument[1] >= '0' && argument[1] <= '9');
}

// The letters an option stands for; nothing when one of them is unknown.
std::string letters_of(std::string_view argument)
{
    const std::string_view name = argument.substr(argument.starts_with("--") ? 2 : 1);
    if (!argument.starts_with("--"))
        return name.find_first_not_of("jpvhV") == name.npos ? std::string(name) : "";
    for (const auto &option : long_options)
        if (option.name == name)
            return {option.letter};
    return "";
}

format format_of(char **arguments)
{
    format form = format::text;
    for (char **at = arguments; *at && !is_separator(*at); at++) {
        const std::string letters = is_option(*at) ? letters_of(*at) : "";
        if (letters.find('p') != letters.npos)
            form = format::pretty_json;
        else if (form == format::text && letters.find('j') != letters.npos)
            form = format::compact_json;
    }
    return form;
}

[[noreturn]] void refuse_option(std::string_view argument)
{
    std::vector<std::string> names = {"give-up",    "memlock", "backoff", "kernel", "kernels",
                                      "no-explain", "dry-run", "as",      "kmsg",   "elements"};
    for (const auto &option : long_options)
        names.emplace_back(option.name);
    const std::vector<std::string> near = argument.starts_with("--")
                                              ? near_names(argument.substr(2, argument.find('=') - 2), names)
                                              : std::vector<std::string>();
    throw failure{usage, fmt::format("unknown option {}{}; see barebpf help", in_quotes(argument),
                                     near.empty() ? "" : fmt::format(" (did you mean --{}?)", near.front()))};
}

void take_option(std::string_view argument, options *given)
{
    const std::string letters = letters_of(argument);
    if (letters.empty())
        refuse_option(argument);
    for (const char letter : letters) {
        if (letter == 'v')
            given->verbose = true;
        if (letter == 'h')
            given->requested = verb::help;
        if (letter == 'V')
            given->requested = verb::version;
    }
}

verb verb_of(std::string_view word)
{
    std::vector<std::string> names;
    for (const auto &entry : verbs) {
        if (entry.name == word)
            return entry.what;
        names.emplace_back(entry.name);
    }
    throw failure{usage, fmt::format("unknown command {}{}; see barebpf help", in_quotes(word),
                                     did_you_mean(word, names))};
}

// `map create …` as bpftool has it.
void drop_map(std::vector<const char *> *words)
{
    if (words->size() > 1 && (*words)[0] == std::string_view("map") &&
        (*words)[1] == std::string_view("create"))
        words->erase(words->begin());
}

// How many arguments a verb takes at most.
size_t most_words(verb what)
{
    if (what == verb::matrix || what == verb::version)
        return 0;
    return what == verb::help ? 1 : SIZE_MAX;
}

void check_words(const command_line &line, std::string_view name)
{
    const size_t most = most_words(line.what);
    if (line.words.size() > most)
        throw failure{usage, fmt::format("{}: unexpected argument {}", name, in_quotes(line.words[most]))};
}

void check_options(const command_line &line)
{
    if (line.verbose && line.what != verb::probe)
        throw failure{usage, "'-v' applies to probe only"};
    if (line.policy_option && line.what != verb::create)
        throw failure{usage, fmt::format("{} applies to create only", in_quotes(line.policy_option))};
    for (const auto &option : flag_options)
        if (line.*option.member && line.what != option.verbs[0] && line.what != option.verbs[1])
            throw failure{usage, fmt::format("'{}' applies to {}", option.name, option.applies_to)};
    if (line.scope_option && line.what != verb::check)
        throw failure{usage, fmt::format("{} applies to check only", in_quotes(line.scope_option))};
    if (line.child && line.what != verb::create)
        throw failure{usage, "'--' applies to create only"};
    if (line.child && !*line.child)
        throw failure{usage, "'--' must be followed by a command to run"};
}

// `create … --help` and `create help` are `help create`.
command_line help_on(const char *word)
{
    command_line line;
    line.words.push_back(word);
    return line;
}

command_line with_verb(command_line line)
{
    if (line.words.empty())
        throw failure{usage, "no command given; see barebpf help"};
    const char *name = line.words[0];
    line.what = verb_of(name);
    line.words.erase(line.words.begin());
    if (line.words.size() == 1 && line.words[0] == std::string_view("help") && !line.child)
        return help_on(name);
    check_words(line, name);
    check_options(line);
    return line;
}

bool take_flag_option(std::string_view argument, command_line *line)
{
    for (const auto &option : flag_options)
        if (option.name == argument)
            return line->*option.member = true;
    return false;
}

command_line read_arguments(char **at, options *given)
{
    command_line line;
    for (; *at && !is_separator(*at); at++) {
        if (take_policy_option(*at, &line.policy)) {
            line.policy_option = *at;
        } else if (char **last = take_scope_option(at, &line.scope)) {
            line.scope_option = *at;
            at = last;
        } else if (take_flag_option(*at, &line)) {
            continue;
        } else if (is_option(*at)) {
            take_option(*at, given);
        } else {
            line.words.push_back(*at);
        }
    }
    line.child = *at ? at + 1 : nullptr;
    line.verbose = given->verbose;
    drop_map(&line.words);
    return line;
}

} // namespace

command_line read_command_line(char **arguments, format *form)
{
    *form = format_of(arguments);
    options given;
    command_line line = read_arguments(arguments, &given);
    if (!given.requested)
        return with_verb(line);
    command_line answer;
    answer.what = *given.requested;
    if (!line.words.empty() && verb_of(line.words[0]) != verb::help && answer.what == verb::help)
        answer.words.push_back(line.words[0]);
    return answer;
}

} // namespace barebpf::tool
