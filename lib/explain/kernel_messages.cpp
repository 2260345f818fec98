// SPDX-License-Identifier: BSD-2-Clause
#include "kernel_messages.h"

#include "files.h"

namespace barebpf
{
namespace
{

struct message {
    rule why;
    char text[96];
};

constexpr message known_messages[] = {
    {rule::unknown_field, "Invalid attr."},
    {rule::vmlinux_id_elsewhere, "btf_vmlinux_value_type_id can only be used with struct_ops maps."},
    {rule::vmlinux_id_and_btf_ids,
     "btf_vmlinux_value_type_id is mutually exclusive with btf_key_type_id and btf_value_type_id."},
    {rule::key_id_without_value_id, "Invalid btf_value_type_id."},
    {rule::map_extra_unused, "Invalid map_extra."},
    {rule::numa_node_offline, "Invalid numa_node."},
    {rule::type_unknown, "Invalid map_type."},
    {rule::token_fd_closed, "Invalid map_token_fd."},
    {rule::token_fd_other, "Invalid map_token_fd."},
    {rule::name_unterminated, "Invalid map_name."},
    {rule::name_character, "Invalid map_name."},
    {rule::btf_fd_closed, "Invalid btf_fd."},
    {rule::btf_fd_other, "Invalid btf_fd."},
    {rule::exclusive_size, "Invalid excl_prog_hash_size."},
    {rule::exclusive_missing, "Invalid excl_prog_hash_size."},
};

} // namespace

bool is_message_of(const char *log, rule why)
{
    for (const message &one : known_messages)
        if (one.why == why && starts_with(log, one.text))
            return true;
    return false;
}

} // namespace barebpf
