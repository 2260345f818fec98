// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_TEST_MATRIX_LAYOUTS_H
#define BAREBPF_TEST_MATRIX_LAYOUTS_H

#include <cstddef>

#include "barebpf/bpf.h"

// struct bpf_map_create_opts as libbpf released it, stated once more so that the tests do not rely on the
// header.
namespace barebpf::test
{

// The ABI this program was compiled for: a column of what follows.
enum abi {
    lp64,
    i386,  // 64-bit integers aligned to 4 bytes, or to 2 as on m68k
    ilp32, // 64-bit integers aligned to 8 bytes
};
constexpr abi here = sizeof(void *) == 8 ? lp64 : alignof(bpf_map_create_opts) <= 4 ? i386 : ilp32;
constexpr const char *abi_names[] = {"LP64", "i386", "ILP32"};
constexpr size_t pointer = sizeof(void *);

// A member of the options: its size, its offset in each ABI, and its place in the kernel's attr.
struct member {
    const char *name;
    size_t size;
    size_t offset[3];
    size_t attr;
};
constexpr member members[] = {
    {"btf_fd", 4, {8, 4, 4}, 48},
    {"btf_key_type_id", 4, {12, 8, 8}, 52},
    {"btf_value_type_id", 4, {16, 12, 12}, 56},
    {"btf_vmlinux_value_type_id", 4, {20, 16, 16}, 60},
    {"inner_map_fd", 4, {24, 20, 20}, 20},
    {"map_flags", 4, {28, 24, 24}, 16},
    {"map_extra", 8, {32, 28, 32}, 64},
    {"numa_node", 4, {40, 36, 40}, 24},
    {"map_ifindex", 4, {44, 40, 44}, 44},
    {"value_type_btf_obj_fd", 4, {48, 44, 48}, 72},
    {"token_fd", 4, {52, 48, 52}, 76},
    {"excl_prog_hash", pointer, {56, 52, 56}, 80},
    {"excl_prog_hash_size", 4, {64, 56, 60}, 88},
};

// The last member, which is not part of the attr.
constexpr size_t log_opts_offset[] = {72, 60, 64};
constexpr size_t known_end[] = {80, 64, 68};

// sizeof in libbpf 0.6, 1.4, 1.7 and after it.
constexpr size_t layouts[][4] = {{48, 56, 72, 80}, {44, 52, 60, 64}, {48, 56, 64, 72}};
static_assert(sizeof(bpf_map_create_opts) == layouts[here][3]);

} // namespace barebpf::test

#endif
