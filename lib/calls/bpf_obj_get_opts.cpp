// SPDX-License-Identifier: BSD-2-Clause
#include "barebpf/bpf.h"

#include "lib/core/libbpf_name.h"
#include "obj.h"
#include "opts.h"

using namespace barebpf;

extern "C" BAREBPF_WEAK int bpf_obj_get_opts(const char *pathname, const struct bpf_obj_get_opts *opts)
{
    obj_attr attr;
    if (!take_opts<get_places>(&attr, opts))
        return with_errno(-EINVAL);
    encode(&attr, 0, pathname);
    return with_errno(above_stdio(sys::bpf<sys::command::obj_get>(&attr)));
}
