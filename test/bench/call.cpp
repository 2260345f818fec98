// SPDX-License-Identifier: BSD-2-Clause
#include <linux/bpf.h>
#include <string.h>

#include "create_map.h"
#include "members.h"

// create_map() for each of the ways in which a program can call. One of these is defined:
//
//   RAW             bpf(2) itself, with the members of bpf_map_create()'s arguments
//   NO_OPTIONS      bpf_map_create() without options
//   EMPTY           with options in which nothing is set
//   SZ              with options of that size, in which nothing is set
//   SPEC            barebpf_map_create() with a spec alone
//   POLICY          and a policy that allows everything
//   REPORT          and a report
//   CPLUSPLUS       barebpf::create_map()
//   CPLUSPLUS_REPORT   and a report
//
// EVERY_MEMBER sets every member that options, or a spec, have; NAMELESS gives no name.

#ifdef NAMELESS
#define NAME nullptr
#else
#define NAME "bench"
#endif

#if defined(RAW)

#include <errno.h>
#include <sys/syscall.h>
#include <unistd.h>

// Behind what an older <linux/bpf.h> has.
template <typename T> static void set(bpf_attr *attr, size_t offset, T value)
{
    memcpy(reinterpret_cast<char *>(attr) + offset, &value, sizeof(value));
}

// What programs without a library write. RAW is what makes the compiler inline it, so that it knows every
// argument, or what keeps it a function of its own that knows none, like a wrapper in another file.
RAW int raw_map_create(bpf_map_type type, const char *name, __u32 key_size, __u32 value_size,
                       __u32 max_entries, const struct members *given)
{
    bpf_attr attr;
    memset(&attr, 0, sizeof(attr));
    attr.map_type = type;
    attr.key_size = key_size;
    attr.value_size = value_size;
    attr.max_entries = max_entries;
    if (name)
        strncpy(attr.map_name, name, sizeof(attr.map_name) - 1);
    if (given) {
        attr.btf_fd = given->btf_fd;
        attr.btf_key_type_id = given->btf_key_type_id;
        attr.btf_value_type_id = given->btf_value_type_id;
        attr.btf_vmlinux_value_type_id = given->btf_vmlinux_value_type_id;
        attr.inner_map_fd = given->inner_map_fd;
        attr.map_flags = given->map_flags;
        attr.map_extra = given->map_extra;
        attr.numa_node = given->numa_node;
        attr.map_ifindex = given->map_ifindex;
        set(&attr, 72, given->value_type_btf_obj_fd);
        set(&attr, 76, given->token_fd);
        set(&attr, 80, given->excl_prog_hash);
        set(&attr, 88, given->excl_prog_hash_size);
    }
    const long fd = syscall(__NR_bpf, BPF_MAP_CREATE, &attr, sizeof(attr));
    return fd < 0 ? -errno : static_cast<int>(fd);
}

int create_map()
{
#ifdef EVERY_MEMBER
    return raw_map_create(BPF_MAP_TYPE_ARRAY, NAME, 4, 8, 1, &members);
#else
    return raw_map_create(BPF_MAP_TYPE_ARRAY, NAME, 4, 8, 1, nullptr);
#endif
}

#elif defined(NO_OPTIONS) || defined(EMPTY) || defined(SZ)

// libbpf's header, or ours in its place.
#include <bpf/bpf.h>

