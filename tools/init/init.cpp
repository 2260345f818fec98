// SPDX-License-Identifier: BSD-2-Clause
#include "barebpf/barebpf.h"
#include "entry.h"
#include "journal.h"
#include "lib/core/names.h"
#include "maps.h"

namespace barebpf::init
{
namespace
{

constexpr int cannot_run = 126, not_found = 127;

// What the words of the command line ask for.
struct command_line {
    char **words; // behind the program's name
    char **end_of_files;
    char **next;    // the program to execute, with its arguments; nullptr: none is named
    bool first;     // this is PID 1
    bool separated; // a word `--` ends the files
};

application everything;

bool has_slash(const char *word)
{
    while (*word && *word != '/')
        word++;
    return *word;
}

// The kernel hands words of its own command line, such as "single", to PID 1. They are for the next init.
bool is_for_next_init(const command_line &given, const char *word)
{
    return given.first && !given.separated && !has_slash(word);
}

void read_words(command_line *given, char **words)
{
    given->words = words;
    given->next = nullptr;
    given->first = own_id() == 1;
    while (*words && !same_text(*words, "--"))
        words++;
    given->end_of_files = words;
    given->separated = *words;
    if (given->separated && words[1])
        given->next = words + 1;
}

// The kernel leaves this to PID 1. What is mounted already stays, and a directory that is missing is not
// made.
void mount_over(const char *type, const char *directory)
{
    sys::file_status above, here;
    clear(&above);
    clear(&here);
    if (sys::status(AT_FDCWD, "/", &above) < 0 || sys::status(AT_FDCWD, directory, &here) < 0)
        return;
    if (above.device == here.device)
        sys::mount(type, directory, type, 2 | 8, nullptr);
}

bool apply(const command_line &given)
{
    bool named = false;
    for (char **word = given.words; word != given.end_of_files; word++) {
        if (is_for_next_init(given, *word))
            continue;
        named = true;
        everything.set.read(*word);
    }
    if (named)
        everything.set.read_directories();
    else
        everything.set.read_usual_directories();
    return everything.run();
}

void report_end(const siginfo_t &how)
{
    constexpr int exited = 1;
    if (how.si_code == exited)
        return;
    message text(severity::error, "the process that applied the files was killed by signal ");
    text.put_decimal(static_cast<uint64_t>(how.si_status));
    text.put(": some maps may be missing");
    text.send();
}

// In a process of its own, so that whatever happens to it the next init is executed.
void apply_apart(const command_line &given)
{
    const int child = split();
    if (child <= 0) {
        const bool done = apply(given);
        if (child == 0)
            end(!done);
        return;
    }
    siginfo_t how;
    clear(&how);
    if (wait_for(child, &how) == 0)
        report_end(how);
}

// Says why it could not be executed, and returns the exit status for that.
int report_next(const char *path, int error)
{
    message text(severity::error, "cannot execute ");
    text.put_in_quotes(path);
    text.put(": ");
    text.put_errno(error);
    text.send();
    return error == -ENOENT ? not_found : cannot_run;
}

// As the kernel does when it is told of no init. The words that are for it follow the program's own name.
int execute_usual(const command_line &given, char **environment)
{
    static constexpr char paths[][11] = {"/sbin/init", "/etc/init", "/bin/init", "/bin/sh"};
    char **const arguments = given.words - 1;
    char **to = given.words;
    for (char **word = given.words; word != given.end_of_files; word++)
        if (is_for_next_init(given, *word))
            *to++ = *word;
    *to = nullptr;
    for (const char *path : paths) {
        arguments[0] = const_cast<char *>(path);
        const int error = become(path, arguments, environment);
        if (error != -ENOENT)
            report_next(path, error);
    }
    message(severity::error,
            "no next init: neither /sbin/init, /etc/init, /bin/init nor /bin/sh can be executed")
        .send();
    return not_found;
}

int run(long *stack)
{
    char **const arguments = reinterpret_cast<char **>(stack + 1);
    char **const environment = arguments + stack[0] + 1;
    command_line given;
    read_words(&given, stack[0] ? arguments + 1 : arguments);
    open_journal(given.first);
    if (given.first) {
        mount_over("proc", "/proc");
        mount_over("sysfs", "/sys");
        mount_over("devtmpfs", "/dev");
    }
    if (!given.next && (!given.first || given.separated))
        return !apply(given);
    apply_apart(given);
    if (!given.next)
        return execute_usual(given, environment);
    return report_next(given.next[0], become(given.next[0], given.next, environment));
}

} // namespace
} // namespace barebpf::init

extern "C" [[gnu::used]] void start(long *stack)
{
    barebpf::init::end(barebpf::init::run(stack));
}
