// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_LIB_CORE_OPTS_H
#define BAREBPF_LIB_CORE_OPTS_H

#include "barebpf/bpf.h"
#include "barebpf/barebpf.h"
#include "attr.h"
#include "mem.h"

namespace barebpf
{

// The sz contract of a struct that only ever grows at its end. Nothing behind this file mentions sz.

#define BAREBPF_END_OF(type, member) (offsetof(type, member) + sizeof(static_cast<type *>(nullptr)->member))

// Whether a caller's struct of sz bytes, older or newer than ours, can be served. known_end is where the last
// member we know ends; beyond it only zero is welcome, for we would not do what anything else asks. libbpf
// reads as far as sz says; we stop at a page, which no such struct fills and an uninitialised sz nearly
// always exceeds.
inline bool valid_sz(const void *given, size_t sz, size_t smallest, size_t known_end)
{
    constexpr size_t largest = 4096;
    return sz >= smallest && sz <= largest && all_zero(given, known_end, sz);
}

// Where a member of a caller's struct lies, and where its bytes go. The last place of a table has no bytes
// and lies where the last member we know ends.
struct place {
    uint8_t size;
    uint8_t from;
    uint8_t to;
};

// Copies the members that the caller's sz, with which the struct begins, covers whole; the others keep the
// zero they have. False when the contract is broken.
bool read_members(void *to, const void *given, const place *places);

// What is asked for: the map, and the kernel's words if log_opts is not nullptr.
struct request {
    map_create_attr attr;
    common_attr common; // set where log_opts is
    bpf_log_opts *log_opts;
    size_t calls; // of bpf(2), since the first question
};

#define BAREBPF_PLACE(type, member, to) \
    place \
    { \
        sizeof(type::member), offsetof(type, member), to \
    }
#define BAREBPF_OPTS_PLACE(member, field) \
    BAREBPF_PLACE(bpf_map_create_opts, member, offsetof(map_create_attr, field))

// A pointer is the low half of the kernel's 64 bits where pointers have 32.
inline constexpr uint8_t low_half = __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__ ? 8 - sizeof(void *) : 0;

inline constexpr place opts_places[] = {
    BAREBPF_OPTS_PLACE(btf_fd, btf_fd),
    BAREBPF_OPTS_PLACE(btf_key_type_id, btf_key_type_id),
    BAREBPF_OPTS_PLACE(btf_value_type_id, btf_value_type_id),
    BAREBPF_OPTS_PLACE(btf_vmlinux_value_type_id, btf_vmlinux_value_type_id),
    BAREBPF_OPTS_PLACE(inner_map_fd, inner_map_fd),
    BAREBPF_OPTS_PLACE(map_flags, map_flags),
    BAREBPF_OPTS_PLACE(map_extra, map_extra),
    BAREBPF_OPTS_PLACE(numa_node, numa_node),
    BAREBPF_OPTS_PLACE(map_ifindex, map_ifindex),
    BAREBPF_OPTS_PLACE(value_type_btf_obj_fd, value_type_btf_obj_fd),
    BAREBPF_OPTS_PLACE(token_fd, map_token_fd),
    BAREBPF_PLACE(bpf_map_create_opts, excl_prog_hash, offsetof(map_create_attr, excl_prog_hash) + low_half),
    BAREBPF_OPTS_PLACE(excl_prog_hash_size, excl_prog_hash_size),
    BAREBPF_PLACE(bpf_map_create_opts, log_opts, offsetof(request, log_opts)),
    {0, BAREBPF_END_OF(bpf_map_create_opts, bpf_map_create_opts__last_field), 0},
};

inline constexpr place log_places[] = {
    BAREBPF_PLACE(bpf_log_opts, buf, offsetof(request, common.log_buf) + low_half),
    BAREBPF_PLACE(bpf_log_opts, size, offsetof(request, common.log_size)),
    BAREBPF_PLACE(bpf_log_opts, level, offsetof(request, common.log_level)),
    {0, BAREBPF_END_OF(bpf_log_opts, bpf_log_opts__last_field), 0},
};
#undef BAREBPF_PLACE

// Fills a request, whose attr is cleared, with what the caller really gave; false when the contract is
// broken.
inline bool read_opts(request *to, const bpf_map_create_opts *given)
{
    to->log_opts = nullptr;
    if (!given)
        return true;
    if (!read_members(to, given, opts_places))
        return false;
    clear(&to->common);
    return !to->log_opts || read_members(to, to->log_opts, log_places);
}

// Tells the caller how many bytes the kernel's words need, if his struct has room for the number.
inline void give_true_size(bpf_log_opts *opts, uint32_t size)
{
    if (opts->sz >= BAREBPF_END_OF(bpf_log_opts, true_size))
        opts->true_size = size;
}

// The same contract for our own structs, whose members up to known_end have all been there since the first
// release: growth comes behind them.
template <typename T> bool read_whole(T *to, const T *given, size_t known_end)
{
    if (!valid_sz(given, given->sz, known_end, known_end))
        return false;
    copy(to, given, known_end);
    return true;
}

} // namespace barebpf

#endif
