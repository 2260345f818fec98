// SPDX-License-Identifier: BSD-2-Clause
#include "rules.h"

#include "request.h"

namespace barebpf
{
namespace
{

bool gate_is_closed(request &r)
{
    if (!r.caller.sys_admin && r.refuse(rule::every_command_needs_root))
        return true;
    return r.surroundings.unprivileged_bpf_disabled && !r.may_bpf() &&
           r.refuse(rule::unprivileged_bpf_disabled, r.surroundings.unprivileged_bpf_disabled);
}

// The offset of the first set byte from `from` on, or `size` when there is none.
uint32_t first_set(const unsigned char *bytes, uint32_t from, uint32_t size)
{
    while (from < size && !bytes[from])
        from++;
    return from;
}

bool bytes_are_foreign(request &r, const unsigned char *bytes)
{
    if (r.size > r.surroundings.page_size)
        return r.refuse(rule::size_beyond_page, r.size, r.surroundings.page_size);
    const uint32_t whole = union_size(r.kernel);
    if (const uint32_t set = first_set(bytes, whole, r.size); set < r.size)
        return r.refuse(rule::tail_beyond_union, set, whole);
    const uint32_t known = known_end(r.kernel);
    const uint32_t set = first_set(bytes, known, r.size);
    return set < r.size && r.refuse(rule::unknown_field, set, known);
}

// Copies the bytes this kernel reads; missing ones count as zero.
void read_attr(request &r, const unsigned char *bytes)
{
    const uint32_t known = known_end(r.kernel);
    copy(&r.attr, bytes, r.size < known ? r.size : known);
    if (r.kernel >= first_kernel_of_flag(BAREBPF_F_TOKEN_FD)) {
        r.token_given = r.flag(BAREBPF_F_TOKEN_FD);
        r.attr.map_flags &= ~static_cast<uint32_t>(BAREBPF_F_TOKEN_FD);
    }
}

bool ids_contradict(request &r)
{
    const uint32_t key = r.attr.btf_key_type_id;
    const uint32_t value = r.attr.btf_value_type_id;
    if (const uint32_t id = r.attr.btf_vmlinux_value_type_id) {
        if (r.type() != BAREBPF_MAP_TYPE_STRUCT_OPS)
            return r.refuse(rule::vmlinux_id_elsewhere, id);
        return (key || value) && r.refuse(rule::vmlinux_id_and_btf_ids, id);
    }
    return key && !value && r.refuse(rule::key_id_without_value_id, key);
}

bool extra_is_unused(request &r)
{
    const bool used = r.type() < map_type_count && facts_of(r.type()).extra != extra_use::none &&
                      r.kernel >= facts_of(r.type()).since;
    return r.attr.map_extra && !used && r.refuse(rule::map_extra_unused, r.attr.map_extra);
}

bool access_is_none(request &r, rule why)
{
    return r.flag(BAREBPF_F_RDONLY) && r.flag(BAREBPF_F_WRONLY) && r.refuse(why);
}

bool node_is_offline(request &r)
{
    return r.node() != request::no_node && r.node() >= r.surroundings.numa_nodes &&
           r.refuse(rule::numa_node_offline, r.node(), r.surroundings.numa_nodes);
}

bool type_is_missing(request &r)
{
    if (r.type() >= map_type_count)
        return r.refuse(rule::type_unknown, r.type());
    if (r.type() == BAREBPF_MAP_TYPE_UNSPEC)
        return r.refuse(rule::type_unspec);
    const release since = facts_of(r.type()).since;
    if (r.kernel < since)
        return r.refuse(rule::type_newer, major_of(since), minor_of(since));
    return (needed_config(r.type(), r.kernel) & ~r.surroundings.config) && r.refuse(rule::type_not_built);
}

bool token_is_wrong(request &r)
{
    if (!r.token_given)
        return false;
    const auto fd = static_cast<uint32_t>(r.attr.map_token_fd);
    const object *token = r.find(fd);
    if (!token)
        return r.refuse(rule::token_fd_closed, fd);
    return token->kind != object_kind::token && r.refuse(rule::token_fd_other, fd);
}

// A token gives its holder, for the types it allows, the capabilities they have in its user namespace.
void apply_token(request &r)
{
    const object *token = r.token_given ? r.find(static_cast<uint32_t>(r.attr.map_token_fd)) : nullptr;
    if (!token || !has(token->granted, r.type()))
        return;
    r.caller.bpf |= token->held.bpf | token->held.sys_admin;
    r.caller.net_admin |= token->held.net_admin | token->held.sys_admin;
    r.caller.perfmon |= token->held.perfmon | token->held.sys_admin;
}

bool permission_is_missing(request &r)
{
    if (r.surroundings.unprivileged_bpf_disabled && !r.may_bpf() &&
        r.refuse(rule::unprivileged_bpf_disabled_late, r.surroundings.unprivileged_bpf_disabled))
        return true;
    const capability needs = facts_of(r.type()).needs;
    if (needs == capability::bpf && !r.may_bpf())
        return r.refuse(rule::needs_bpf_late);
    return needs == capability::net_admin && !r.may_net_admin() && r.refuse(rule::needs_net_admin_late);
}

// A map on a network device is made by the device's driver; its type checks nothing further.
bool device_refuses(request &r)
{
    const uint32_t ifindex = r.attr.map_ifindex;
    if (!(r.surroundings.config & config_net))
        return r.refuse(rule::offload_not_built, ifindex);
    if (!r.surroundings.caller.sys_admin)
        return r.refuse(rule::offload_needs_sys_admin, ifindex);
    if (!has(types_of(BAREBPF_MAP_TYPE_ARRAY, BAREBPF_MAP_TYPE_HASH), r.type()))
        return r.refuse(rule::offload_type, ifindex);
    for (size_t i = 0; i < r.surroundings.device_count; i++)
        if (r.surroundings.devices[i].ifindex == ifindex)
            return !r.surroundings.devices[i].holds_maps && r.refuse(rule::offload_unsupported, ifindex);
    return r.refuse(rule::offload_no_device, ifindex);
}

bool cannot_be_made(request &r)
{
    if (r.attr.map_ifindex)
        return device_refuses(r);
    return misses_requirement(r, moment::make) || too_expensive(r);
}

// The kernel's isalnum() is Latin-1.
bool is_letter_or_digit(unsigned char c)
{
    const unsigned char lower = c | 0x20;
    return (c >= '0' && c <= '9') || (lower >= 'a' && lower <= 'z') || (c >= 0xc0 && c != 0xd7 && c != 0xf7);
}

bool name_is_wrong(request &r)
{
    const uint32_t room = sizeof(r.attr.map_name);
    for (uint32_t i = 0; i < room; i++) {
        const auto c = static_cast<unsigned char>(r.attr.map_name[i]);
        if (!c)
            return false;
        if (c == '.' && r.refuse(rule::name_dot, i))
            return true;
        if (c != '.' && c != '_' && !is_letter_or_digit(c))
            return r.refuse(rule::name_character, i, c);
    }
    return r.refuse(rule::name_unterminated, room);
}

// True unless the address is in the first page, where nothing is mapped, or in the kernel's upper half of a
// 64-bit address space.
bool is_readable(const request &r, uint64_t address)
{
    const uint64_t end = r.surroundings.pointer_size == 8 ? uint64_t{1} << 63 : uint64_t{1} << 32;
    return address >= r.surroundings.page_size && address < end;
}

bool exclusive_is_wrong(request &r)
{
    constexpr uint32_t sha256 = 32;
    const uint64_t hash = r.attr.excl_prog_hash;
    const uint32_t size = r.attr.excl_prog_hash_size;
    if (!hash)
        return size && r.refuse(rule::exclusive_missing, size);
    if (size != sha256)
        return r.refuse(rule::exclusive_size, size, sha256);
    return !is_readable(r, hash) && r.refuse(rule::exclusive_unreadable, hash);
}

bool refused(request &r, const unsigned char *bytes)
{
    if (gate_is_closed(r) || bytes_are_foreign(r, bytes))
        return true;
    read_attr(r, bytes);
    if (ids_contradict(r) || extra_is_unused(r) || access_is_none(r, rule::access_both_ways) ||
        node_is_offline(r) || type_is_missing(r) || misses_requirement(r, moment::check) || token_is_wrong(r))
        return true;
    apply_token(r);
    return permission_is_missing(r) || cannot_be_made(r) || name_is_wrong(r) || btf_does_not_fit(r) ||
           exclusive_is_wrong(r) || access_is_none(r, rule::access_both_ways_last);
}

} // namespace

verdict decide(release kernel, const environment &surroundings, const void *attr, uint32_t size)
{
    verdict answer;
    request r(kernel, surroundings, size, answer);
    if (!refused(r, static_cast<const unsigned char *>(attr)))
        r.conclude(rule::none, 0, 0);
    // Member by member: where a verdict is returned in registers, compilers would copy the whole with memcpy.
    return {answer.error, answer.why, answer.map_type, answer.kernel, {answer.numbers[0], answer.numbers[1]}};
}

} // namespace barebpf
