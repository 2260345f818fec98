// SPDX-License-Identifier: BSD-2-Clause
#include "files.h"

#include "lib/core/sys.h"
#include "lib/rules/writer.h"

namespace barebpf
{
namespace
{

bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

// 16 for what is no digit.
uint32_t digit_in_file(char c)
{
    if (is_digit(c))
        return static_cast<uint32_t>(c - '0');
    return c >= 'a' && c <= 'f' ? static_cast<uint32_t>(c - 'a') + 10 : 16;
}

} // namespace

bool starts_with(const char *text, const char *beginning)
{
    while (*beginning && *text == *beginning)
        text++, beginning++;
    return !*beginning;
}

bool number_of_text(const char *text, uint64_t *number)
{
    while (*text == ' ' || *text == '\t')
        text++;
    const bool hexadecimal = starts_with(text, "0x");
    text += hexadecimal ? 2 : 0;
    const uint32_t base = hexadecimal ? 16 : 10;
    if (digit_in_file(*text) >= base)
        return false;
    for (*number = 0; digit_in_file(*text) < base; text++)
        *number = *number * base + digit_in_file(*text);
    return true;
}

bool text_file::read(const char *path)
{
    text[0] = '\0';
    const int fd = sys::open_to_read(path);
    if (fd < 0)
        return false;
    const long size = sys::read(fd, text, sizeof(text) - 1);
    sys::close(fd);
    text[size > 0 ? size : 0] = '\0';
    return size > 0;
}

bool text_file::read_fdinfo(int fd)
{
    char path[40];
    writer name = {path, sizeof(path), 0};
    name.put("/proc/self/fdinfo/");
    name.put_decimal(static_cast<uint64_t>(fd));
    name.end();
    return read(path);
}

const char *text_file::find(const char *words) const
{
    size_t length = 0;
    while (words[length])
        length++;
    for (const char *at = text; *at; at++)
        if (starts_with(at, words))
            return at + length;
    return nullptr;
}

bool text_file::find_number(const char *words, uint64_t *number) const
{
    const char *at = find(words);
    return at && number_of_text(at, number);
}

bool text_file::last_number(uint64_t *number) const
{
    const char *last = nullptr;
    for (const char *at = text; *at; at++)
        if (is_digit(*at) && (at == text || !is_digit(at[-1])))
            last = at;
    return last && number_of_text(last, number);
}

uint32_t text_file::words_of_first_line() const
{
    uint32_t words = 0;
    bool inside = false;
    for (const char *at = text; *at && *at != '\n'; at++) {
        words += *at != ' ' && !inside;
        inside = *at != ' ';
    }
    return words;
}

} // namespace barebpf
