// SPDX-License-Identifier: BSD-2-Clause
#include "fallback.h"

#include "above_stdio.h"
#include "ask.h"
#include "errno.h"
#include "known.h"
#include "map_name.h"
#include "memlock.h"
#include "memlock_rlim.h"

namespace barebpf
{
namespace
{

// True if the request may have been refused for its name: a kernel without names returns these errors.
bool may_be_name(int refused)
{
    return (refused == -EINVAL || refused == -E2BIG) && learned.names.recall() != known::yes;
}

} // namespace

int fall_back(map_create_attr *attr, int answer)
{
    memlock_limit limit;
    limit.most = wanted_memlock();
    limit.steps = 0;
    limit.changed = false;
    const bool named = attr->map_name[0];
    bool probing = false; // true while attr has a plain name only to learn if this kernel has names
    int refused = answer;
    while (answer < 0) {
        if (attr->map_name[0] && may_be_name(answer)) {
            probing = make_plain(attr);
            if (probing)
                refused = answer;
            else
                clear_name(attr);
        } else if (answer != -EPERM || !raise(&limit)) {
            break;
        }
        answer = ask(attr);
    }
    if (answer >= 0 && named)
        learned.names.learn(attr->map_name[0] ? known::yes : known::no);
    if (probing) {
        if (answer >= 0)
            sys::close(answer);
        answer = refused;
    }
    answer = above_stdio(answer);
    if (answer < 0)
        put_back(limit);
    return answer;
}

} // namespace barebpf
