// SPDX-License-Identifier: BSD-2-Clause
#include "opts.h"

namespace barebpf
{

bool read_words(void *to, const void *given, const int8_t *table)
{
    using word = word_of_size<4>::type;
    const size_t sz = *static_cast<const size_t *>(given);
    if (!valid_sz(given, sz, sizeof(sz), static_cast<size_t>(table[0]) * 4))
        return false;
    const size_t most = static_cast<uint8_t>(table[1]);
    size_t words = (sz - sizeof(sz)) / 4;
    if (words > most)
        words = most;
    if (words && table[1 + words] < 0) // sz cuts a member of two words
        words--;
    const word *from = static_cast<const word *>(given) + sizeof(sz) / 4;
    for (table += 2; words; words--)
        static_cast<word *>(to)[*table++ & 0x7f] = *from++;
    return true;
}

} // namespace barebpf
