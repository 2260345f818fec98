// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_LIB_CORE_CREATE_H
#define BAREBPF_LIB_CORE_CREATE_H

#include "ask.h"
#include "fallback.h"
#include "known.h"

namespace barebpf
{

// Completes a request after the kernel's first result: returns a descriptor of at least 3, or -errno. *attr
// is left as last requested, without what had to be given up.
[[gnu::always_inline]] inline int finish(map_create_attr *attr, int answer)
{
    if (answer <= 2)
        return fall_back(attr, answer);
    if (attr->map_name[0])
        learned.names.learn(known::yes);
    return answer;
}

} // namespace barebpf

#endif
