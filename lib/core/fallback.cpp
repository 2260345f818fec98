// SPDX-License-Identifier: BSD-2-Clause
#include "fallback.h"

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

// Whether the name may be what was refused: so answers a kernel without names.
bool may_be_name(int refused)
{
    return (refused == -EINVAL || refused == -E2BIG) && learned.names.recall() != known::yes;
}

} // namespace

int fall_back(request *asked, int refused)
{
    map_create_attr *attr = &asked->attr;
    memlock_limit limit;
    limit.most = wanted_memlock();
    limit.steps = 0;
    limit.changed = false;
    const bool named = attr->map_name[0];
    bool probing = false; // whether attr asks for a plain name, only to see if this kernel has names
    int answer = refused;
    do {
        if (attr->map_name[0] && may_be_name(answer)) {
            probing = make_plain(attr);
            if (probing)
                refused = answer;
            else
                clear_name(attr);
        } else if (answer != -EPERM || !raise(&limit)) {
            break;
        }
        answer = ask(asked);
    } while (answer < 0);
    if (answer >= 0 && named)
        learned.names.learn(attr->map_name[0] ? known::yes : known::no);
    if (probing) {
        if (answer >= 0)
            sys::close(answer);
        answer = refused;
    }
    if (answer < 0)
        put_back(&limit);
    return answer;
}

} // namespace barebpf
