// SPDX-License-Identifier: BSD-2-Clause
//
// Compiled twice: with libbpf's headers, and with BAREBPF_SIDE for barebpf's, whose functions are renamed
// then.
#include "life.h"

#include <cerrno>
#include <cstring>

#ifdef BAREBPF_SIDE
#include "barebpf/bpf.h"
#include "barebpf/libbpf.h"
#define SIDE(libbpf, barebpf) barebpf
#define SINCE(major, minor) 1
#else
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#define SIDE(libbpf, barebpf) libbpf
#define SINCE(major, minor) \
    (LIBBPF_MAJOR_VERSION > (major) || (LIBBPF_MAJOR_VERSION == (major) && LIBBPF_MINOR_VERSION >= (minor)))
#endif

#define END(opts) \
    offsetof(struct opts, opts##__last_field) + \
        sizeof(static_cast<struct opts *>(nullptr)->opts##__last_field)

namespace barebpf::parity
{
namespace
{

int element(const life_call &made)
{
    switch (made.which) {
    case function::update_elem:
        return bpf_map_update_elem(made.fd, made.key, made.value, made.flags);
    case function::lookup_elem:
        return bpf_map_lookup_elem(made.fd, made.key, made.value);
    case function::lookup_elem_flags:
        return bpf_map_lookup_elem_flags(made.fd, made.key, made.value, made.flags);
    case function::lookup_and_delete_elem:
        return bpf_map_lookup_and_delete_elem(made.fd, made.key, made.value);
    case function::lookup_and_delete_elem_flags:
        return bpf_map_lookup_and_delete_elem_flags(made.fd, made.key, made.value, made.flags);
    case function::delete_elem:
        return bpf_map_delete_elem(made.fd, made.key);
    case function::delete_elem_flags:
        return bpf_map_delete_elem_flags(made.fd, made.key, made.flags);
    case function::get_next_key:
        return bpf_map_get_next_key(made.fd, made.key, made.next);
    default:
        return bpf_map_freeze(made.fd);
    }
}

int batch(const life_call &made)
{
    const auto *opts = static_cast<const bpf_map_batch_opts *>(made.opts);
    void *keys = const_cast<void *>(made.key);
    switch (made.which) {
    case function::update_batch:
        return bpf_map_update_batch(made.fd, keys, made.value, made.count, opts);
    case function::lookup_batch:
        return bpf_map_lookup_batch(made.fd, made.next, made.next, keys, made.value, made.count, opts);
    case function::lookup_and_delete_batch:
        return bpf_map_lookup_and_delete_batch(made.fd, made.next, made.next, keys, made.value, made.count,
                                               opts);
    default:
        return bpf_map_delete_batch(made.fd, keys, made.count, opts);
    }
}

int object(const life_call &made)
{
    const char *path = static_cast<const char *>(made.key);
    const auto *id_opts = static_cast<const bpf_get_fd_by_id_opts *>(made.opts);
    switch (made.which) {
    case function::obj_pin:
        return bpf_obj_pin(made.fd, path);
    case function::obj_get:
        return bpf_obj_get(path);
    case function::obj_get_opts:
        return bpf_obj_get_opts(path, static_cast<const struct bpf_obj_get_opts *>(made.opts));
    case function::obj_get_info_by_fd:
        return bpf_obj_get_info_by_fd(made.fd, made.value, made.count);
    case function::map_get_next_id:
        return bpf_map_get_next_id(made.id, static_cast<uint32_t *>(made.next));
    case function::map_get_fd_by_id:
        return bpf_map_get_fd_by_id(made.id);
    case function::map_get_fd_by_id_opts:
        return bpf_map_get_fd_by_id_opts(made.id, id_opts);
    case function::btf_get_fd_by_id:
        return bpf_btf_get_fd_by_id(made.id);
    case function::btf_get_fd_by_id_opts:
        return bpf_btf_get_fd_by_id_opts(made.id, id_opts);
    default:
        return bpf_btf_load(made.key, made.size,
                            static_cast<bpf_btf_load_opts *>(const_cast<void *>(made.opts)));
    }
}

// What libbpf has not always had.
int newer_object([[maybe_unused]] const life_call &made)
{
#if SINCE(1, 2)
    if (made.which == function::map_get_info_by_fd)
        return bpf_map_get_info_by_fd(made.fd, static_cast<struct bpf_map_info *>(made.value), made.count);
    if (made.which == function::btf_get_info_by_fd)
        return bpf_btf_get_info_by_fd(made.fd, static_cast<struct bpf_btf_info *>(made.value), made.count);
#endif
#if SINCE(1, 3)
    if (made.which == function::obj_pin_opts)
        return bpf_obj_pin_opts(made.fd, static_cast<const char *>(made.key),
                                static_cast<const struct bpf_obj_pin_opts *>(made.opts));
#endif
#if SINCE(1, 4)
    if (made.which == function::token_create)
        return bpf_token_create(made.fd, static_cast<bpf_token_create_opts *>(const_cast<void *>(made.opts)));
#endif
    return -ENOSYS;
}

bpf_map_type type_of(uint32_t number)
{
    bpf_map_type type;
    std::memcpy(&type, &number, sizeof(type));
    return type;
}

} // namespace

int SIDE(live_with_libbpf, live_with_barebpf)(const life_call &made)
{
    switch (made.which) {
    case function::obj_pin_opts:
    case function::map_get_info_by_fd:
    case function::btf_get_info_by_fd:
    case function::token_create:
        return newer_object(made);
    default:
        break;
    }
    if (made.which < function::update_batch)
        return element(made);
    return made.which < function::obj_pin ? batch(made) : object(made);
}

size_t SIDE(libbpf_end_of_opts, barebpf_end_of_opts)(function which)
{
    switch (which) {
    case function::update_batch:
    case function::lookup_batch:
    case function::lookup_and_delete_batch:
    case function::delete_batch:
        return END(bpf_map_batch_opts);
#if SINCE(1, 3)
    case function::obj_pin_opts:
        return END(bpf_obj_pin_opts);
#endif
    case function::obj_get_opts:
        return END(bpf_obj_get_opts);
    case function::map_get_fd_by_id_opts:
    case function::btf_get_fd_by_id_opts:
        return END(bpf_get_fd_by_id_opts);
    case function::btf_load:
        return END(bpf_btf_load_opts);
#if SINCE(1, 4)
    case function::token_create:
        return END(bpf_token_create_opts);
#endif
    default:
        return 0;
    }
}

#ifndef BAREBPF_SIDE
bool has_libbpf(function which)
{
    switch (which) {
    case function::map_get_info_by_fd:
    case function::btf_get_info_by_fd:
        return SINCE(1, 2);
    case function::obj_pin_opts:
        return SINCE(1, 3);
    case function::token_create:
        return SINCE(1, 4);
    default:
        return true;
    }
}
#endif

int SIDE(strerror_of_libbpf, strerror_of_barebpf)(int error, char *text, size_t size)
{
    return libbpf_strerror(error, text, size);
}

long SIDE(error_of_libbpf, error_of_barebpf)(const void *pointer)
{
    return libbpf_get_error(pointer);
}

const char *SIDE(type_name_of_libbpf, type_name_of_barebpf)(uint32_t map_type)
{
    return libbpf_bpf_map_type_str(type_of(map_type));
}

int SIDE(possible_cpus_of_libbpf, possible_cpus_of_barebpf)()
{
    return libbpf_num_possible_cpus();
}

int SIDE(strict_mode_of_libbpf, strict_mode_of_barebpf)(uint32_t mode)
{
    libbpf_strict_mode given;
    std::memcpy(&given, &mode, sizeof(given));
    return libbpf_set_strict_mode(given);
}

} // namespace barebpf::parity
