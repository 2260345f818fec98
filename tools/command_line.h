// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_TOOLS_COMMAND_LINE_H
#define BAREBPF_TOOLS_COMMAND_LINE_H

#include <vector>

#include "check_scope.h"
#include "output.h"
#include "policy.h"

namespace barebpf::tool
{

enum class verb {
    help,
    version,
    create,
    explain,
    check,
    attr,
    matrix,
    probe,
    apply,
    diff,
    show,
    unpin,
};

struct command_line {
    verb what = verb::help;
    std::vector<const char *> words; // the arguments of the verb
    char **child = nullptr;          // what follows --, ended by nullptr; nullptr without it
    bool verbose = false;
    barebpf_policy policy = default_policy();
    const char *policy_option = nullptr; // the last option that changed it
    bool bare_errno = false;             // --no-explain
    bool dry_run = false;
    bool to_kernel = false; // --kmsg
    bool elements = false;
    check_scope scope;
    const char *scope_option = nullptr; // the last option that changed it
};

// Reads the arguments behind the program's name. Options may stand anywhere before --. *form is set even when
// the rest is wrong, so that the error is reported in it.
command_line read_command_line(char **arguments, format *form);

} // namespace barebpf::tool

#endif
