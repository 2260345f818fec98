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

// The BPF_MAP_CREATE member of the kernel's union bpf_attr through Linux 7.3. Defined here because the
// installed header may be older than the kernel. Its layout is the same on every ABI, including a 32-bit
// process on a 64-bit kernel.
struct alignas(8) map_create_attr {
#define BAREBPF_MEMBER(type, name, extent, given, offset, major, minor) type name extent;
    BAREBPF_MAP_FIELDS(BAREBPF_MEMBER)
#undef BAREBPF_MEMBER
    uint32_t padding;
};

// The bytes passed to the kernel: through the last member. Every kernel since 3.18 accepts a member it does
// not know while it is zero.
#define BAREBPF_SIZE(type, name, extent, given, offset, major, minor) +sizeof(type extent)
inline constexpr uint32_t map_create_attr_size = 0 BAREBPF_MAP_FIELDS(BAREBPF_SIZE);
#undef BAREBPF_SIZE
static_assert(map_create_attr_size == offsetof(map_create_attr, padding),
              "the members of BAREBPF_MAP_FIELDS must follow one another without a gap");

// Each member lies at the kernel's offset, and at the installed header's if that has the member.
#define BAREBPF_PLACED(type, name, extent, given, offset, major, minor) \
    BAREBPF_PLACED_AS(map_create_attr, name, name, offset);
BAREBPF_MAP_FIELDS(BAREBPF_PLACED)
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

// Copies characters first to last - 1. All are read before any is written, so that compilers merge them into
// words.
template <unsigned int first, unsigned int last>
[[gnu::always_inline]] inline void copy_characters(char *field, const char *name)
{
    if constexpr (first < last) {
        const char character = name[first];
        copy_characters<first + 1, last>(field, name);
        field[first] = character;
    }
}

// None of the first `length` characters of name is its NUL.
template <unsigned int length>
[[gnu::always_inline]] inline void encode_name_from(char *field, const char *name)
{
    if constexpr (length < sizeof(map_create_attr::map_name) - 1)
        if (name[length])
            return encode_name_from<length + 1>(field, name);
    // Each length gets its own few instructions: this stops compilers from merging them, and from keeping the
    // characters that the comparisons read.
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

} // namespace barebpf

#endif
