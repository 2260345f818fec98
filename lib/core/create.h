// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_LIB_CORE_CREATE_H
#define BAREBPF_LIB_CORE_CREATE_H

#include "ask.h"
#include "fallback.h"
#include "known.h"

namespace barebpf
{

// What comes after the first answer: a descriptor of at least 3, or -errno. What had to be given up for it is
// no longer in the attr.
[[gnu::always_inline]] inline int finish(map_create_attr *attr, int answer)
{
    if (answer <= 2)
        return fall_back(attr, answer);
    if (learned.names.recall() != known::yes && attr->map_name[0])
        learned.names.learn(known::yes);
    return answer;
}

} // namespace barebpf

#endif
