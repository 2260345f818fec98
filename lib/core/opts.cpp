// SPDX-License-Identifier: BSD-2-Clause
#include "opts.h"

namespace barebpf
{

bool read_members(void *to, const void *given, const place *places)
{
    const size_t sz = *static_cast<const size_t *>(given);
    const place *last = places;
    while (last->size)
        last++;
    if (!valid_sz(given, sz, sizeof(sz), last->from))
        return false;
    for (const place *member = places; member != last; member++)
        if (size_t{member->from} + member->size <= sz)
            copy(static_cast<char *>(to) + member->to, static_cast<const char *>(given) + member->from,
                 member->size);
    return true;
}

} // namespace barebpf
