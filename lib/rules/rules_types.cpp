// SPDX-License-Identifier: BSD-2-Clause
#include "question.h"

namespace barebpf
{
namespace
{

using namespace map_type;

constexpr type_set percpu_types = percpu_hashes | types_of(percpu_array);

// The largest allocation for one CPU.
uint32_t percpu_unit(const question &q)
{
    const uint32_t rest = q.surroundings.page_size - 1;
    return (32768 + rest) & ~rest;
}

// The kernel's own part of a hash table's element.
uint32_t hash_header(const question &q)
{
    if (q.surroundings.pointer_size == 4)
        return 24;
    return q.kernel < release_of(4, 10) ? 40 : 48;
}

uint32_t member_value(const question &q, member of)
{
    if (of == member::key_size)
        return q.attr.key_size;
    return of == member::value_size ? q.attr.value_size : q.attr.max_entries;
}

uint32_t limit_of(const question &q, const requirement &row)
{
    switch (row.in) {
    case unit::page:
        return q.surroundings.page_size * row.a;
    case unit::kmalloc:
        return q.surroundings.kmalloc_max - row.a;
    case unit::percpu:
        return percpu_unit(q) * row.a;
    case unit::cpus:
        return q.surroundings.built_for_cpus * row.a;
    default:
        return row.a;
    }
}

// The bits that no map of the type accepts, but two that are checked elsewhere: always preallocated hash
// tables refuse BPF_F_NO_PREALLOC later and with another errno, and per-CPU types accept BPF_F_NUMA_NODE with
// the node "none".
uint32_t stray_flags(const question &q)
{
    uint32_t allowed = allowed_flags(q.type(), q.kernel);
    if (has(hashes, q.type()))
        allowed |= BAREBPF_F_NO_PREALLOC;
    if (has(percpu_types, q.type()) && q.kernel >= release_of(4, 14))
        allowed |= BAREBPF_F_NUMA_NODE;
    return q.attr.map_flags & ~allowed;
}

bool required_flags_are_missing(question &q)
{
    const uint32_t needed = required_flags(q.type());
    return (q.attr.map_flags & needed) != needed && q.refuse(rule::flags_required, needed);
}

bool flags_are_wrong(question &q)
{
    if (stray_flags(q))
        return q.refuse(rule::flags_not_allowed, q.attr.map_flags, allowed_flags(q.type(), q.kernel));
    if (required_flags_are_missing(q))
        return true;
    return q.flag(BAREBPF_F_RDONLY_PROG) && q.flag(BAREBPF_F_WRONLY_PROG) &&
           q.refuse(rule::prog_access_both_ways);
}

// Before 6.5 each type checks its own capability; from then on permission_is_missing() does.
bool capability_is_missing(question &q)
{
    if (facts_of(q.type()).needs == capability::net_admin)
        return !q.may_net_admin() && q.refuse(rule::needs_net_admin);
    return !q.may_bpf() && (q.refuse(rule::needs_sys_admin) || q.refuse(rule::needs_bpf));
}

// Types that cannot compare an inner map with its template.
bool cannot_be_inner(uint32_t type)
{
    return has(cgroup_storages | types_of(prog_array, struct_ops, insn_array), type);
}

bool inner_map_is_wrong(question &q)
{
    const uint32_t fd = q.attr.inner_map_fd;
    const object *inner = q.find(fd);
    if (!inner)
        return q.refuse(rule::inner_fd_closed, fd);
    if (inner->kind != object_kind::map)
        return q.refuse(rule::inner_fd_other, fd);
    if (has(nested, inner->map_type))
        return q.refuse(rule::inner_is_nested, fd);
    if (cannot_be_inner(inner->map_type))
        return q.refuse(rule::inner_type, fd);
    if (inner->specials & special_spin_lock && q.refuse(rule::inner_spin_lock, fd))
        return true;
    return inner->exclusive && q.refuse(rule::inner_exclusive, fd);
}

bool trie_value_is_wrong(const question &q)
{
    const uint32_t node = q.kernel >= release_of(6, 13) ? 24 : 40;
    return q.attr.value_size > q.surroundings.kmalloc_max - 256 - node;
}

bool stack_depth_is_wrong(const question &q)
{
    const uint32_t frame = q.flag(BAREBPF_F_STACK_BUILD_ID) ? 32 : 8;
    return q.attr.value_size & (frame - 1) || q.attr.value_size > uint64_t{q.surroundings.max_stack} * frame;
}

bool cgroup_key_is_wrong(const question &q)
{
    const uint32_t size = q.attr.key_size;
    return size != q.surroundings.cgroup_key_size && !(size == 8 && q.kernel >= release_of(5, 9));
}

// Pages, and the bytes counted in pages here, are powers of two. A 64-bit division would call libgcc on
// 32-bit machines.
uint64_t pages_in(const question &q, uint64_t bytes)
{
    for (uint32_t page = q.surroundings.page_size; page > 1; page >>= 1)
        bytes >>= 1;
    return bytes;
}

uint64_t arena_bytes(const question &q)
{
    return uint64_t{q.attr.max_entries} * q.surroundings.page_size;
}

// Buckets come in powers of two, and their bytes must fit into 32 bits.
bool has_too_many_buckets(question &q, rule which)
{
    if (which == rule::sockhash_entries && q.buckets_wrap())
        return false;
    const uint32_t most = 1u << (q.surroundings.pointer_size == 8 ? 27 : 28);
    return q.attr.max_entries > most && q.refuse(which, q.attr.max_entries, most);
}

bool hash_rule_breaks(question &q, rule which)
{
    const uint32_t header = hash_header(q);
    const uint64_t element = uint64_t{q.attr.key_size} + q.attr.value_size;
    switch (which) {
    case rule::zero_seed_needs_sys_admin:
        return q.flag(BAREBPF_F_ZERO_SEED) && !q.surroundings.caller.sys_admin && q.refuse(which);
    case rule::lru_preallocates:
        return q.flag(BAREBPF_F_NO_PREALLOC) && q.refuse(which);
    case rule::numa_node_of_percpu:
        return q.node() != question::no_node &&
               (has(percpu_types, q.type()) || q.flag(BAREBPF_F_NO_COMMON_LRU)) && q.refuse(which, q.node());
    case rule::hash_value_size: {
        const uint32_t most = q.surroundings.kmalloc_max - 512 - header - 1;
        return q.attr.value_size > most && q.refuse(which, q.attr.value_size, most);
    }
    case rule::hash_element_size: {
        const uint32_t most = q.surroundings.kmalloc_max - header - 1;
        return element > most && q.refuse(which, element, most);
    }
    default:
        return has_too_many_buckets(q, rule::hash_entries);
    }
}

bool struct_ops_rule_breaks(question &q, rule which)
{
    if (which == rule::struct_ops_needs_id)
        return !q.attr.btf_vmlinux_value_type_id && q.refuse(which);
    int32_t module = -1;
    if (q.flag(BAREBPF_F_VTYPE_BTF_OBJ_FD)) {
        module = q.attr.value_type_btf_obj_fd;
        const object *btf = q.find(static_cast<uint32_t>(module));
        if (!btf)
            return q.refuse(rule::struct_ops_btf_closed, static_cast<uint32_t>(module));
        if (btf->kind != object_kind::module_btf)
            return q.refuse(rule::struct_ops_btf_other, static_cast<uint32_t>(module));
    }
    for (size_t i = 0; i < q.surroundings.struct_ops_count; i++) {
        const struct_ops_type &known = q.surroundings.struct_ops[i];
        if (known.id == q.attr.btf_vmlinux_value_type_id && known.module_fd == module)
            return known.size != q.attr.value_size &&
                   q.refuse(rule::struct_ops_value_size, q.attr.value_size, known.size);
    }
    return q.refuse(rule::struct_ops_unknown, q.attr.btf_vmlinux_value_type_id);
}

bool arena_rule_breaks(question &q, rule which)
{
    const uint64_t start = q.attr.map_extra;
    const uint64_t bytes = arena_bytes(q);
    const uint64_t whole = uint64_t{1} << 32;
    switch (which) {
    case rule::arena_not_in_jit:
        return !q.surroundings.arena_in_jit && q.refuse(which);
    case rule::arena_address:
        return start & (q.surroundings.page_size - 1) && q.refuse(which, start, q.surroundings.page_size);
    case rule::arena_entries:
        return bytes > whole && q.refuse(which, q.attr.max_entries, pages_in(q, whole));
    default:
        return start >> 32 != (start + bytes - 1) >> 32 && q.refuse(which, start, bytes);
    }
}

// rhash checks for zero_seed before its sizes, and for the other flags it does not accept after them.
bool rhash_rule_breaks(question &q, rule which)
{
    const uint32_t hint = static_cast<uint32_t>(q.attr.map_extra);
    constexpr uint32_t most = 65535;
    switch (which) {
    case rule::flags_not_allowed:
        return q.flag(BAREBPF_F_ZERO_SEED) &&
               q.refuse(which, q.attr.map_flags, allowed_flags(q.type(), q.kernel));
    case rule::rhash_hint_high:
        return q.attr.map_extra >> 32 && q.refuse(which, q.attr.map_extra);
    case rule::rhash_hint:
        return hint > most && q.refuse(which, hint, most);
    case rule::rhash_hint_above_entries:
        return hint > q.attr.max_entries && q.refuse(which, hint, q.attr.max_entries);
    default:
        return hash_rule_breaks(q, which);
    }
}

bool storage_rule_breaks(question &q, rule which)
{
    if (which == rule::cgroup_storage_sizes)
        return cgroup_key_is_wrong(q) && q.refuse(which, q.attr.key_size);
    if (which == rule::storage_needs_btf)
        return (!q.attr.btf_key_type_id || !q.attr.btf_value_type_id) && q.refuse(which);
    if (which == rule::storage_needs_lsm)
        return !q.surroundings.lsm_active && q.refuse(which);
    uint32_t most = UINT16_MAX - q.surroundings.local_storage_header;
    if (q.type() == percpu_cgroup_storage && most > percpu_unit(q))
        most = percpu_unit(q);
    return q.attr.value_size > most && q.refuse(which, q.attr.value_size, most);
}

bool is_power_of_two(uint32_t number)
{
    return number && !(number & (number - 1));
}

bool array_cannot_be_rounded_up(question &q)
{
    return !q.may_perfmon() && q.attr.max_entries > 1u << 31 &&
           q.refuse(rule::array_rounded_up, q.attr.max_entries);
}

bool ringbuf_is_not_pages(question &q)
{
    const uint32_t bytes = q.attr.max_entries;
    return (!is_power_of_two(bytes) || bytes & (q.surroundings.page_size - 1)) &&
           q.refuse(rule::ringbuf_entries, bytes, q.surroundings.page_size);
}

bool bloom_has_too_many_functions(question &q)
{
    constexpr uint32_t most = 15;
    return q.attr.map_extra > most && q.refuse(rule::bloom_functions, q.attr.map_extra, most);
}

// The remaining types: the values of stack_trace and lpm_trie, the key and buckets of sockhash.
bool sizes_rule_breaks(question &q, rule which)
{
    switch (which) {
    case rule::stack_trace_depth: {
        const uint32_t frame = q.flag(BAREBPF_F_STACK_BUILD_ID) ? 32 : 8;
        return stack_depth_is_wrong(q) &&
               q.refuse(which, q.attr.value_size, uint64_t{q.surroundings.max_stack} * frame);
    }
    case rule::trie_sizes:
        return trie_value_is_wrong(q) && q.refuse(which, q.attr.value_size);
    case rule::sockhash_sizes: // 4.18 accepted an empty key
        return !q.attr.key_size && q.kernel >= release_of(4, 19) && q.refuse(which, 0);
    default:
        return has_too_many_buckets(q, rule::sockhash_entries);
    }
}

bool queue_is_too_long(question &q)
{
    const uint64_t bytes = (uint64_t{q.attr.max_entries} + 1) * q.attr.value_size;
    return bytes > UINT32_MAX && q.refuse(rule::queue_bytes, bytes);
}

bool odd_rule_breaks(question &q, rule which)
{
    if (which == rule::array_rounded_up)
        return array_cannot_be_rounded_up(q);
    if (has(hashes | types_of(percpu_array), q.type()))
        return hash_rule_breaks(q, which);
    if (has(storages | cgroup_storages, q.type()))
        return storage_rule_breaks(q, which);
    switch (q.type()) {
    case queue:
    case stack:
        return queue_is_too_long(q);
    case struct_ops:
        return struct_ops_rule_breaks(q, which);
    case ringbuf:
    case user_ringbuf:
        return ringbuf_is_not_pages(q);
    case bloom_filter:
        return bloom_has_too_many_functions(q);
    case arena:
        return arena_rule_breaks(q, which);
    case rhash:
        return rhash_rule_breaks(q, which);
    default:
        return sizes_rule_breaks(q, which);
    }
}

bool is_missed(question &q, const requirement &row)
{
    const uint32_t number = member_value(q, row.of);
    const uint32_t limit = limit_of(q, row);
    switch (row.how) {
    case test::equals:
        return number != limit && q.refuse(row.broken, number, limit);
    case test::either:
        return number != row.a && (number != row.b || q.kernel < row.b_since) && q.refuse(row.broken, number);
    case test::within:
        return (number < row.a || number > row.b) && q.refuse(row.broken, number);
    case test::at_most:
        return number > limit && q.refuse(row.broken, number, limit);
    case test::multiple:
        return number & (row.a - 1) && q.refuse(row.broken, number);
    case test::flags:
        return flags_are_wrong(q);
    case test::required:
        return required_flags_are_missing(q);
    case test::capability:
        return capability_is_missing(q);
    case test::inner_first:
        return q.kernel < release_of(4, 16) && inner_map_is_wrong(q);
    case test::inner:
        return q.kernel >= release_of(4, 16) && inner_map_is_wrong(q);
    default:
        return odd_rule_breaks(q, row.broken);
    }
}

} // namespace

bool misses_requirement(question &q, moment when)
{
    for (size_t i = 0; const requirement *row = requirement_at(i); i++) {
        const moment its_moment = q.kernel >= row->checked_since ? moment::check : moment::make;
        if (its_moment == when && has(row->types, q.type()) && is_missed(q, *row))
            return true;
    }
    return false;
}

} // namespace barebpf
