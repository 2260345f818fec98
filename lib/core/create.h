// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_LIB_CORE_CREATE_H
#define BAREBPF_LIB_CORE_CREATE_H

#include "above_stdio.h"
#include "ask.h"
#include "fallback.h"
#include "known.h"

namespace barebpf
{

// Makes the map: a descriptor of at least 3, or -errno. What had to be given up for it is no longer in the
// request.
inline int create(request *asked)
{
    int fd = ask_first(asked);
    if (fd < 0)
        fd = fall_back(asked, fd);
    else if (asked->attr.map_name[0])
        learned.names.learn(known::yes);
    return above_stdio(fd);
}

} // namespace barebpf

#endif
