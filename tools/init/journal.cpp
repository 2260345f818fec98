// SPDX-License-Identifier: BSD-2-Clause
#include "journal.h"

#include "barebpf/barebpf.h"
#include "process.h"

namespace barebpf::init
{
namespace
{

constexpr int standard_error = 2;
bool goes_to_kernel;

// Opened for each record: of one open file the kernel drops all but ten records in five seconds.
bool write_to_kernel(const char *record, size_t size)
{
    const int log = open_to_write("/dev/kmsg");
    if (log < 0)
        return false;
    const long written = write(log, record, size);
    sys::close(log);
    return written == static_cast<long>(size);
}

bool write_to_standard_error(const char *line, size_t size)
{
    if (!is_ready(standard_error))
        return false;
    while (size) {
        const long written = write(standard_error, line, size);
        if (written <= 0 && written != -EINTR)
            return false;
        if (written > 0) {
            line += written;
            size -= static_cast<size_t>(written);
        }
    }
    return true;
}

} // namespace

size_t length_of(const char *text)
{
    size_t length = 0;
    while (text[length])
        length++;
    return length;
}

void open_journal(bool to_kernel)
{
    goes_to_kernel = to_kernel || !sys::is_open(standard_error);
}

message::message(severity how, const char *beginning)
{
    text = bytes;
    room = sizeof(bytes) - 1; // for the newline
    length = 0;
    put("<");
    put(static_cast<char>(how));
    put(">barebpf-init: ");
    put(beginning);
}

void message::put_visible(const char *from, size_t size)
{
    constexpr size_t longest = 250; // what follows is worth more than the rest
    for (size_t i = 0; i < size && i < longest; i++)
        writer::put_visible(from[i]);
    if (size > longest)
        put("...");
}

void message::put_in_quotes(const char *from, size_t size)
{
    put('\'');
    put_visible(from, size);
    put('\'');
}

void message::put_in_quotes(const char *from)
{
    put_in_quotes(from, length_of(from));
}

void message::put_place(const char *path, uint32_t line, uint32_t column)
{
    put_visible(path, length_of(path));
    put(':');
    put_decimal(line);
    put(':');
    put_decimal(column);
    put(": ");
}

void message::put_errno(int error)
{
    const char *name = barebpf_errno_name(error);
    put(name ? name : "errno");
    put(" (");
    put_decimal(static_cast<uint64_t>(error < 0 ? -error : error));
    put(')');
}

void message::send()
{
    constexpr size_t level_size = 3; // "<3>"
    end();
    const size_t size = length < room ? length : room - 1;
    bytes[size] = '\n';
    const char *line = bytes + level_size;
    const size_t line_size = size + 1 - level_size;
    if (goes_to_kernel)
        write_to_kernel(bytes, size + 1) || write_to_standard_error(line, line_size);
    else
        write_to_standard_error(line, line_size) || write_to_kernel(bytes, size + 1);
}

} // namespace barebpf::init
