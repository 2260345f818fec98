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

// Appends the digits of a text and moves *text past them. False on overflow.
inline bool append_digits(const char **text, const char *end, unsigned int base, uint64_t *number)
{
    const char *at = *text;
    for (; at != end && digit_of(*at) < base; at++)
        if (!append_digit(number, base, digit_of(*at)))
            return false;
    *text = at;
    return true;
}

// As many decimal digits always fit into a word.
inline constexpr ptrdiff_t word_digits = sizeof(long) == 8 ? 19 : 9;

// Reads at most so many decimal digits and moves *text past them.
inline unsigned long read_decimal_word(const char **text, const char *end)
{
    const char *at = *text;
    const char *const stop = end - at > word_digits ? at + word_digits : end;
    unsigned long number = 0;
    for (; at != stop; at++) {
        const unsigned int digit = static_cast<unsigned char>(*at) - unsigned{'0'};
        if (digit > 9)
            break;
        number = number * 10 + digit;
    }
    *text = at;
    return number;
}

// Reads a decimal, 0x hexadecimal or 0 octal number and moves *text past it. Returns 0, or the rule that was
// broken.
inline uint32_t read_number(const char **text, const char *end, uint64_t *number)
{
    const char *at = *text;
    unsigned int base = 10;
    if (end - at > 1 && *at == '0') {
        base = at[1] == 'x' || at[1] == 'X' ? 16 : 8;
        at += base == 16 ? 2 : 0;
    }
    const char *first = at;
    uint64_t sum = base == 10 ? read_decimal_word(&at, end) : 0;
    if ((base != 10 || at - first == word_digits) && !append_digits(&at, end, base, &sum))
        return BAREBPF_WORD_RANGE;
    if (at == first)
        return BAREBPF_WORD_NUMBER;
    *number = sum;
    *text = at;
    return 0;
}

} // namespace barebpf

#endif
