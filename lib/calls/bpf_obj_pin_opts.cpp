// SPDX-License-Identifier: BSD-2-Clause
#include "barebpf/bpf.h"

#include "lib/core/libbpf_name.h"
#include "obj.h"
#include "opts.h"

using namespace barebpf;

extern "C" BAREBPF_WEAK int bpf_obj_pin_opts(int fd, const char *pathname,
                                             const struct bpf_obj_pin_opts *opts)
{
    obj_attr attr;
    if (!take_opts<pin_places>(&attr, opts))
        return with_errno(-EINVAL);
    encode(&attr, fd, pathname);
    return with_errno(sys::bpf<sys::command::obj_pin>(&attr));
}
