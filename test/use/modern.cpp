// SPDX-License-Identifier: BSD-2-Clause
#include <barebpf/barebpf.hpp>

#include <cerrno>
#include <cstring>

#include <linux/bpf.h>

// A C++20 program: designated initialisers, an owned descriptor, an error that knows its name.
int main()
{
    const barebpf::map_spec spec = {.type = barebpf::map_type::array,
                                    .key_size = 4,
                                    .value_size = 8,
                                    .max_entries = 1,
                                    .name = "modern",
                                    .flags = barebpf::map_flags::rdonly_prog | barebpf::map_flags::mmapable};
    const barebpf::fd_result refused = barebpf::create_map({.type = barebpf::map_type::array, .key_size = 3});
    barebpf::fd_result made = barebpf::create_map(spec);
    if (!made && made.error().number == EPERM)
        return 77;
    if (!made || made->get() < 3)
        return 1;
    if (refused || refused.error().number != EINVAL || std::strcmp(refused.error().name(), "EINVAL") != 0)
        return 2;
    const barebpf::fd map = *static_cast<barebpf::fd_result &&>(made);
    if (map.get() < 3 || *made)
        return 3;

    bpf_map_info info = {};
    uint32_t size = sizeof(info);
    if (barebpf_obj_get_info_by_fd(map.get(), &info, &size) != 0)
        return 4;
    return info.value_size == 8 && info.map_flags == (BPF_F_RDONLY_PROG | BPF_F_MMAPABLE) &&
                   std::strcmp(info.name, "modern") == 0
               ? 0
               : 5;
}
