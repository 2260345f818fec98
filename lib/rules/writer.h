// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_LIB_RULES_WRITER_H
#define BAREBPF_LIB_RULES_WRITER_H

#include <stddef.h>
#include <stdint.h>

#include "lib/facts/types.h"

namespace barebpf
{

// Text into a buffer that may be too small.
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

    void put_decimal(uint64_t number);
    void put_hexadecimal(uint64_t number);

    // "4.14.67"; "4.14" when there is no patch level.
    void put_release(release kernel);

    // "an array", "a hash": the type's name, or "map type 99", with its article.
    void put_type_with_article(uint32_t map_type);
    void put_type(uint32_t map_type);

    // Names of map_flags bits, with commas; bits without one as a number. "none" for 0.
    void put_flags(uint32_t flags);

    // Ends the text; returns the length it has uncut.
    size_t end()
    {
        if (room)
            text[length < room ? length : room - 1] = '\0';
        return length;
    }
};

} // namespace barebpf

#endif
