// SPDX-License-Identifier: BSD-2-Clause
#include "opts.h"

namespace barebpf
{

bool read_words(void *to, const void *given, const int8_t *table)
{
    using word = word_of_size<4>::type;
    const size_t sz = *static_cast<const size_t *>(given), known_end = static_cast<size_t>(*table) * 4;
    if (!valid_sz(given, sz, sizeof(sz), known_end))
        return false;
    const word *from = static_cast<const word *>(given) + sizeof(sz) / 4;
    size_t words = ((sz < known_end ? sz : known_end) - sizeof(sz)) / 4;
    if (words && table[words] < 0) // sz cuts a member of two words
        words--;
    while (words--)
        static_cast<word *>(to)[*++table & 0x7f] = *from++;
    return true;
}

} // namespace barebpf
