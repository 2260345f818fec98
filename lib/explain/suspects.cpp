// SPDX-License-Identifier: BSD-2-Clause
#include "inquiry.h"
#include "lib/core/map_name.h"
#include "lib/probe/smallest_map.h"

namespace barebpf
{
namespace
{

// Members that may be left out, in the order in which they are tried.
constexpr field may_go[] = {field::map_extra,
                            field::btf_key_type_id,
                            field::numa_node,
                            field::map_ifindex,
                            field::btf_vmlinux_value_type_id,
                            field::value_type_btf_obj_fd,
                            field::map_token_fd,
                            field::excl_prog_hash,
                            field::inner_map_fd};

constexpr field size_fields[] = {field::key_size, field::value_size, field::max_entries};

bool is_given(const map_create_attr &attr, field member)
{
    switch (member) {
    case field::btf_key_type_id:
        return attr.btf_fd || attr.btf_key_type_id || attr.btf_value_type_id;
    case field::numa_node:
        return attr.numa_node || attr.map_flags & BAREBPF_F_NUMA_NODE;
    case field::excl_prog_hash:
        return attr.excl_prog_hash || attr.excl_prog_hash_size;
    default:
        return number_in(attr, member) != 0;
    }
}

// Concludes for a member: the kernel accepted the request with only it changed.
bool blame(inquiry *of, field member, uint32_t accepts, uint64_t low, uint64_t value)
{
    remedy *how = &of->found.how;
    clear(how);
    how->member = member;
    how->accepts = accepts;
    how->given = number_in(of->given, member);
    how->low = how->high = low;
    how->value = value;
    return conclude(of, cause::refused_member, BAREBPF_SURE_PROVED);
}

bool suspect_name(inquiry *of)
{
    map_create_attr tried;
    copy(&tried, &of->given, sizeof(tried));
    if (!tried.map_name[0])
        return false;
    clear_name(&tried);
    return try_request(of, tried) == 0 && blame(of, field::map_name, BAREBPF_ACCEPTS_ABSENT, 0, 0);
}

bool suspect_flags(inquiry *of)
{
    map_create_attr tried;
    const uint32_t given = of->given.map_flags;
    for (uint32_t left = given; left; left &= left - 1) {
        const uint32_t flag = left & (~left + 1);
        copy(&tried, &of->given, sizeof(tried));
        tried.map_flags = given & ~flag;
        if (try_request(of, tried) == 0)
            return blame(of, field::map_flags, BAREBPF_ACCEPTS_FLAGS, ~flag, given & ~flag);
    }
    return false;
}

bool suspect_members(inquiry *of)
{
    map_create_attr tried;
    for (const field member : may_go) {
        if (!is_given(of->given, member))
            continue;
        copy(&tried, &of->given, sizeof(tried));
        leave_out(&tried, member);
        if (try_request(of, tried) == 0)
            return blame(of, member, BAREBPF_ACCEPTS_ABSENT, 0, 0);
    }
    return false;
}

// Tries the sizes of the smallest map of the type, one after the other.
bool suspect_sizes(inquiry *of)
{
    const uint32_t type = of->given.map_type;
    map_create_attr tried, smallest;
    if (type == 0 || type >= map_type_count)
        return false;
    smallest_map(&smallest, type, 0);
    for (const field member : size_fields) {
        const uint64_t number = number_in(smallest, member);
        if (number == number_in(of->given, member))
            continue;
        copy(&tried, &of->given, sizeof(tried));
        set_number(&tried, member, number);
        if (try_request(of, tried) == 0)
            return blame(of, member, BAREBPF_ACCEPTS_NUMBER, number, number);
    }
    return false;
}

} // namespace

bool explain_by_suspects(inquiry *of)
{
    return of->most_calls &&
           (suspect_name(of) || suspect_flags(of) || suspect_members(of) || suspect_sizes(of));
}

} // namespace barebpf
