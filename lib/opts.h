// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_LIB_OPTS_H
#define BAREBPF_LIB_OPTS_H

#include "barebpf/bpf.h"
#include "barebpf/barebpf.h"
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

// Where a caller wants the kernel's words.
struct log_request {
    char *buf;
    uint32_t size;
    uint32_t level;
    uint32_t *true_size; // nullptr when the caller's struct ends before it
};

// What bpf_map_create() was told, whatever the age of the caller's structs.
struct map_create_request {
    barebpf_map_spec spec;
    log_request log;
    bool logged;
};

inline bool read_log_opts(map_create_request *request, bpf_log_opts *given)
{
    if (!given)
        return true;
    constexpr size_t known_end = BAREBPF_END_OF(bpf_log_opts, bpf_log_opts__last_field);
    if (!valid_sz(given, given->sz, sizeof(size_t), known_end))
        return false;
    request->logged = true;
    request->log.buf = given_or_zero(given, &bpf_log_opts::buf);
    request->log.size = given_or_zero(given, &bpf_log_opts::size);
    request->log.level = given_or_zero(given, &bpf_log_opts::level);
    if (given->sz >= known_end)
        request->log.true_size = &given->true_size;
    return true;
}

// Fills a zeroed request from what the caller really gave; false when the contract is broken.
inline bool read_opts(map_create_request *request, const bpf_map_create_opts *given)
{
    if (!given)
        return true;
    using opts = bpf_map_create_opts;
    if (!valid_sz(given, given->sz, sizeof(size_t), BAREBPF_END_OF(opts, bpf_map_create_opts__last_field)))
        return false;
    barebpf_map_spec &spec = request->spec;
    spec.btf_fd = given_or_zero(given, &opts::btf_fd);
    spec.btf_key_type_id = given_or_zero(given, &opts::btf_key_type_id);
    spec.btf_value_type_id = given_or_zero(given, &opts::btf_value_type_id);
    spec.btf_vmlinux_value_type_id = given_or_zero(given, &opts::btf_vmlinux_value_type_id);
    spec.inner_map_fd = given_or_zero(given, &opts::inner_map_fd);
    spec.map_flags = given_or_zero(given, &opts::map_flags);
    spec.map_extra = given_or_zero(given, &opts::map_extra);
    spec.numa_node = given_or_zero(given, &opts::numa_node);
    spec.map_ifindex = given_or_zero(given, &opts::map_ifindex);
    spec.value_type_btf_obj_fd = given_or_zero(given, &opts::value_type_btf_obj_fd);
    spec.token_fd = given_or_zero(given, &opts::token_fd);
    spec.excl_prog_hash = given_or_zero(given, &opts::excl_prog_hash);
    spec.excl_prog_hash_size = given_or_zero(given, &opts::excl_prog_hash_size);
    return read_log_opts(request, given_or_zero(given, &opts::log_opts));
}

// The same for a spec, whose members have all been there since the first release: growth comes behind them.
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
