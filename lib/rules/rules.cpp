// SPDX-License-Identifier: BSD-2-Clause
#include "rules.h"

#include "question.h"

namespace barebpf
{
namespace
{

bool gate_is_closed(question &q)
{
    if (!q.caller.sys_admin && q.refuse(rule::every_command_needs_root))
        return true;
    return q.surroundings.unprivileged_bpf_disabled && !q.may_bpf() &&
           q.refuse(rule::unprivileged_bpf_disabled, q.surroundings.unprivileged_bpf_disabled);
}

// The offset of the first set byte from `from` on, or `size` when there is none.
uint32_t first_set(const unsigned char *bytes, uint32_t from, uint32_t size)
{
    while (from < size && !bytes[from])
        from++;
    return from;
}

bool bytes_are_foreign(question &q, const unsigned char *bytes)
{
    if (q.size > q.surroundings.page_size)
        return q.refuse(rule::size_beyond_page, q.size, q.surroundings.page_size);
    const uint32_t whole = union_size(q.kernel);
    if (const uint32_t set = first_set(bytes, whole, q.size); set < q.size)
        return q.refuse(rule::tail_beyond_union, set, whole);
    const uint32_t known = known_end(q.kernel);
    const uint32_t set = first_set(bytes, known, q.size);
    return set < q.size && q.refuse(rule::unknown_field, set, known);
}

// Copies the bytes this kernel reads; missing ones count as zero.
void read_attr(question &q, const unsigned char *bytes)
{
    const uint32_t known = known_end(q.kernel);
    copy(&q.attr, bytes, q.size < known ? q.size : known);
    if (q.kernel >= first_kernel_of_flag(BAREBPF_F_TOKEN_FD)) {
        q.token_given = q.flag(BAREBPF_F_TOKEN_FD);
        q.attr.map_flags &= ~static_cast<uint32_t>(BAREBPF_F_TOKEN_FD);
    }
}

bool ids_contradict(question &q)
{
    const uint32_t key = q.attr.btf_key_type_id;
    const uint32_t value = q.attr.btf_value_type_id;
    if (const uint32_t id = q.attr.btf_vmlinux_value_type_id) {
        if (q.type() != BAREBPF_MAP_TYPE_STRUCT_OPS)
            return q.refuse(rule::vmlinux_id_elsewhere, id);
        return (key || value) && q.refuse(rule::vmlinux_id_and_btf_ids, id);
    }
    return key && !value && q.refuse(rule::key_id_without_value_id, key);
}

bool extra_is_unused(question &q)
{
    const bool used = q.type() < map_type_count && facts_of(q.type()).extra != extra_use::none &&
                      q.kernel >= facts_of(q.type()).since;
    return q.attr.map_extra && !used && q.refuse(rule::map_extra_unused, q.attr.map_extra);
}

bool access_is_none(question &q, rule why)
{
    return q.flag(BAREBPF_F_RDONLY) && q.flag(BAREBPF_F_WRONLY) && q.refuse(why);
}

bool node_is_offline(question &q)
{
    return q.node() != question::no_node && q.node() >= q.surroundings.numa_nodes &&
           q.refuse(rule::numa_node_offline, q.node(), q.surroundings.numa_nodes);
}

bool type_is_missing(question &q)
{
    if (q.type() >= map_type_count)
        return q.refuse(rule::type_unknown, q.type());
    if (q.type() == BAREBPF_MAP_TYPE_UNSPEC)
        return q.refuse(rule::type_unspec);
    const release since = facts_of(q.type()).since;
    if (q.kernel < since)
        return q.refuse(rule::type_newer, major_of(since), minor_of(since));
    return (needed_config(q.type(), q.kernel) & ~q.surroundings.config) && q.refuse(rule::type_not_built);
}

bool token_is_wrong(question &q)
{
    if (!q.token_given)
        return false;
    const auto fd = static_cast<uint32_t>(q.attr.map_token_fd);
    const object *token = q.find(fd);
    if (!token)
        return q.refuse(rule::token_fd_closed, fd);
    return token->kind != object_kind::token && q.refuse(rule::token_fd_other, fd);
}

// A token gives its holder, for the types it allows, the capabilities they have in its user namespace.
void apply_token(question &q)
{
    const object *token = q.token_given ? q.find(static_cast<uint32_t>(q.attr.map_token_fd)) : nullptr;
    if (!token || !has(token->granted, q.type()))
        return;
    q.caller.bpf |= token->held.bpf | token->held.sys_admin;
    q.caller.net_admin |= token->held.net_admin | token->held.sys_admin;
    q.caller.perfmon |= token->held.perfmon | token->held.sys_admin;
}

bool permission_is_missing(question &q)
{
    if (q.surroundings.unprivileged_bpf_disabled && !q.may_bpf() &&
        q.refuse(rule::unprivileged_bpf_disabled_late, q.surroundings.unprivileged_bpf_disabled))
        return true;
    const capability needs = facts_of(q.type()).needs;
    if (needs == capability::bpf && !q.may_bpf())
        return q.refuse(rule::needs_bpf_late);
    return needs == capability::net_admin && !q.may_net_admin() && q.refuse(rule::needs_net_admin_late);
}

// A map on a network device is made by the device's driver; its type checks nothing further.
bool device_refuses(question &q)
{
    const uint32_t ifindex = q.attr.map_ifindex;
    if (!(q.surroundings.config & config_net))
        return q.refuse(rule::offload_not_built, ifindex);
    if (!q.surroundings.caller.sys_admin)
        return q.refuse(rule::offload_needs_sys_admin, ifindex);
    if (!has(types_of(BAREBPF_MAP_TYPE_ARRAY, BAREBPF_MAP_TYPE_HASH), q.type()))
        return q.refuse(rule::offload_type, ifindex);
    for (size_t i = 0; i < q.surroundings.device_count; i++)
        if (q.surroundings.devices[i].ifindex == ifindex)
            return !q.surroundings.devices[i].holds_maps && q.refuse(rule::offload_unsupported, ifindex);
    return q.refuse(rule::offload_no_device, ifindex);
}

bool cannot_be_made(question &q)
{
    if (q.attr.map_ifindex)
        return device_refuses(q);
    return misses_requirement(q, moment::make) || too_expensive(q);
}

// The kernel's isalnum() is Latin-1.
bool is_letter_or_digit(unsigned char c)
{
    const unsigned char lower = c | 0x20;
    return (c >= '0' && c <= '9') || (lower >= 'a' && lower <= 'z') || (c >= 0xc0 && c != 0xd7 && c != 0xf7);
}

bool name_is_wrong(question &q)
{
    const uint32_t room = sizeof(q.attr.map_name);
    for (uint32_t i = 0; i < room; i++) {
        const auto c = static_cast<unsigned char>(q.attr.map_name[i]);
        if (!c)
            return false;
        if (c == '.' && q.refuse(rule::name_dot, i))
            return true;
        if (c != '.' && c != '_' && !is_letter_or_digit(c))
            return q.refuse(rule::name_character, i, c);
    }
    return q.refuse(rule::name_unterminated, room);
}

// True unless the address is in the first page, where nothing is mapped, or in the kernel's upper half of a
// 64-bit address space.
bool is_readable(const question &q, uint64_t address)
{
    const uint64_t end = q.surroundings.pointer_size == 8 ? uint64_t{1} << 63 : uint64_t{1} << 32;
    return address >= q.surroundings.page_size && address < end;
}

bool exclusive_is_wrong(question &q)
{
    constexpr uint32_t sha256 = 32;
    const uint64_t hash = q.attr.excl_prog_hash;
    const uint32_t size = q.attr.excl_prog_hash_size;
    if (!hash)
        return size && q.refuse(rule::exclusive_missing, size);
    if (size != sha256)
        return q.refuse(rule::exclusive_size, size, sha256);
    return !is_readable(q, hash) && q.refuse(rule::exclusive_unreadable, hash);
}

bool refused(question &q, const unsigned char *bytes)
{
    if (gate_is_closed(q) || bytes_are_foreign(q, bytes))
        return true;
    read_attr(q, bytes);
    if (ids_contradict(q) || extra_is_unused(q) || access_is_none(q, rule::access_both_ways) ||
        node_is_offline(q) || type_is_missing(q) || misses_requirement(q, moment::check) || token_is_wrong(q))
        return true;
    apply_token(q);
    return permission_is_missing(q) || cannot_be_made(q) || name_is_wrong(q) || btf_does_not_fit(q) ||
           exclusive_is_wrong(q) || access_is_none(q, rule::access_both_ways_last);
}

} // namespace

verdict decide(release kernel, const environment &surroundings, const void *attr, uint32_t size)
{
    verdict answer;
    question q(kernel, surroundings, size, answer);
    if (!refused(q, static_cast<const unsigned char *>(attr)))
        q.conclude(rule::none, 0, 0);
    // Member by member: where a verdict is returned in registers, compilers would copy the whole with memcpy.
    return {answer.error, answer.why, answer.map_type, answer.kernel, {answer.numbers[0], answer.numbers[1]}};
}

} // namespace barebpf
