// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_TEST_PARITY_LIFE_H
#define BAREBPF_TEST_PARITY_LIFE_H

#include <stddef.h>
#include <stdint.h>

namespace barebpf::parity
{

// The functions of a map's life but bpf_map_create(), by family.
enum class function {
    update_elem,
    lookup_elem,
    lookup_elem_flags,
    lookup_and_delete_elem,
    lookup_and_delete_elem_flags,
    delete_elem,
    delete_elem_flags,
    get_next_key,
    freeze,
    update_batch,
    lookup_batch,
    lookup_and_delete_batch,
    delete_batch,
    obj_pin,
    obj_pin_opts,
    obj_get,
    obj_get_opts,
    obj_get_info_by_fd,
    map_get_info_by_fd,
    btf_get_info_by_fd,
    map_get_next_id,
    map_get_fd_by_id,
    map_get_fd_by_id_opts,
    btf_load,
    btf_get_fd_by_id,
    btf_get_fd_by_id_opts,
    token_create,
    end,
};

// One call of any of them, in types that are neither library's. A function takes what it has a use for.
struct life_call {
    function which;
    int fd = -1;
    uint32_t id = 0; // of an object, or the size of an info
    uint64_t flags = 0;
    size_t size = 0; // of BTF
    const void *key = nullptr;
    void *value = nullptr;
    void *next = nullptr; // a key, a place in a map, or an ID
    uint32_t *count = nullptr;
    const void *opts = nullptr; // the options of that function
};

// The same call made of each library. has_libbpf() is false for what the installed libbpf does not have.
int live_with_libbpf(const life_call &made);
int live_with_barebpf(const life_call &made);
bool has_libbpf(function which);

// Where the last member of a function's options ends that each library knows; 0 without options.
size_t libbpf_end_of_opts(function which);
size_t barebpf_end_of_opts(function which);

// The functions of <bpf/libbpf.h>.
int strerror_of_libbpf(int error, char *text, size_t size);
int strerror_of_barebpf(int error, char *text, size_t size);
long error_of_libbpf(const void *pointer);
long error_of_barebpf(const void *pointer);
const char *type_name_of_libbpf(uint32_t map_type);
const char *type_name_of_barebpf(uint32_t map_type);
int possible_cpus_of_libbpf();
int possible_cpus_of_barebpf();
int strict_mode_of_libbpf(uint32_t mode);
int strict_mode_of_barebpf(uint32_t mode);

} // namespace barebpf::parity

#endif
