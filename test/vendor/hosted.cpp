// SPDX-License-Identifier: BSD-2-Clause
#include "barebpf.h"

#include <errno.h>
#include <linux/bpf.h>
#include <string.h>

// A program with a C library and a copy of barebpf: 0, 77 when bpf(2) is not permitted, or the step that
// failed.

namespace
{

#ifndef BAREBPF_NO_LIBBPF_NAMES
bool refuses_an_sz_of_zero()
{
    bpf_map_create_opts opts;
    memset(&opts, 0, sizeof(opts));
    errno = 0;
    return bpf_map_create(BPF_MAP_TYPE_HASH, nullptr, 4, 4, 1, &opts) == -EINVAL && errno == EINVAL;
}

int make_map()
{
    LIBBPF_OPTS(bpf_map_create_opts, opts, .map_flags = BPF_F_NO_PREALLOC);
    return bpf_map_create(BPF_MAP_TYPE_HASH, "hosted", 4, 8, 16, &opts);
}
#else
// Names that would clash with barebpf's, had it any of them.
struct bpf_map_create_opts {
};
int bpf_map_create()
{
    return -EINVAL;
}

bool refuses_an_sz_of_zero()
{
    errno = 0;
    barebpf_map_spec spec;
    memset(&spec, 0, sizeof(spec));
    return barebpf_map_create_attr(&spec, nullptr, 0) == bpf_map_create() && errno == EINVAL;
}

int make_map()
{
    const barebpf::map_spec spec = {.type = barebpf::map_type::hash,
                                    .key_size = 4,
                                    .value_size = 8,
                                    .max_entries = 16,
                                    .name = "hosted",
                                    .flags = barebpf::map_flags::no_prealloc};
    barebpf::fd_result made = barebpf::create_map(spec);
    return made ? (*made).release() : -made.error().number;
}
#endif

bool is_the_map(int fd)
{
    bpf_map_info info;
    uint32_t size = sizeof(info);
    memset(&info, 0, sizeof(info));
    return barebpf_obj_get_info_by_fd(fd, &info, &size) == 0 && info.type == BPF_MAP_TYPE_HASH &&
           info.key_size == 4 && info.value_size == 8 && info.max_entries == 16 &&
           info.map_flags == BPF_F_NO_PREALLOC && strcmp(info.name, "hosted") == 0;
}

// The C++ half, whose errors have names.
bool names_an_error()
{
    const barebpf::fd_result refused = barebpf::create_map({.type = barebpf::map_type::array, .key_size = 3});
    return !refused && strcmp(refused.error().name(), "EINVAL") == 0;
}

bool sets_errno_of_a_pin()
{
    errno = 0;
    return barebpf_obj_get("/nowhere") == -ENOENT && errno == ENOENT && barebpf_obj_pin(-1, "/nowhere") < 0;
}

} // namespace

int main()
{
    if (!refuses_an_sz_of_zero())
        return 1;
    const int fd = make_map();
    if (fd == -EPERM)
        return 77;
    if (fd < 3)
        return 2;
    if (!is_the_map(fd))
        return 3;
    if (!names_an_error())
        return 4;
    if (!sets_errno_of_a_pin())
        return 5;
    return barebpf_close(fd) == 0 ? 0 : 6;
}
