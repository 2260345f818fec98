// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_LIB_EXPLAIN_FILES_H
#define BAREBPF_LIB_EXPLAIN_FILES_H

#include <stddef.h>
#include <stdint.h>

namespace barebpf
{

bool starts_with(const char *text, const char *beginning);

// The beginning of a small file of /proc or /sys, as text.
class text_file
{
public:
    // False if there is no such file or it cannot be read.
    bool read(const char *path);
    bool read_fdinfo(int fd);

    const char *begin() const { return text; }
    bool has(const char *words) const { return find(words) != nullptr; }

    // The position after the first occurrence of a text; nullptr if there is none.
    const char *find(const char *words) const;

    // The number that follows these words, decimal or, with 0x, hexadecimal.
    bool find_number(const char *words, uint64_t *number) const;
    bool last_number(uint64_t *number) const;
    uint32_t words_of_first_line() const;

private:
    char text[1024];
};

// The number at the beginning of a text, after blanks; false when there is none.
bool number_of_text(const char *text, uint64_t *number);

} // namespace barebpf

#endif
