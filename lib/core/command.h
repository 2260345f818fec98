// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_LIB_CORE_COMMAND_H
#define BAREBPF_LIB_CORE_COMMAND_H

#include <stdint.h>

#include "barebpf/map_types.h"

namespace barebpf::sys
{

// Commands of bpf(2), defined here because the installed header may be older than they are.
enum class command : int {
    map_create = 0,
    map_lookup_elem = 1,
    map_update_elem = 2,
    map_delete_elem = 3,
    map_get_next_key = 4,
    obj_pin = 6,
    obj_get = 7,
    map_get_next_id = 12,
    map_get_fd_by_id = 14,
    obj_get_info_by_fd = 15,
    btf_load = 18,
    btf_get_fd_by_id = 19,
    map_lookup_and_delete_elem = 21,
    map_freeze = 22,
    map_lookup_batch = 24,
    map_lookup_and_delete_batch = 25,
    map_update_batch = 26,
    map_delete_batch = 27,
    token_create = 36,
    map_create_with_log = map_create | BAREBPF_COMMON_ATTRS,
    unknown = 0xffff, // to every kernel
};

// For each command: `attr`, the struct it takes, and `size`, how many bytes of it are passed: through the
// kernel's last member, without the padding the compiler adds. Specialised beside each struct.
template <command> struct command_attr;

} // namespace barebpf::sys

#endif
