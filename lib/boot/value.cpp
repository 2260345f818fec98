// SPDX-License-Identifier: BSD-2-Clause
#include "value.h"

#include "lib/facts/number.h"

namespace barebpf
{
namespace
{

bool wrong_datum(map_file_reading *r, uint32_t rule, const datum &what, const map_file_word &word,
                 uint64_t given, uint64_t allowed)
{
    return wrong_number(r, rule, word, given, allowed, what.about);
}

// Reads digits and moves *at past them; false, and noted, when there are none or too many.
bool read_digits(map_file_reading *r, const datum &what, const map_file_word &word, const char **at,
                 uint64_t *number)
{
    const uint32_t rule = read_number(at, word.at + word.size, number);
    if (rule == BAREBPF_WORD_RANGE)
        return wrong_datum(r, BAREBPF_WRONG_FIT, what, word, what.width, largest_number(what.width));
    return !rule || wrong_datum(r, BAREBPF_WRONG_DATA, what, word, 0, 0);
}

bool read_plain_number(map_file_reading *r, datum *what, const map_file_word &word)
{
    const bool negative = word.size > 1 && *word.at == '-';
    const char *at = word.at + negative;
    uint64_t number = 0;
    if (!read_digits(r, *what, word, &at, &number))
        return false;
    if (at != word.at + word.size)
        return wrong_datum(r, BAREBPF_WRONG_DATA, *what, word, 0, 0);
    const uint64_t largest = largest_number(what->width);
    if (!largest)
        return wrong_datum(r, BAREBPF_WRONG_WIDTH, *what, word, what->width, 0);
    if (number > (negative ? largest / 2 + 1 : largest))
        return wrong_datum(r, BAREBPF_WRONG_FIT, *what, word, what->width, largest);
    what->number = negative ? 0 - number : number;
    what->is_number = true;
    if (what->to)
        put_number(what->to, what->width, what->number);
    return true;
}

bool read_cpus(map_file_reading *r, datum *what, const map_file_word &word)
{
    const uint64_t largest = largest_number(what->width);
    if (!r->file->cpus)
        return wrong_datum(r, BAREBPF_WRONG_CPUS, *what, word, 0, 0);
    if (!largest)
        return wrong_datum(r, BAREBPF_WRONG_WIDTH, *what, word, what->width, 0);
    if (r->file->cpus > largest)
        return wrong_datum(r, BAREBPF_WRONG_FIT, *what, word, what->width, largest);
    if (what->to)
        put_number(what->to, what->width, r->file->cpus);
    return true;
}

bool read_string(map_file_reading *r, datum *what, const map_file_word &word)
{
    if (word.size > what->width)
        return wrong_datum(r, BAREBPF_WRONG_STRING, *what, word, word.size, what->width);
    for (uint32_t i = 0; what->to && i < what->width; i++)
        hidden(what->to)[i] = i < word.size ? word.at[i] : '\0';
    return true;
}

// Two digits, or one where the word has no more.
unsigned int byte_at(const map_file_word &word, size_t at)
{
    const unsigned int first = digit_of(word.at[at]);
    return word.size == 1 ? first : first * 16 + digit_of(word.at[at + 1]);
}

bool is_hexadecimal(const map_file_word &word)
{
    for (size_t i = 0; i < word.size; i++)
        if (digit_of(word.at[i]) > 15)
            return false;
    return word.size == 1 || (word.size && word.size % 2 == 0);
}

// Bytes as bpftool prints them, `0a 00 00 01`, or several in one word, `0a000001`.
bool read_hex(map_file_reading *r, datum *what, const map_file_word &hex)
{
    for (uint32_t done = 0; done < what->width;) {
        map_file_word word;
        next_is met = next_is::end;
        if (!take_word(r, &word, &met))
            return false;
        if (met == next_is::end)
            return wrong_datum(r, BAREBPF_WRONG_HEX_SHORT, *what, hex, done, what->width);
        if (word.quoted || !is_hexadecimal(word))
            return wrong_datum(r, BAREBPF_WRONG_HEX, *what, word, done, what->width);
        const size_t bytes = (word.size + 1) / 2;
        if (bytes > what->width - done)
            return wrong_datum(r, BAREBPF_WRONG_HEX_LONG, *what, word, done, what->width);
        for (size_t i = 0; what->to && i < bytes; i++)
            what->to[done + i] = static_cast<char>(byte_at(word, 2 * i));
        done += static_cast<uint32_t>(bytes);
    }
    return true;
}

} // namespace

bool is_range(const map_file_word &word)
{
    for (size_t i = 0; !word.quoted && i + 1 < word.size; i++)
        if (word.at[i] == '.' && word.at[i + 1] == '.')
            return true;
    return false;
}

bool read_range(map_file_reading *r, uint32_t width, const map_file_word &word, key_range *range)
{
    const datum key("key", nullptr, width);
    const char *const end = word.at + word.size;
    const char *at = word.at;
    if (!read_digits(r, key, word, &at, &range->first))
        return false;
    if (end - at < 3 || at[0] != '.' || at[1] != '.')
        return wrong_datum(r, BAREBPF_WRONG_DATA, key, word, 0, 0);
    at += 2;
    if (!read_digits(r, key, word, &at, &range->last))
        return false;
    if (at != end)
        return wrong_datum(r, BAREBPF_WRONG_DATA, key, word, 0, 0);
    if (!largest_number(width))
        return wrong_datum(r, BAREBPF_WRONG_WIDTH, key, word, width, 0);
    if (range->last > largest_number(width))
        return wrong_datum(r, BAREBPF_WRONG_FIT, key, word, width, largest_number(width));
    return range->first <= range->last ||
           wrong_datum(r, BAREBPF_WRONG_RANGE, key, word, range->last, range->first);
}

bool read_datum(map_file_reading *r, datum *what, const map_file_word &first)
{
    if (first.quoted)
        return read_string(r, what, first);
    if (is_word(first, "hex"))
        return read_hex(r, what, first);
    if (is_word(first, "nr_cpus"))
        return read_cpus(r, what, first);
    if (is_word(first, "percpu"))
        return wrong_datum(r, BAREBPF_WRONG_PERCPU, *what, first, 0, 0);
    if (is_range(first))
        return wrong_datum(r, BAREBPF_WRONG_RANGE_PLACE, *what, first, 0, 0);
    return read_plain_number(r, what, first);
}

} // namespace barebpf
