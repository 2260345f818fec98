// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_LIB_FACTS_NUMBER_H
#define BAREBPF_LIB_FACTS_NUMBER_H

#include "barebpf/barebpf.h"

// Numbers as users write them. A text ends before `end`, or at its first byte that belongs to no number, such
// as a NUL.
namespace barebpf
{

inline unsigned int digit_of(char c)
{
    if (c >= '0' && c <= '9')
        return static_cast<unsigned int>(c - '0');
    if (c >= 'a' && c <= 'f')
        return static_cast<unsigned int>(c - 'a') + 10;
    if (c >= 'A' && c <= 'F')
        return static_cast<unsigned int>(c - 'A') + 10;
    return 16;
}

// Appends a digit to a number of base 8, 10 or 16, by additions alone: a 64-bit multiplication calls libgcc
// on some 32-bit processors. False on overflow.
inline bool append_digit(uint64_t *number, unsigned int base, unsigned int digit)
{
    const uint64_t once = *number;
    uint64_t sum = once;
    bool over = __builtin_add_overflow(sum, sum, &sum);
    over |= __builtin_add_overflow(sum, sum, &sum);
    over |= __builtin_add_overflow(sum, base == 10 ? once : sum, &sum);
    if (base != 8)
        over |= __builtin_add_overflow(sum, sum, &sum);
    over |= __builtin_add_overflow(sum, uint64_t{digit}, &sum);
    *number = sum;
    return !over;
}

// Reads a decimal, 0x hexadecimal or 0 octal number and moves *text past it. Returns 0, or the rule that was
// broken.
inline uint32_t read_number(const char **text, const char *end, uint64_t *number)
{
    const char *at = *text;
    unsigned int base = 10;
    if (end - at > 1 && at[0] == '0' && (at[1] == 'x' || at[1] == 'X'))
        base = 16, at += 2;
    else if (at != end && *at == '0')
        base = 8;
    const char *first = at;
    *number = 0;
    for (; at != end && digit_of(*at) < base; at++)
        if (!append_digit(number, base, digit_of(*at)))
            return BAREBPF_WORD_RANGE;
    if (at == first)
        return BAREBPF_WORD_NUMBER;
    *text = at;
    return 0;
}

} // namespace barebpf

#endif
