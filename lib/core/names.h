// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_LIB_CORE_NAMES_H
#define BAREBPF_LIB_CORE_NAMES_H

#include <stddef.h>
#include <stdint.h>

namespace barebpf
{

// A number and its name. The text is stored in place: a table of pointers would need relocations at program
// start.
struct named_number {
    uint16_t number;
    char name[22];
};

inline bool same_text(const char *a, const char *b)
{
    while (*a && *a == *b)
        a++, b++;
    return *a == *b;
}

template <size_t count> const char *name_of(const named_number (&table)[count], uint32_t number)
{
    for (const named_number &entry : table)
        if (entry.number == number)
            return entry.name;
    return nullptr;
}

// The number with this name, or `none`.
template <size_t count> int number_of(const named_number (&table)[count], const char *name, int none)
{
    for (const named_number &entry : table)
        if (same_text(entry.name, name))
            return entry.number;
    return none;
}

} // namespace barebpf

#endif
