// SPDX-License-Identifier: BSD-2-Clause
#include "request.h"

namespace barebpf
{
namespace
{

using namespace map_type;

constexpr type_set percpu_types = percpu_hashes | types_of(percpu_array);

// The largest allocation for one CPU.
uint32_t percpu_unit(const request &r)
{
    const uint32_t rest = r.surroundings.page_size - 1;
    return (32768 + rest) & ~rest;
}

// The kernel's own part of a hash table's element.
uint32_t hash_header(const request &r)
{
    if (r.surroundings.pointer_size == 4)
        return 24;
    return r.kernel < release_of(4, 10) ? 40 : 48;
}

uint32_t member_value(const request &r, member of)
{
    if (of == member::key_size)
        return r.attr.key_size;
    return of == member::value_size ? r.attr.value_size : r.attr.max_entries;
}

uint32_t limit_of(const request &r, const requirement &row)
{
    switch (row.in) {
    case unit::page:
        return r.surroundings.page_size * row.a;
    case unit::kmalloc:
        return r.surroundings.kmalloc_max - row.a;
    case unit::percpu:
        return percpu_unit(r) * row.a;
    case unit::cpus:
        return r.surroundings.built_for_cpus * row.a;
    default:
        return row.a;
    }
}

// The bits that no map of the type accepts, but two that are checked elsewhere: always preallocated hash
// tables refuse BPF_F_NO_PREALLOC later and with another errno, and per-CPU types accept BPF_F_NUMA_NODE with
// the node "none".
uint32_t stray_flags(const request &r)
{
    uint32_t allowed = allowed_flags(r.type(), r.kernel);
    if (has(hashes, r.type()))
        allowed |= BAREBPF_F_NO_PREALLOC;
    if (has(percpu_types, r.type()) && r.kernel >= release_of(4, 14))
        allowed |= BAREBPF_F_NUMA_NODE;
    return r.attr.map_flags & ~allowed;
}

bool required_flags_are_missing(request &r)
{
    const uint32_t needed = required_flags(r.type());
    return (r.attr.map_flags & needed) != needed && r.refuse(rule::flags_required, needed);
}

bool flags_are_wrong(request &r)
{
    if (stray_flags(r))
        return r.refuse(rule::flags_not_allowed, r.attr.map_flags, allowed_flags(r.type(), r.kernel));
    if (required_flags_are_missing(r))
        return true;
    return r.flag(BAREBPF_F_RDONLY_PROG) && r.flag(BAREBPF_F_WRONLY_PROG) &&
           r.refuse(rule::prog_access_both_ways);
}

// Before 6.5 each type checks its own capability; from then on permission_is_missing() does.
bool capability_is_missing(request &r)
{
    if (facts_of(r.type()).needs == capability::net_admin)
        return !r.may_net_admin() && r.refuse(rule::needs_net_admin);
    return !r.may_bpf() && (r.refuse(rule::needs_sys_admin) || r.refuse(rule::needs_bpf));
}

// Types that cannot compare an inner map with its template.
bool cannot_be_inner(uint32_t type)
{
    return has(cgroup_storages | types_of(prog_array, struct_ops, insn_array), type);
}

bool inner_map_is_wrong(request &r)
{
    const uint32_t fd = r.attr.inner_map_fd;
    const object *inner = r.find(fd);
    if (!inner)
        return r.refuse(rule::inner_fd_closed, fd);
    if (inner->kind != object_kind::map)
        return r.refuse(rule::inner_fd_other, fd);
    if (has(nested, inner->map_type))
        return r.refuse(rule::inner_is_nested, fd);
    if (cannot_be_inner(inner->map_type))
        return r.refuse(rule::inner_type, fd);
    if (inner->specials & special_spin_lock && r.refuse(rule::inner_spin_lock, fd))
        return true;
    return inner->exclusive && r.refuse(rule::inner_exclusive, fd);
}

bool trie_value_is_wrong(const request &r)
{
    const uint32_t node = r.kernel >= release_of(6, 13) ? 24 : 40;
    return r.attr.value_size > r.surroundings.kmalloc_max - 256 - node;
}

bool stack_depth_is_wrong(const request &r)
{
    const uint32_t frame = r.flag(BAREBPF_F_STACK_BUILD_ID) ? 32 : 8;
    return r.attr.value_size & (frame - 1) || r.attr.value_size > uint64_t{r.surroundings.max_stack} * frame;
}

bool cgroup_key_is_wrong(const request &r)
{
    const uint32_t size = r.attr.key_size;
    return size != r.surroundings.cgroup_key_size && !(size == 8 && r.kernel >= release_of(5, 9));
}

// Pages, and the bytes counted in pages here, are powers of two. A 64-bit division would call libgcc on
// 32-bit machines.
uint64_t pages_in(const request &r, uint64_t bytes)
{
    for (uint32_t page = r.surroundings.page_size; page > 1; page >>= 1)
        bytes >>= 1;
    return bytes;
}

uint64_t arena_bytes(const request &r)
{
    return uint64_t{r.attr.max_entries} * r.surroundings.page_size;
}

// Buckets come in powers of two, and their bytes must fit into 32 bits.
bool has_too_many_buckets(request &r, rule which)
{
    if (which == rule::sockhash_entries && r.buckets_wrap())
        return false;
    const uint32_t most = 1u << (r.surroundings.pointer_size == 8 ? 27 : 28);
    return r.attr.max_entries > most && r.refuse(which, r.attr.max_entries, most);
}

bool hash_rule_breaks(request &r, rule which)
{
    const uint32_t header = hash_header(r);
    const uint64_t element = uint64_t{r.attr.key_size} + r.attr.value_size;
    switch (which) {
    case rule::zero_seed_needs_sys_admin:
        return r.flag(BAREBPF_F_ZERO_SEED) && !r.surroundings.caller.sys_admin && r.refuse(which);
    case rule::lru_preallocates:
        return r.flag(BAREBPF_F_NO_PREALLOC) && r.refuse(which);
    case rule::numa_node_of_percpu:
        return r.node() != request::no_node &&
               (has(percpu_types, r.type()) || r.flag(BAREBPF_F_NO_COMMON_LRU)) && r.refuse(which, r.node());
    case rule::hash_value_size: {
        const uint32_t most = r.surroundings.kmalloc_max - 512 - header - 1;
        return r.attr.value_size > most && r.refuse(which, r.attr.value_size, most);
    }
    case rule::hash_element_size: {
        const uint32_t most = r.surroundings.kmalloc_max - header - 1;
        return element > most && r.refuse(which, element, most);
    }
    default:
        return has_too_many_buckets(r, rule::hash_entries);
    }
}

bool struct_ops_rule_breaks(request &r, rule which)
{
    if (which == rule::struct_ops_needs_id)
        return !r.attr.btf_vmlinux_value_type_id && r.refuse(which);
    int32_t module = -1;
    if (r.flag(BAREBPF_F_VTYPE_BTF_OBJ_FD)) {
        module = r.attr.value_type_btf_obj_fd;
        const object *btf = r.find(static_cast<uint32_t>(module));
        if (!btf)
            return r.refuse(rule::struct_ops_btf_closed, static_cast<uint32_t>(module));
        if (btf->kind != object_kind::module_btf)
            return r.refuse(rule::struct_ops_btf_other, static_cast<uint32_t>(module));
    }
    for (size_t i = 0; i < r.surroundings.struct_ops_count; i++) {
        const struct_ops_type &known = r.surroundings.struct_ops[i];
        if (known.id == r.attr.btf_vmlinux_value_type_id && known.module_fd == module)
            return known.size != r.attr.value_size &&
                   r.refuse(rule::struct_ops_value_size, r.attr.value_size, known.size);
    }
    return r.refuse(rule::struct_ops_unknown, r.attr.btf_vmlinux_value_type_id);
}

bool arena_rule_breaks(request &r, rule which)
{
    const uint64_t start = r.attr.map_extra;
    const uint64_t bytes = arena_bytes(r);
    const uint64_t whole = uint64_t{1} << 32;
    switch (which) {
    case rule::arena_not_in_jit:
        return !r.surroundings.arena_in_jit && r.refuse(which);
    case rule::arena_address:
        return start & (r.surroundings.page_size - 1) && r.refuse(which, start, r.surroundings.page_size);
    case rule::arena_entries:
        return bytes > whole && r.refuse(which, r.attr.max_entries, pages_in(r, whole));
    default:
        return start >> 32 != (start + bytes - 1) >> 32 && r.refuse(which, start, bytes);
    }
}

// rhash checks for zero_seed before its sizes, and for the other flags it does not accept after them.
bool rhash_rule_breaks(request &r, rule which)
{
    const uint32_t hint = static_cast<uint32_t>(r.attr.map_extra);
    constexpr uint32_t most = 65535;
    switch (which) {
    case rule::flags_not_allowed:
        return r.flag(BAREBPF_F_ZERO_SEED) &&
               r.refuse(which, r.attr.map_flags, allowed_flags(r.type(), r.kernel));
    case rule::rhash_hint_high:
        return r.attr.map_extra >> 32 && r.refuse(which, r.attr.map_extra);
    case rule::rhash_hint:
        return hint > most && r.refuse(which, hint, most);
    case rule::rhash_hint_above_entries:
        return hint > r.attr.max_entries && r.refuse(which, hint, r.attr.max_entries);
    default:
        return hash_rule_breaks(r, which);
    }
}

bool storage_rule_breaks(request &r, rule which)
{
    if (which == rule::cgroup_storage_sizes)
        return cgroup_key_is_wrong(r) && r.refuse(which, r.attr.key_size);
    if (which == rule::storage_needs_btf)
        return (!r.attr.btf_key_type_id || !r.attr.btf_value_type_id) && r.refuse(which);
    if (which == rule::storage_needs_lsm)
        return !r.surroundings.lsm_active && r.refuse(which);
    uint32_t most = UINT16_MAX - r.surroundings.local_storage_header;
    if (r.type() == percpu_cgroup_storage && most > percpu_unit(r))
        most = percpu_unit(r);
    return r.attr.value_size > most && r.refuse(which, r.attr.value_size, most);
}

bool is_power_of_two(uint32_t number)
{
    return number && !(number & (number - 1));
}

bool array_cannot_be_rounded_up(request &r)
{
    return !r.may_perfmon() && r.attr.max_entries > 1u << 31 &&
           r.refuse(rule::array_rounded_up, r.attr.max_entries);
}

bool ringbuf_is_not_pages(request &r)
{
    const uint32_t bytes = r.attr.max_entries;
    return (!is_power_of_two(bytes) || bytes & (r.surroundings.page_size - 1)) &&
           r.refuse(rule::ringbuf_entries, bytes, r.surroundings.page_size);
}

bool bloom_has_too_many_functions(request &r)
{
    constexpr uint32_t most = 15;
    return r.attr.map_extra > most && r.refuse(rule::bloom_functions, r.attr.map_extra, most);
}

// The remaining types: the values of stack_trace and lpm_trie, the key and buckets of sockhash.
bool sizes_rule_breaks(request &r, rule which)
{
    switch (which) {
    case rule::stack_trace_depth: {
        const uint32_t frame = r.flag(BAREBPF_F_STACK_BUILD_ID) ? 32 : 8;
        return stack_depth_is_wrong(r) &&
               r.refuse(which, r.attr.value_size, uint64_t{r.surroundings.max_stack} * frame);
    }
    case rule::trie_sizes:
        return trie_value_is_wrong(r) && r.refuse(which, r.attr.value_size);
    case rule::sockhash_sizes: // 4.18 accepted an empty key
        return !r.attr.key_size && r.kernel >= release_of(4, 19) && r.refuse(which, 0);
    default:
        return has_too_many_buckets(r, rule::sockhash_entries);
    }
}

bool queue_is_too_long(request &r)
{
    const uint64_t bytes = (uint64_t{r.attr.max_entries} + 1) * r.attr.value_size;
    return bytes > UINT32_MAX && r.refuse(rule::queue_bytes, bytes);
}

bool odd_rule_breaks(request &r, rule which)
{
    if (which == rule::array_rounded_up)
        return array_cannot_be_rounded_up(r);
    if (has(hashes | types_of(percpu_array), r.type()))
        return hash_rule_breaks(r, which);
    if (has(storages | cgroup_storages, r.type()))
        return storage_rule_breaks(r, which);
    switch (r.type()) {
    case queue:
    case stack:
        return queue_is_too_long(r);
    case struct_ops:
        return struct_ops_rule_breaks(r, which);
    case ringbuf:
    case user_ringbuf:
        return ringbuf_is_not_pages(r);
    case bloom_filter:
        return bloom_has_too_many_functions(r);
    case arena:
        return arena_rule_breaks(r, which);
    case rhash:
        return rhash_rule_breaks(r, which);
    default:
        return sizes_rule_breaks(r, which);
    }
}

bool is_missed(request &r, const requirement &row)
{
    const uint32_t number = member_value(r, row.of);
    const uint32_t limit = limit_of(r, row);
    switch (row.how) {
    case test::equals:
        return number != limit && r.refuse(row.broken, number, limit);
    case test::either:
        return number != row.a && (number != row.b || r.kernel < row.b_since) && r.refuse(row.broken, number);
    case test::within:
        return (number < row.a || number > row.b) && r.refuse(row.broken, number);
    case test::at_most:
        return number > limit && r.refuse(row.broken, number, limit);
    case test::multiple:
        return number & (row.a - 1) && r.refuse(row.broken, number);
    case test::flags:
        return flags_are_wrong(r);
    case test::required:
        return required_flags_are_missing(r);
    case test::capability:
        return capability_is_missing(r);
    case test::inner_first:
        return r.kernel < release_of(4, 16) && inner_map_is_wrong(r);
    case test::inner:
        return r.kernel >= release_of(4, 16) && inner_map_is_wrong(r);
    default:
        return odd_rule_breaks(r, row.broken);
    }
}

} // namespace

bool misses_requirement(request &r, moment when)
{
    for (size_t i = 0; const requirement *row = requirement_at(i); i++) {
        const moment its_moment = r.kernel >= row->checked_since ? moment::check : moment::make;
        if (its_moment == when && has(row->types, r.type()) && is_missed(r, *row))
            return true;
    }
    return false;
}

} // namespace barebpf
