// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_TOOLS_JOURNAL_H
#define BAREBPF_TOOLS_JOURNAL_H

#include <string>
#include <vector>

#include "barebpf/barebpf.hpp"
#include "output.h"

namespace barebpf::tool
{

// Of the kernel's log.
enum class severity {
    error = 3,
    warning = 4,
    notice = 5,
    info = 6,
};

// What happened to a line of a map file, or to all of them.
struct event {
    severity level;
    std::string text;
    std::vector<std::string> lines = {}; // more about it
    json members = {};                   // what JSON has of it
};

// Where events are reported: standard output, or standard error for warnings and errors; JSON, a document a
// line; or the kernel's log.
class journal
{
public:
    // Throws a failure when the kernel's log cannot be written.
    journal(format form, bool to_kernel_log);
    ~journal();
    journal(const journal &) = delete;
    journal &operator=(const journal &) = delete;

    void report(const event &what);

    // Whether `members` of events are printed, or else `text`.
    bool is_json() const { return !to_kernel && form != format::text; }

    // A bar on standard error, if that is a terminal and there is much to do.
    void show_progress(size_t done, size_t total);

    // Makes sure that all of it was written; throws a failure otherwise.
    void finish();

private:
    void log(const event &what);
    void clear_progress();

    format form;
    bool to_kernel;
    bool terminal;
    bool bar = false;
    bool logged = true;  // all of it
    std::string pending; // standard output, a block at a time
};

} // namespace barebpf::tool

#endif
