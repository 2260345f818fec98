// SPDX-License-Identifier: BSD-2-Clause
#include "create.h"

#include "above_stdio.h"
#include "ask.h"
#include "fallback.h"
#include "known.h"
#include "map_name.h"

namespace barebpf
{

int create(request *asked)
{
    map_create_attr *attr = &asked->attr;
    if (learned.names.recall() == known::no)
        clear_name(attr);
    int fd = ask_first(asked);
    if (fd < 0)
        fd = fall_back(asked, fd);
    else if (attr->map_name[0])
        learned.names.learn(known::yes);
    return above_stdio(fd);
}

} // namespace barebpf
