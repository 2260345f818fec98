// SPDX-License-Identifier: BSD-2-Clause
#include "log.h"

#include <algorithm>
#include <cerrno>
#include <string>
#include <vector>

#include "memory.h"

namespace barebpf::test
{

namespace
{

constexpr struct {
    rule why;
    const char *text;
} messages[] = {
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

const char *message_of(rule why)
{
    for (const auto &message : messages)
        if (message.why == why)
            return message.text;
    return nullptr;
}

int log::read(const void *from, uint32_t size, uint32_t page_size)
{
    if (size > page_size)
        return -E2BIG;
    std::vector<char> bytes(std::max<size_t>(size, sizeof(common)));
    if (!copy_from_program(bytes.data(), from, size))
        return -EFAULT;
    if (!all_zero(bytes.data(), common_attr_known, bytes.size()))
        return -E2BIG;
    copy(&common, bytes.data(), sizeof(common));
    address = static_cast<char *>(const_cast<void *>(from));
    covered = size;
    return is_valid() ? 0 : -EINVAL;
}

bool log::is_valid() const
{
    constexpr uint32_t known_levels = 15;
    constexpr uint32_t largest = UINT32_MAX >> 2;
    if ((common.log_buf != 0) != (common.log_size != 0))
        return false;
    if (common.log_buf && !common.log_level)
        return false;
    return !(common.log_level & ~known_levels) && common.log_size <= largest;
}

// A buffer that is too small gets the end of the text, or its beginning if the level requests a fixed log.
int log::write_text(const char *text, uint32_t size) const
{
    constexpr uint32_t fixed = 8;
    if (!common.log_buf)
        return 0;
    const uint32_t kept = std::min(size, common.log_size) - 1;
    std::string cut(common.log_level & fixed ? text : text + (size - 1 - kept), kept);
    if (!copy_to_program(reinterpret_cast<void *>(common.log_buf), cut.c_str(), kept + 1))
        return -EFAULT;
    return size > common.log_size ? -ENOSPC : 0;
}

int log::finish(const char *message) const
{
    std::string text;
    if (message && common.log_level)
        text = std::string(message) + '\n';
    const auto true_size = static_cast<uint32_t>(text.empty() ? 0 : text.size() + 1);
    const int error = true_size ? write_text(text.c_str(), true_size) : 0;
    if (covered >= common_attr_known &&
        !copy_to_program(address + offsetof(common_attr, log_true_size), &true_size, sizeof(true_size)))
        return -EFAULT;
    return error;
}

} // namespace barebpf::test
