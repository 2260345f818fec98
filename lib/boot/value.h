// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_LIB_BOOT_VALUE_H
#define BAREBPF_LIB_BOOT_VALUE_H

#include "map_file.h"

namespace barebpf
{

// The largest number of so many bytes; 0 for a width that no number has.
inline uint64_t largest_number(uint32_t width)
{
    switch (width) {
    case 1:
        return UINT8_MAX;
    case 2:
        return UINT16_MAX;
    case 4:
        return UINT32_MAX;
    case 8:
        return UINT64_MAX;
    default:
        return 0;
    }
}

// Writes a number as a machine with this byte order keeps it in 1, 2, 4 or 8 bytes.
inline void put_number(void *to, uint32_t width, uint64_t number)
{
    const auto low = static_cast<uint32_t>(number);
    if (width == sizeof(number))
        return move_word<sizeof(number), 1>(to, &number);
    if (width == sizeof(low))
        return move_word<sizeof(low), 1>(to, &low);
    char *bytes = static_cast<char *>(to);
    for (uint32_t i = 0; i < width; i++, number >>= 8)
        bytes[__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__ ? width - 1 - i : i] = static_cast<char>(number & 0xff);
}

// The bytes of a key, or of a value of one CPU.
struct datum {
    const char *about; // "key" or "value"
    char *to;          // nullptr: only checks
    uint32_t width;
    bool is_number;  // what was written is a number,
    uint64_t number; // this, modulo 2^64

    // One by one: of a braced list some compilers make a call of memset.
    datum(const char *what, void *bytes, uint32_t size)
    {
        about = what;
        to = static_cast<char *>(bytes);
        width = size;
        is_number = false;
        number = 0;
    }
};

// Fills it from the words that begin with `first`.
bool read_datum(map_file_reading *r, datum *what, const map_file_word &first);

// A key such as 0..63, or one number.
struct key_range {
    uint64_t first;
    uint64_t last;
};

// True if a word is a range, right or wrong.
bool is_range(const map_file_word &word);
bool read_range(map_file_reading *r, uint32_t width, const map_file_word &word, key_range *range);

} // namespace barebpf

#endif
