// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_TOOLS_FAILURE_H
#define BAREBPF_TOOLS_FAILURE_H

#include <exception>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

namespace barebpf::tool
{

// Keeps members in the order they were added, as bpftool writes them.
using json = nlohmann::ordered_json;

enum exit_code {
    refused = 1,
    usage = 2,
    incomplete = 3,
    broken = 4,
    cannot_run = 126, // as shells use it
    not_found = 127,
};

// Thrown where a command cannot go on: the exit status, and why.
struct failure {
    int code;
    std::string text;
    bool answered = false;               // standard output has been written to already
    std::vector<std::string> lines = {}; // printed below the text, with a label each: "why: ..."
    json members = json::object();       // of the JSON document, behind `error`
};

// Any exception as a failure. Those that no command throws on purpose are `broken`.
failure failure_of(const std::exception_ptr &thrown);

// An errno by name: "EINVAL", or "errno 600".
std::string errno_name(int error);

// An errno as people look it up: "EINVAL (22): Invalid argument". A negative one counts as its positive.
std::string errno_text(int error);

} // namespace barebpf::tool

#endif
