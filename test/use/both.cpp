// SPDX-License-Identifier: BSD-2-Clause
#include <bpf/bpf.h>

#include <barebpf/bpf.h>
#include <barebpf/barebpf.hpp>

#include <cerrno>
#include <cstring>

#include <dlfcn.h>

static bool from_libbpf()
{
    Dl_info found = {};
    return dladdr(reinterpret_cast<void *>(bpf_map_create), &found) &&
           std::strstr(found.dli_fname, "/libbpf.so");
}

// libbpf and barebpf in one program: bpf_map_create() and its opts are libbpf's, the rest is ours.
int main()
{
    bpf_map_create_opts opts = {};
    opts.sz = sizeof(opts);
    opts.map_flags = BPF_F_NO_PREALLOC;
    const int theirs = bpf_map_create(BPF_MAP_TYPE_HASH, "theirs", 4, 8, 16, &opts);
    if (theirs == -EPERM)
        return 77;
    const barebpf::fd_result ours = barebpf::create_map(
        {.type = barebpf::map_type::hash, .key_size = 4, .value_size = 8, .max_entries = 16, .name = "ours"});
    if (theirs < 3 || !ours || !from_libbpf())
        return 1;

    bpf_map_info info = {};
    __u32 size = sizeof(info);
    return bpf_obj_get_info_by_fd(theirs, &info, &size) || info.max_entries != 16 ? 2 : 0;
}
