// SPDX-License-Identifier: BSD-2-Clause
#include "library.h"

#include <cerrno>
#include <cstring>

#include "barebpf/bpf.h"

namespace barebpf::test
{
namespace
{

using opts = bpf_map_create_opts;
using door = library_call::door;
using log = library_call::log;

// The library's own bound on sz, and the bytes that a caller's struct really has.
constexpr size_t largest_sz = 4096;
constexpr size_t room = 4200;

constexpr size_t opts_end = offsetof(opts, log_opts) + sizeof(opts::log_opts);
constexpr size_t spec_end = offsetof(barebpf_map_spec, excl_prog_hash_size) + sizeof(uint32_t);

// Where a member of the attr stands in the caller's opts.
struct opts_member {
    size_t offset;
    size_t end;
    size_t attr_offset;
    size_t attr_size;
};

#define BAREBPF_SAME(member, attr_member) \
    opts_member \
    { \
        offsetof(opts, member), offsetof(opts, member) + sizeof(opts::member), \
            offsetof(map_create_attr, attr_member), sizeof(map_create_attr::attr_member) \
    }
constexpr opts_member opts_members[] = {
    BAREBPF_SAME(btf_fd, btf_fd),
    BAREBPF_SAME(btf_key_type_id, btf_key_type_id),
    BAREBPF_SAME(btf_value_type_id, btf_value_type_id),
    BAREBPF_SAME(btf_vmlinux_value_type_id, btf_vmlinux_value_type_id),
    BAREBPF_SAME(inner_map_fd, inner_map_fd),
    BAREBPF_SAME(map_flags, map_flags),
    BAREBPF_SAME(map_extra, map_extra),
    BAREBPF_SAME(numa_node, numa_node),
    BAREBPF_SAME(map_ifindex, map_ifindex),
    BAREBPF_SAME(value_type_btf_obj_fd, value_type_btf_obj_fd),
    BAREBPF_SAME(token_fd, map_token_fd),
    BAREBPF_SAME(excl_prog_hash, excl_prog_hash),
    BAREBPF_SAME(excl_prog_hash_size, excl_prog_hash_size),
};
#undef BAREBPF_SAME

const void *pointer_to_hash(const request &req)
{
    return reinterpret_cast<const void *>(static_cast<uintptr_t>(req.attr.excl_prog_hash));
}

opts opts_of(const request &req, bpf_log_opts *log_opts)
{
    opts given{};
    given.btf_fd = req.attr.btf_fd;
    given.btf_key_type_id = req.attr.btf_key_type_id;
    given.btf_value_type_id = req.attr.btf_value_type_id;
    given.btf_vmlinux_value_type_id = req.attr.btf_vmlinux_value_type_id;
    given.inner_map_fd = req.attr.inner_map_fd;
    given.map_flags = req.attr.map_flags;
    given.map_extra = req.attr.map_extra;
    given.numa_node = req.attr.numa_node;
    given.map_ifindex = req.attr.map_ifindex;
    given.value_type_btf_obj_fd = req.attr.value_type_btf_obj_fd;
    given.token_fd = static_cast<uint32_t>(req.attr.map_token_fd);
    given.excl_prog_hash = pointer_to_hash(req);
    given.excl_prog_hash_size = req.attr.excl_prog_hash_size;
    given.log_opts = log_opts;
    return given;
}

barebpf_map_spec spec_of(const request &req, const library_call &call)
{
    barebpf_map_spec given{};
    given.sz = call.sz;
    given.name = call.name;
    given.map_type = req.attr.map_type;
    given.key_size = req.attr.key_size;
    given.value_size = req.attr.value_size;
    given.max_entries = req.attr.max_entries;
    given.map_flags = req.attr.map_flags;
    given.inner_map_fd = req.attr.inner_map_fd;
    given.numa_node = req.attr.numa_node;
    given.map_ifindex = req.attr.map_ifindex;
    given.btf_fd = req.attr.btf_fd;
    given.btf_key_type_id = req.attr.btf_key_type_id;
    given.btf_value_type_id = req.attr.btf_value_type_id;
    given.btf_vmlinux_value_type_id = req.attr.btf_vmlinux_value_type_id;
    given.map_extra = req.attr.map_extra;
    given.value_type_btf_obj_fd = req.attr.value_type_btf_obj_fd;
    given.token_fd = static_cast<uint32_t>(req.attr.map_token_fd);
    given.excl_prog_hash = pointer_to_hash(req);
    given.excl_prog_hash_size = req.attr.excl_prog_hash_size;
    return given;
}

bool is_refused(const library_call &call, size_t smallest, size_t known_end)
{
    if (call.sz < smallest || call.sz > largest_sz)
        return true;
    return call.stray >= static_cast<int>(known_end) && static_cast<size_t>(call.stray) < call.sz;
}

// A member that the caller's opts do not cover whole counts as not given.
void leave_out_uncovered(map_create_attr *attr, size_t sz)
{
    auto *bytes = reinterpret_cast<unsigned char *>(attr);
    for (const opts_member &member : opts_members)
        if (member.end > sz)
            std::memset(bytes + member.attr_offset, 0, member.attr_size);
}

// A struct of any sz: after the members we know come zeros and perhaps the stray byte.
template <typename T> class caller_struct
{
public:
    caller_struct(const T &given, const library_call &call)
    {
        std::memcpy(bytes_, &given, sizeof(given));
        std::memcpy(bytes_, &call.sz, sizeof(call.sz));
        if (call.stray >= 0)
            bytes_[call.stray] = 1;
    }

    const T *get() const { return reinterpret_cast<const T *>(bytes_); }

private:
    alignas(T) unsigned char bytes_[room] = {};
};

int ask_libbpf_name(const request &req, const library_call &call)
{
    char buf[256] = "";
    bpf_log_opts log_opts{};
    log_opts.sz = call.wanted == log::wrong_sz ? 1 : sizeof(log_opts);
    log_opts.buf = buf;
    log_opts.size = sizeof(buf);
    log_opts.level = call.wanted == log::wrong_level ? 99 : 1;
    const caller_struct<opts> given(opts_of(req, call.wanted == log::none ? nullptr : &log_opts), call);
    const map_create_attr &attr = req.attr;
    enum bpf_map_type type;
    std::memcpy(&type, &attr.map_type, sizeof(type));
    return bpf_map_create(type, call.name, attr.key_size, attr.value_size, attr.max_entries,
                          call.opts_given ? given.get() : nullptr);
}

} // namespace

library_call random_call(random_numbers &numbers, const request &req)
{
    // Every released layout, whole and truncated, and wrong sizes.
    constexpr size_t sizes[] = {sizeof(opts), sizeof(opts), sizeof(opts), sizeof(opts), 44, 48,
                                52,           56,           60,           64,           72, 80};
    constexpr size_t odd_sizes[] = {0, 3, 4, 7, 8, 128, 256, largest_sz, largest_sz + 1, SIZE_MAX};
    library_call call{};
    call.through = numbers.one_in(3) ? door::spec : door::libbpf_name;
    call.wanted = numbers.one_in(4) ? static_cast<log>(numbers.below(4)) : log::none;
    call.opts_given = !numbers.one_in(16);
    call.sz = call.through == door::spec ? sizeof(barebpf_map_spec) : numbers.pick(sizes);
    if (numbers.one_in(6))
        call.sz = numbers.one_in(2) ? numbers.below(130) : numbers.pick(odd_sizes);
    call.stray = -1;
    const auto known_end = static_cast<uint32_t>(call.through == door::spec ? spec_end : opts_end);
    if (numbers.one_in(12))
        call.stray = static_cast<int>(known_end + numbers.below(64));
    std::memcpy(call.name, req.attr.map_name, sizeof(req.attr.map_name));
    if (numbers.one_in(20))
        std::memset(call.name, 'n', 14 + numbers.below(5));
    return call;
}

bool expected_attr(const request &req, const library_call &call, map_create_attr *attr, int *error)
{
    *attr = req.attr;
    attr->excl_prog_hash = static_cast<uintptr_t>(attr->excl_prog_hash);
    std::memset(attr->map_name, 0, sizeof(attr->map_name));
    const size_t name_room = sizeof(attr->map_name) - 1;
    std::memcpy(attr->map_name, call.name, strnlen(call.name, name_room));
    *error = EINVAL;
    if (call.through == door::spec) {
        if (is_refused(call, spec_end, spec_end))
            return false;
        *error = ENAMETOOLONG;
        return strnlen(call.name, sizeof(call.name)) <= name_room;
    }
    if (call.opts_given && is_refused(call, sizeof(size_t), opts_end))
        return false;
    leave_out_uncovered(attr, call.opts_given ? call.sz : 0);
    return !(call.opts_given && call.sz >= opts_end && call.wanted == log::wrong_sz);
}

int ask_library(const request &req, const library_call &call)
{
    if (call.through == door::libbpf_name)
        return ask_libbpf_name(req, call);
    const caller_struct<barebpf_map_spec> given(spec_of(req, call), call);
    return barebpf_map_create(given.get(), nullptr, nullptr);
}

std::string words_of(const library_call &call)
{
    constexpr const char *logs[] = {"no log", "a log", "a log of level 99", "a log of sz 1"};
    std::string words = call.through == door::spec ? "barebpf_map_create()" : "bpf_map_create()";
    if (call.through == door::libbpf_name)
        words += call.opts_given ? std::string(", ") + logs[static_cast<size_t>(call.wanted)] : ", no opts";
    words += ", sz " + std::to_string(call.sz);
    if (call.stray >= 0)
        words += ", byte " + std::to_string(call.stray) + " is 1";
    return words + ", a name of " + std::to_string(strnlen(call.name, sizeof(call.name))) + " bytes";
}

} // namespace barebpf::test
