// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_LIB_RULES_WRITER_H
#define BAREBPF_LIB_RULES_WRITER_H

#include <stddef.h>
#include <stdint.h>

#include "lib/facts/types.h"

namespace barebpf
{

// Writes text into a buffer, and counts what does not fit.
struct writer {
    char *text;
    size_t room;
    size_t length;

    void put(char c)
    {
        if (length + 1 < room)
            text[length] = c;
        length++;
    }

    void put(const char *more)
    {
        while (more && *more)
            put(*more++);
    }

    // A byte as a terminal may show it.
    void put_visible(char c);

    void put_decimal(uint64_t number);
    void put_hexadecimal(uint64_t number);

    // "4.14.67", or "4.14" without a patch level.
    void put_release(release kernel);

    // "an array", "a hash": the type's name, or "map type 99", with its article.
    void put_type_with_article(uint32_t map_type);
    void put_type(uint32_t map_type);

    // Names of map_flags bits, separated by commas; bits without a name as one number. "none" for 0.
    void put_flags(uint32_t flags);

    // Ends the text with a NUL; returns its uncut length.
    size_t end()
    {
        if (room)
            text[length < room ? length : room - 1] = '\0';
        return length;
    }
};

} // namespace barebpf

#endif