int create_map()
{
#if defined(NO_OPTIONS)
    constexpr const bpf_map_create_opts *options = nullptr;
#elif defined(SZ)
    // As in a caller compiled against another release.
    struct {
        size_t sz;
        char members[SZ - sizeof(size_t)];
    } opts;
    memset(&opts, 0, sizeof(opts));
    opts.sz = SZ;
    const auto *options = reinterpret_cast<const bpf_map_create_opts *>(&opts);
#elif defined(EVERY_MEMBER)
    LIBBPF_OPTS(bpf_map_create_opts, opts, .btf_fd = members.btf_fd,
                .btf_key_type_id = members.btf_key_type_id, .btf_value_type_id = members.btf_value_type_id,
                .btf_vmlinux_value_type_id = members.btf_vmlinux_value_type_id,
                .inner_map_fd = members.inner_map_fd, .map_flags = members.map_flags,
                .map_extra = members.map_extra, .numa_node = members.numa_node,
                .map_ifindex = members.map_ifindex, .value_type_btf_obj_fd = members.value_type_btf_obj_fd,
                .token_fd = members.token_fd, .excl_prog_hash = members.excl_prog_hash,
                .excl_prog_hash_size = members.excl_prog_hash_size,
                .log_opts = static_cast<bpf_log_opts *>(members.log_opts));
    const bpf_map_create_opts *options = &opts;
#else
    LIBBPF_OPTS(bpf_map_create_opts, opts);
    const bpf_map_create_opts *options = &opts;
#endif
    return bpf_map_create(BPF_MAP_TYPE_ARRAY, NAME, 4, 8, 1, options);
}

#elif defined(SPEC) || defined(POLICY) || defined(REPORT)

#include <barebpf/barebpf.h>

int create_map()
{
    barebpf_map_spec spec;
    memset(&spec, 0, sizeof(spec));
    spec.sz = sizeof(spec);
    spec.map_type = BAREBPF_MAP_TYPE_ARRAY;
    spec.key_size = 4;
    spec.value_size = 8;
    spec.max_entries = 1;
    spec.name = NAME;
#ifdef EVERY_MEMBER
    spec.btf_fd = members.btf_fd;
    spec.btf_key_type_id = members.btf_key_type_id;
    spec.btf_value_type_id = members.btf_value_type_id;
    spec.btf_vmlinux_value_type_id = members.btf_vmlinux_value_type_id;
    spec.inner_map_fd = members.inner_map_fd;
    spec.map_flags = members.map_flags;
    spec.map_extra = members.map_extra;
    spec.numa_node = members.numa_node;
    spec.map_ifindex = members.map_ifindex;
    spec.value_type_btf_obj_fd = members.value_type_btf_obj_fd;
    spec.token_fd = members.token_fd;
    spec.excl_prog_hash = members.excl_prog_hash;
    spec.excl_prog_hash_size = members.excl_prog_hash_size;
#endif
    barebpf_policy *allowed = nullptr;
    barebpf_report *done = nullptr;
#ifndef SPEC
    barebpf_policy policy;
    memset(&policy, 0, sizeof(policy));
    policy.sz = sizeof(policy);
    policy.give_up = 0x3f;
    policy.memlock = BAREBPF_MEMLOCK_SCOPED;
    allowed = &policy;
#endif
#ifdef REPORT
    barebpf_report report;
    memset(&report, 0, sizeof(report));
    report.sz = sizeof(report);
    done = &report;
#endif
    return barebpf_map_create(&spec, allowed, done);
}

#else

#include <utility>

#include <barebpf/barebpf.hpp>

int create_map()
{
    using namespace barebpf;
    const map_spec spec = {
        .type = map_type::array,
        .key_size = 4,
        .value_size = 8,
        .max_entries = 1,
        .name = NAME,
#ifdef EVERY_MEMBER
        .flags = static_cast<map_flags>(members.map_flags),
        .map_extra = members.map_extra,
        .inner_map_fd = members.inner_map_fd,
        .numa_node = members.numa_node,
        .map_ifindex = members.map_ifindex,
        .btf_fd = members.btf_fd,
        .btf_key_type_id = members.btf_key_type_id,
        .btf_value_type_id = members.btf_value_type_id,
        .btf_vmlinux_value_type_id = members.btf_vmlinux_value_type_id,
        .value_type_btf_obj_fd = members.value_type_btf_obj_fd,
        .token_fd = members.token_fd,
        .excl_prog_hash = members.excl_prog_hash,
        .excl_prog_hash_size = members.excl_prog_hash_size,
#endif
    };
#ifdef CPLUSPLUS_REPORT
    report done;
    fd_result made = create_map(spec, {}, &done);
#else
    fd_result made = create_map(spec);
#endif
    if (!made)
        return -made.error().number;
    fd map = *std::move(made);
    return map.release();
}

#endif
