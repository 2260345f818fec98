// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_TOOLS_FAILURE_H
#define BAREBPF_TOOLS_FAILURE_H

#include <string>

namespace barebpf::tool
{

enum exit_code {
    refused = 1,
    usage = 2,
    untold = 3,
    cannot_run = 126, // as shells say it of a command
    not_found = 127,
};

// Thrown where a command cannot go on: what the program exits with, and why.
struct failure {
    int code;
    std::string text;
};

// An errno as people look it up: "EINVAL (22): Invalid argument". A negative one counts as its positive.
std::string errno_text(int error);

} // namespace barebpf::tool

#endif
