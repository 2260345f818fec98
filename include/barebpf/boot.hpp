// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_BOOT_HPP
#define BAREBPF_BOOT_HPP

// The C++20 half of <barebpf/boot.h>: inline functions only. barebpf::map<Key, Value>::ensure() of
// <barebpf/map.hpp> is built on it.
#include "barebpf.hpp"
#include "boot.h"

namespace barebpf
{

// What happens to a pinned map that differs, each as its BAREBPF_EXISTS_*.
enum class exists : uint32_t {
    fail = BAREBPF_EXISTS_FAIL,
    keep = BAREBPF_EXISTS_KEEP,
    replace = BAREBPF_EXISTS_REPLACE,
    migrate = BAREBPF_EXISTS_MIGRATE
};

// What ensure_map() did, each as its BAREBPF_ENSURED_*.
enum class ensured : uint32_t {
    nothing = BAREBPF_ENSURED_NOTHING,
    found = BAREBPF_ENSURED_FOUND,
    created = BAREBPF_ENSURED_CREATED,
    kept = BAREBPF_ENSURED_KEPT,
    replaced = BAREBPF_ENSURED_REPLACED,
    migrated = BAREBPF_ENSURED_MIGRATED
};

// How to make, pin and verify a map, for designated initialisers: {.different = exists::replace, .mode =
// 0640}. barebpf_ensure_opts documents each member; -1 leaves mode, owner or group as it is.
struct ensure_options {
    exists different = exists::fail;
    bool freeze = false;
    int32_t mode = -1;
    int64_t uid = -1;
    int64_t gid = -1;
    int (*fill)(int fd, void *context) = nullptr;
    void *context = nullptr;
    policy allowed = {};
    bool make_directories = false;
    uint32_t directory_mode = 0;
    const char *mount = nullptr;
    uint32_t mount_mode = 0;
    int32_t bpffs_fd = 0;
    bool is_new = false;
    void *scratch = nullptr;
    size_t scratch_size = 0;
};

// The report of one call, ready to be filled. Its `created` may be set before the call.
struct ensure_report : barebpf_ensure_report {
    ensure_report()
    {
        detail::clear(static_cast<barebpf_ensure_report *>(this));
        sz = sizeof(barebpf_ensure_report);
    }

    ensured what() const { return static_cast<ensured>(outcome); }

    // The differences of the map that was pinned already, for a range-based for.
    struct difference_list {
        const barebpf_difference *first;
        uint32_t count;

        const barebpf_difference *begin() const { return first; }
        const barebpf_difference *end() const { return first + count; }
        uint32_t size() const { return count; }
    };
    difference_list list() const { return {differences, difference_count}; }
};

namespace detail
{
inline void lower(barebpf_ensure_opts *lowered, const ensure_options &how)
{
    clear(lowered);
    lowered->sz = sizeof(*lowered);
    lowered->fill = how.fill;
    lowered->context = how.context;
    lowered->scratch = how.scratch;
    lowered->scratch_size = how.scratch_size;
    lowered->mount = how.mount;
    lowered->mount_mode = how.mount_mode;
    lowered->exists = static_cast<uint32_t>(how.different);
    lowered->freeze = how.freeze;
    lowered->set = (how.mode >= 0 ? uint32_t{BAREBPF_ENSURE_MODE} : 0) |
                   (how.uid >= 0 ? uint32_t{BAREBPF_ENSURE_UID} : 0) |
                   (how.gid >= 0 ? uint32_t{BAREBPF_ENSURE_GID} : 0);
    lowered->mode = how.mode >= 0 ? static_cast<uint32_t>(how.mode) : 0;
    lowered->uid = how.uid >= 0 ? static_cast<uint32_t>(how.uid) : 0;
    lowered->gid = how.gid >= 0 ? static_cast<uint32_t>(how.gid) : 0;
    lowered->make_directories = how.make_directories;
    lowered->directory_mode = how.directory_mode;
    lowered->bpffs_fd = how.bpffs_fd;
    lowered->is_new = how.is_new;
}
} // namespace detail

// Returns the map pinned at `pin`, and makes it if there is none; fails as barebpf_ensure_map() does.
inline fd_result ensure_map(const map_spec &spec, const char *pin, const ensure_options &how = {},
                            ensure_report *done = nullptr)
{
    barebpf_map_spec lowered_spec;
    barebpf_policy lowered_policy;
    barebpf_ensure_opts opts;
    detail::lower(&lowered_spec, spec);
    detail::lower(&opts, how);
    if (!detail::is_default(how.allowed)) {
        detail::lower(&lowered_policy, how.allowed);
        opts.policy = &lowered_policy;
    }
    return fd_result(barebpf_ensure_map(&lowered_spec, pin, &opts, done));
}

} // namespace barebpf

#endif
