// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_LIB_OPTS_H
#define BAREBPF_LIB_OPTS_H

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

// The member, or zero when sz covers it not at all or only in part.
template <typename T, typename M> M given_or_zero(const T *given, M T::*member)
{
    const M *at = &(given->*member);
    const auto end = reinterpret_cast<uintptr_t>(at + 1) - reinterpret_cast<uintptr_t>(given);
    return end <= given->sz ? *at : M();
}

// Where a caller wants the kernel's words; all zero without a log.
struct log_request {
    bool wanted;
    char *buf;
    uint32_t size;
    uint32_t level;
    uint32_t *true_size; // nullptr when the caller's struct ends before it
};

// Fills a zeroed request; false when the contract is broken.
inline bool read_log_opts(log_request *request, bpf_log_opts *given)
{
    if (!given)
        return true;
    constexpr size_t known_end = BAREBPF_END_OF(bpf_log_opts, bpf_log_opts__last_field);
    if (!valid_sz(given, given->sz, sizeof(size_t), known_end))
        return false;
    request->wanted = true;
    request->buf = given_or_zero(given, &bpf_log_opts::buf);
    request->size = given_or_zero(given, &bpf_log_opts::size);
    request->level = given_or_zero(given, &bpf_log_opts::level);
    if (given->sz >= known_end)
        request->true_size = &given->true_size;
    return true;
}

// Fills a zeroed attr and log request with what the caller really gave; false when the contract is broken.
inline bool read_opts(map_create_attr *attr, log_request *log, const bpf_map_create_opts *given)
{
    if (!given)
        return true;
    using opts = bpf_map_create_opts;
    if (!valid_sz(given, given->sz, sizeof(size_t), BAREBPF_END_OF(opts, bpf_map_create_opts__last_field)))
        return false;
    attr->btf_fd = given_or_zero(given, &opts::btf_fd);
    attr->btf_key_type_id = given_or_zero(given, &opts::btf_key_type_id);
    attr->btf_value_type_id = given_or_zero(given, &opts::btf_value_type_id);
    attr->btf_vmlinux_value_type_id = given_or_zero(given, &opts::btf_vmlinux_value_type_id);
    attr->inner_map_fd = given_or_zero(given, &opts::inner_map_fd);
    attr->map_flags = given_or_zero(given, &opts::map_flags);
    attr->map_extra = given_or_zero(given, &opts::map_extra);
    attr->numa_node = given_or_zero(given, &opts::numa_node);
    attr->map_ifindex = given_or_zero(given, &opts::map_ifindex);
    attr->value_type_btf_obj_fd = given_or_zero(given, &opts::value_type_btf_obj_fd);
    attr->map_token_fd = static_cast<int32_t>(given_or_zero(given, &opts::token_fd));
    attr->excl_prog_hash = reinterpret_cast<uintptr_t>(given_or_zero(given, &opts::excl_prog_hash));
    attr->excl_prog_hash_size = given_or_zero(given, &opts::excl_prog_hash_size);
    return read_log_opts(log, given_or_zero(given, &opts::log_opts));
}

// The same contract for a spec, whose members have all been there since the first release: growth comes
// behind them.
inline bool read_spec(barebpf_map_spec *spec, const barebpf_map_spec *given)
{
    constexpr size_t known_end = BAREBPF_END_OF(barebpf_map_spec, excl_prog_hash_size);
    if (!valid_sz(given, given->sz, known_end, known_end))
        return false;
    copy(spec, given, known_end);
    return true;
}

} // namespace barebpf

#endif
