// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_LIB_CORE_ATTR_H
#define BAREBPF_LIB_CORE_ATTR_H

#include <linux/bpf.h>

#include "barebpf/barebpf.h"
#include "command.h"
#include "mem.h"
#include "placed.h"

namespace barebpf
{

// The BPF_MAP_CREATE member of the kernel's union bpf_attr through Linux 7.3. Ours, because the installed
// header may be older than the kernel; the same bytes on every ABI, a 32-bit process on a 64-bit kernel
// included.
struct alignas(8) map_create_attr {
    uint32_t map_type;
    uint32_t key_size;
    uint32_t value_size;
    uint32_t max_entries;
    uint32_t map_flags;
    uint32_t inner_map_fd;
    uint32_t numa_node;
    char map_name[16];
    uint32_t map_ifindex;
    uint32_t btf_fd;
    uint32_t btf_key_type_id;
    uint32_t btf_value_type_id;
    uint32_t btf_vmlinux_value_type_id;
    uint64_t map_extra;
    int32_t value_type_btf_obj_fd;
    int32_t map_token_fd;
    uint64_t excl_prog_hash;
    uint32_t excl_prog_hash_size;
    uint32_t padding;
};

// What is passed: through the last member. Kernels older than a member accept it while it is zero,
// since 3.18.
inline constexpr uint32_t map_create_attr_size = offsetof(map_create_attr, padding);
static_assert(map_create_attr_size == 92 && sizeof(map_create_attr) == 96);

#define BAREBPF_PLACED(member, offset) BAREBPF_PLACED_AS(map_create_attr, member, member, offset)
BAREBPF_PLACED(map_type, 0);
BAREBPF_PLACED(key_size, 4);
BAREBPF_PLACED(value_size, 8);
BAREBPF_PLACED(max_entries, 12);
BAREBPF_PLACED(map_flags, 16);
BAREBPF_PLACED(inner_map_fd, 20);
BAREBPF_PLACED(numa_node, 24);
BAREBPF_PLACED(map_name, 28);
BAREBPF_PLACED(map_ifindex, 44);
BAREBPF_PLACED(btf_fd, 48);
BAREBPF_PLACED(btf_key_type_id, 52);
BAREBPF_PLACED(btf_value_type_id, 56);
BAREBPF_PLACED(btf_vmlinux_value_type_id, 60);
BAREBPF_PLACED(map_extra, 64);
BAREBPF_PLACED(value_type_btf_obj_fd, 72);
BAREBPF_PLACED(map_token_fd, 76);
BAREBPF_PLACED(excl_prog_hash, 80);
BAREBPF_PLACED(excl_prog_hash_size, 88);
#undef BAREBPF_PLACED

template <> struct sys::command_attr<sys::command::map_create> {
    using attr = map_create_attr;
    static constexpr uint32_t size = map_create_attr_size;
};
template <> struct sys::command_attr<sys::command::map_create_with_log> : command_attr<command::map_create> {
};

// The kernel's struct bpf_common_attr, Linux 7.2.
struct alignas(8) common_attr {
    uint64_t log_buf;
    uint32_t log_size;
    uint32_t log_level;
    uint32_t log_true_size;
    uint32_t padding;
};
static_assert(sizeof(common_attr) == 24 && offsetof(common_attr, log_true_size) == 16);

// The kernel refuses a name without a final NUL, so the last byte of the (zeroed) field stays zero.
#if BAREBPF_FOR_SPEED

// Characters first to last - 1: all are read before one is written, so that compilers join them to words.
template <unsigned int first, unsigned int last>
[[gnu::always_inline]] inline void copy_characters(char *field, const char *name)
{
    if constexpr (first < last) {
        const char character = name[first];
        copy_characters<first + 1, last>(field, name);
        field[first] = character;
    }
}

// The first `length` characters of name are none of them its end.
template <unsigned int length>
[[gnu::always_inline]] inline void encode_name_from(char *field, const char *name)
{
    if constexpr (length < sizeof(map_create_attr::map_name) - 1)
        if (name[length])
            return encode_name_from<length + 1>(field, name);
    // Each length has its own few instructions: no compiler is to join them, or keep what the comparisons
    // read.
    asm volatile("" : "+r"(name) : "i"(length));
    copy_characters<0, length>(field, name);
    asm volatile("" : : "i"(length));
}

[[gnu::always_inline]] inline void encode_name(char (&field)[16], const char *name)
{
    if (name)
        encode_name_from<0>(field, name);
}

#else

inline void encode_name(char (&field)[16], const char *name)
{
    for (unsigned int i = 0; name && i < sizeof(field) - 1 && name[i]; i++)
        field[i] = name[i];
}

#endif

inline void encode(map_create_attr *attr, const barebpf_map_spec &spec)
{
    clear(attr);
    attr->map_type = spec.map_type;
    attr->key_size = spec.key_size;
    attr->value_size = spec.value_size;
    attr->max_entries = spec.max_entries;
    attr->map_flags = spec.map_flags;
    attr->inner_map_fd = spec.inner_map_fd;
    attr->numa_node = spec.numa_node;
    encode_name(attr->map_name, spec.name);
    attr->map_ifindex = spec.map_ifindex;
    attr->btf_fd = spec.btf_fd;
    attr->btf_key_type_id = spec.btf_key_type_id;
    attr->btf_value_type_id = spec.btf_value_type_id;
    attr->btf_vmlinux_value_type_id = spec.btf_vmlinux_value_type_id;
    attr->map_extra = spec.map_extra;
    attr->value_type_btf_obj_fd = spec.value_type_btf_obj_fd;
    attr->map_token_fd = static_cast<int32_t>(spec.token_fd);
    attr->excl_prog_hash = reinterpret_cast<uintptr_t>(spec.excl_prog_hash);
    attr->excl_prog_hash_size = spec.excl_prog_hash_size;
}

} // namespace barebpf

#endif
