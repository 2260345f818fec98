// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_TOOLS_INIT_JOURNAL_H
#define BAREBPF_TOOLS_INIT_JOURNAL_H

#include "lib/rules/writer.h"

namespace barebpf::init
{

// Of the kernel's log.
enum class severity : char {
    error = '3',
    warning = '4',
    notice = '5',
    info = '6',
};

// Decides where messages go: the kernel's log if that is wanted or descriptor 2 is not open, else
// descriptor 2. Where one of them cannot be written, the other is.
void open_journal(bool to_kernel);

// A message as it is put together. What does not fit into a record of the kernel's log is cut.
struct message : writer {
    message(severity how, const char *beginning = "");
    message(const message &) = delete;
    message &operator=(const message &) = delete;

    using writer::put;
    void put_visible(const char *from, size_t size);
    void put_in_quotes(const char *from, size_t size);
    void put_in_quotes(const char *from);
    void put_place(const char *path, uint32_t line, uint32_t column); // "net.maps:3:5: "
    void put_errno(int error);                                        // "EEXIST (17)"

    // Writes it as a line.
    void send();

private:
    char bytes[900]; // begins with the level
};

size_t length_of(const char *text);

} // namespace barebpf::init

#endif
