// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_LIB_CORE_MAP_NAME_H
#define BAREBPF_LIB_CORE_MAP_NAME_H

#include "attr.h"

namespace barebpf
{

inline void clear_name(map_create_attr *attr)
{
    char *at = attr->map_name;
    for (char *end = at + sizeof(attr->map_name); at != end; at = hidden(at + 1))
        *at = '\0';
}

// True for letters, digits and '_', which every kernel with names accepts. Some or all kernels refuse any
// other character; 5.2 is the first to accept a dot.
inline bool is_plain(char c)
{
    const char lower = static_cast<char>(c | 0x20);
    return c == '_' || (c >= '0' && c <= '9') || (lower >= 'a' && lower <= 'z');
}

inline bool is_plain_name(const map_create_attr &attr)
{
    for (const char &c : attr.map_name)
        if (c && !is_plain(c))
            return false;
    return true;
}

// Replaces every character that is not plain with '_'. True if there was one.
inline bool make_plain(map_create_attr *attr)
{
    bool changed = false;
    for (char &c : attr->map_name) {
        if (!c)
            break;
        if (!is_plain(c)) {
            c = '_';
            changed = true;
        }
    }
    return changed;
}

} // namespace barebpf

#endif
