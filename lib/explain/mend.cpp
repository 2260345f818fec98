// SPDX-License-Identifier: BSD-2-Clause
#include "mend.h"

#include "lib/core/map_name.h"
#include "lib/facts/requirements.h"

namespace barebpf
{
namespace
{

using namespace map_type;

// One rule to be mended.
struct task {
    map_create_attr *attr;
    remedy *how;
    const surroundings &seen;
    const verdict &ruling;
};

bool settle(const task &of, field member, uint32_t accepts, uint64_t low, uint64_t high, uint64_t value)
{
    of.how->member = member;
    of.how->accepts = accepts;
    of.how->given = number_in(*of.attr, member);
    of.how->low = low;
    of.how->high = high;
    of.how->value = value;
    set_number(of.attr, member, value);
    return true;
}

bool settle_absent(const task &of, field member)
{
    of.how->member = member;
    of.how->accepts = BAREBPF_ACCEPTS_ABSENT;
    of.how->given = number_in(*of.attr, member);
    leave_out(of.attr, member);
    return true;
}

// Fills in the remedy when the caller needs something that cannot be written into the request here.
bool wants(const task &of, field member, uint32_t accepts, uint64_t low)
{
    of.how->member = member;
    of.how->accepts = accepts;
    of.how->given = number_in(*of.attr, member);
    of.how->low = low;
    return false;
}

bool is_of_memlock(rule why)
{
    return why == rule::memlock || why == rule::memlock_devmap;
}

bool still_breaks(const task &of, const map_create_attr &attr)
{
    return say_the_same(decide_on(of.seen, of.ruling.kernel, attr).why, of.ruling.why);
}

// The largest number below that of the request that does not break the rule.
bool mend_by_most(const task &of, field member)
{
    map_create_attr tried;
    copy(&tried, of.attr, sizeof(tried));
    uint64_t good = 0, bad = number_in(*of.attr, member);
    while (bad - good > 1) {
        const uint64_t middle = good + ((bad - good) >> 1);
        set_number(&tried, member, middle);
        (still_breaks(of, tried) ? bad : good) = middle;
    }
    set_number(&tried, member, good);
    if (member == field::max_entries && (good == 0 || still_breaks(of, tried)) &&
        !is_of_memlock(of.ruling.why))
        return mend_by_most(of, field::value_size); // one entry is too large already
    if (good == 0 || still_breaks(of, tried))
        return wants(of, member, BAREBPF_ACCEPTS_NOTHING, 0);
    return settle(of, member, BAREBPF_ACCEPTS_RANGE, good ? 1 : 0, good, good);
}

field field_of(member which)
{
    if (which == member::key_size)
        return field::key_size;
    return which == member::value_size ? field::value_size : field::max_entries;
}

// Meets one requirement, if a number can; false when it is met already.
bool meet(const task &of, const requirement &needed)
{
    const field member = field_of(needed.of);
    const auto number = static_cast<uint32_t>(number_in(*of.attr, member));
    switch (needed.how) {
    case test::equals:
        return number != needed.a && settle(of, member, BAREBPF_ACCEPTS_NUMBER, needed.a, needed.a, needed.a);
    case test::either:
        if (number == needed.a || (number == needed.b && of.ruling.kernel >= needed.b_since))
            return false;
        if (of.ruling.kernel < needed.b_since)
            return settle(of, member, BAREBPF_ACCEPTS_NUMBER, needed.a, needed.a, needed.a);
        return settle(of, member, BAREBPF_ACCEPTS_EITHER, needed.a, needed.b, needed.a);
    case test::within:
        return (number < needed.a || number > needed.b) &&
               settle(of, member, BAREBPF_ACCEPTS_RANGE, needed.a, needed.b,
                      number < needed.a ? needed.a : needed.b);
    case test::multiple: {
        const uint32_t rest = needed.a - 1;
        const uint32_t whole = number > UINT32_MAX - rest ? number & ~rest : (number + rest) & ~rest;
        return number & rest &&
               settle(of, member, BAREBPF_ACCEPTS_MULTIPLE, needed.a, UINT32_MAX & ~rest, whole);
    }
    default:
        return false;
    }
}

// The sizes that no row of the table has as numbers.
bool mend_odd_size(const task &of)
{
    const map_create_attr &attr = *of.attr;
    const uint32_t key = of.seen.machine.cgroup_key_size;
    if (has(types_of(cgroup_storage, percpu_cgroup_storage), attr.map_type)) {
        if (of.ruling.kernel < release_of(5, 9))
            return settle(of, field::key_size, BAREBPF_ACCEPTS_NUMBER, key, key, key);
        return settle(of, field::key_size, BAREBPF_ACCEPTS_EITHER, 8, key, key);
    }
    if (attr.map_type == sockhash)
        return settle(of, field::key_size, BAREBPF_ACCEPTS_RANGE, 1, 512, 4);
    return mend_by_most(of, field::value_size);
}

bool mend_sizes(const task &of)
{
    for (size_t i = 0; const requirement *needed = requirement_at(i); i++)
        if (needed->broken == of.ruling.why && needed->of != member::none &&
            has(needed->types, of.attr->map_type) && meet(of, *needed))
            return true;
    return mend_odd_size(of);
}

bool mend_flags(const task &of)
{
    const uint32_t given = of.attr->map_flags;
    const auto allowed = static_cast<uint32_t>(of.ruling.numbers[1]);
    return settle(of, field::map_flags, BAREBPF_ACCEPTS_FLAGS, allowed, 0,
                  given & (allowed | static_cast<uint32_t>(BAREBPF_F_TOKEN_FD)));
}

bool mend_required_flags(const task &of)
{
    const auto needed = static_cast<uint32_t>(of.ruling.numbers[0]);
    return settle(of, field::map_flags, BAREBPF_ACCEPTS_FLAGS_NEEDED, needed, 0, of.attr->map_flags | needed);
}

// Of two flags that exclude each other the second is dropped, unless the first alone is refused too.
bool drop_flags(const task &of, uint32_t flags)
{
    map_create_attr tried;
    copy(&tried, of.attr, sizeof(tried));
    const uint32_t given = of.attr->map_flags;
    const uint32_t second = flags & (flags - 1) ? flags & (flags - 1) : flags;
    tried.map_flags = given & ~second;
    const uint32_t kept = still_breaks(of, tried) ? given & ~flags : tried.map_flags;
    return kept != given && settle(of, field::map_flags, BAREBPF_ACCEPTS_FLAGS, ~(given & ~kept), 0, kept);
}

uint32_t accepted_power_of_two(uint32_t number, uint32_t least)
{
    constexpr uint32_t most = 1u << 31;
    uint32_t power = least;
    while (power < number && power < most)
        power <<= 1;
    return power;
}

bool mend_ringbuf(const task &of)
{
    const uint32_t page = of.seen.machine.page_size;
    return settle(of, field::max_entries, BAREBPF_ACCEPTS_POWER_OF_TWO, page, 1u << 31,
                  accepted_power_of_two(of.attr->max_entries, page));
}

bool mend_frames(const task &of)
{
    const uint32_t frame = of.attr->map_flags & BAREBPF_F_STACK_BUILD_ID ? 32 : 8;
    const uint64_t most = of.ruling.numbers[1];
    uint64_t whole = (uint64_t{of.attr->value_size} + frame - 1) & ~uint64_t{frame - 1};
    whole = whole < most ? whole : most;
    return settle(of, field::value_size, BAREBPF_ACCEPTS_MULTIPLE, frame, most, whole);
}

bool mend_extra(const task &of)
{
    const uint64_t given = of.attr->map_extra;
    const uint64_t limit = of.ruling.numbers[1];
    switch (of.ruling.why) {
    case rule::arena_address:
        return settle(of, field::map_extra, BAREBPF_ACCEPTS_MULTIPLE, limit, ~(limit - 1),
                      given & ~(limit - 1));
    case rule::rhash_hint_high:
        return settle(of, field::map_extra, BAREBPF_ACCEPTS_RANGE, 0, 65535, given & UINT32_MAX);
    default: // no more than a limit
        return settle(of, field::map_extra, BAREBPF_ACCEPTS_RANGE, 0, limit, limit);
    }
}

// Keeps a name up to its wrong byte, which becomes '_', or the end.
bool mend_name(const task &of)
{
    const uint64_t at = of.ruling.numbers[0];
    char *name = of.attr->map_name;
    of.how->member = field::map_name;
    of.how->accepts = BAREBPF_ACCEPTS_NAME;
    of.how->given = of.how->value = at;
    if (of.ruling.why == rule::name_unterminated)
        name[sizeof(of.attr->map_name) - 1] = '\0';
    else
        name[at] = '_';
    return true;
}

// One id alone: the other is unknown, so both are left out.
bool mend_ids(const task &of)
{
    const map_create_attr &attr = *of.attr;
    if (of.ruling.why == rule::vmlinux_id_and_btf_ids) {
        const uint32_t fd = attr.btf_fd; // which a struct_ops map needs nevertheless
        settle_absent(of, attr.btf_key_type_id ? field::btf_key_type_id : field::btf_value_type_id);
        of.attr->btf_fd = fd;
        return true;
    }
    if (of.ruling.why == rule::btf_keyless)
        return settle(of, field::btf_key_type_id, BAREBPF_ACCEPTS_ABSENT, 0, 0, 0);
    const field member = attr.btf_key_type_id ? field::btf_key_type_id : field::btf_value_type_id;
    return settle_absent(of, member);
}

bool mend_hash_size(const task &of)
{
    if (!of.attr->excl_prog_hash)
        return settle_absent(of, field::excl_prog_hash_size);
    return settle(of, field::excl_prog_hash_size, BAREBPF_ACCEPTS_NUMBER, 32, 32, 32);
}

bool mend_element(const task &of)
{
    const uint64_t most = of.ruling.numbers[1];
    const uint64_t other = of.attr->key_size < most ? of.attr->key_size : 0;
    if (!other)
        return mend_by_most(of, field::key_size);
    return settle(of, field::value_size, BAREBPF_ACCEPTS_RANGE, 1, most - other, most - other);
}

bool mend_oddly(const task &of)
{
    const uint64_t *numbers = of.ruling.numbers;
    switch (of.ruling.why) {
    case rule::vmlinux_id_and_btf_ids:
    case rule::key_id_without_value_id:
    case rule::btf_needs_value_id:
    case rule::btf_needs_both_ids:
    case rule::btf_keyless:
        return mend_ids(of);
    case rule::numa_node_offline:
        return settle(of, field::numa_node, BAREBPF_ACCEPTS_RANGE, 0, numbers[1] - 1, 0);
    case rule::hash_element_size:
        return mend_element(of);
    case rule::stack_trace_depth:
        return mend_frames(of);
    case rule::btf_value_size:
        return settle(of, field::value_size, BAREBPF_ACCEPTS_NUMBER, numbers[0], numbers[0], numbers[0]);
    case rule::btf_key_size:
        return settle(of, field::key_size, BAREBPF_ACCEPTS_NUMBER, numbers[0], numbers[0], numbers[0]);
    case rule::ringbuf_entries:
        return mend_ringbuf(of);
    case rule::name_unterminated:
    case rule::name_dot:
    case rule::name_character:
        return mend_name(of);
    case rule::exclusive_size:
    case rule::exclusive_missing:
        return mend_hash_size(of);
    case rule::inner_fd_closed:
    case rule::inner_fd_other:
    case rule::inner_is_nested:
    case rule::inner_type:
    case rule::inner_spin_lock:
    case rule::inner_exclusive:
        return wants(of, field::inner_map_fd, BAREBPF_ACCEPTS_OBJECT, 0);
    default:
        return mend_extra(of);
    }
}

// A member this kernel does not know; the bytes beyond the attr are not available here.
bool mend_by_byte(const task &of)
{
    const uint64_t at = of.ruling.why == rule::size_beyond_page ? map_create_attr_size : of.ruling.numbers[0];
    const attr_field *its = field_at(static_cast<uint32_t>(at));
    if (!its) {
        of.how->member = field::none;
        of.how->accepts = BAREBPF_ACCEPTS_ABSENT;
        of.how->given = at;
        return true;
    }
    return settle_absent(of, static_cast<field>(its - attr_fields));
}

// What the caller needs, for a rule that no change of the request can meet.
bool mend_not(const task &of, field member)
{
    switch (of.ruling.why) {
    case rule::struct_ops_needs_id:
    case rule::struct_ops_unknown:
    case rule::storage_needs_btf:
        return wants(of, member, BAREBPF_ACCEPTS_ID, 0);
    case rule::type_newer:
        return wants(of, member, BAREBPF_ACCEPTS_RELEASE, public_release(facts_of(of.attr->map_type).since));
    default:
        return wants(of, member, BAREBPF_ACCEPTS_NOTHING, 0);
    }
}

} // namespace

verdict decide_on(const surroundings &seen, release kernel, const map_create_attr &attr)
{
    return decide(kernel, seen.machine, &attr, map_create_attr_size);
}

bool mend(map_create_attr *attr, remedy *how, const surroundings &seen, const verdict &ruling)
{
    clear(how);
    const task of = {attr, how, seen, ruling};
    const cause_facts &about = facts_of(ruling.why);
    switch (about.how) {
    case mending::permission:
        return wants(of, field::none, BAREBPF_ACCEPTS_CAPABILITY, about.detail);
    case mending::by_byte:
        return mend_by_byte(of);
    case mending::leave_out:
        return settle_absent(of, about.member);
    case mending::sizes:
        return mend_sizes(of);
    case mending::most:
        return mend_by_most(of, about.member);
    case mending::allowed:
        return mend_flags(of);
    case mending::required:
        return mend_required_flags(of);
    case mending::drop_flags:
        return drop_flags(of, about.detail);
    case mending::odd:
        return mend_oddly(of);
    default:
        return mend_not(of, about.member);
    }
}

bool mend_all(map_create_attr *attr, const surroundings &seen, release kernel)
{
    constexpr int most_steps = 24;
    for (int step = 0; step < most_steps; step++) {
        const verdict ruling = decide_on(seen, kernel, *attr);
        remedy how;
        if (ruling.why == rule::none)
            return true;
        if (!mend(attr, &how, seen, ruling))
            return false;
    }
    return false;
}

uint64_t number_in(const map_create_attr &attr, field member)
{
    if (member == field::none || member == field::map_name)
        return 0;
    const attr_field &its = attr_fields[static_cast<size_t>(member)];
    const char *at = reinterpret_cast<const char *>(&attr) + its.offset;
    if (its.size == sizeof(uint64_t)) {
        uint64_t whole = 0;
        copy(&whole, at, sizeof(whole));
        return whole;
    }
    uint32_t half = 0;
    copy(&half, at, sizeof(half));
    return half;
}

void set_number(map_create_attr *attr, field member, uint64_t number)
{
    if (member == field::none || member == field::map_name)
        return;
    const attr_field &its = attr_fields[static_cast<size_t>(member)];
    char *at = reinterpret_cast<char *>(attr) + its.offset;
    const auto half = static_cast<uint32_t>(number);
    if (its.size == sizeof(number))
        copy(at, &number, sizeof(number));
    else
        copy(at, &half, sizeof(half));
}

void leave_out(map_create_attr *attr, field member)
{
    switch (member) {
    case field::map_name:
        return clear_name(attr);
    case field::numa_node:
        attr->map_flags &= ~static_cast<uint32_t>(BAREBPF_F_NUMA_NODE);
        break;
    case field::map_token_fd:
        attr->map_flags &= ~static_cast<uint32_t>(BAREBPF_F_TOKEN_FD);
        break;
    case field::value_type_btf_obj_fd:
        attr->map_flags &= ~static_cast<uint32_t>(BAREBPF_F_VTYPE_BTF_OBJ_FD);
        break;
    case field::btf_fd:
    case field::btf_key_type_id:
    case field::btf_value_type_id:
        attr->btf_fd = attr->btf_key_type_id = attr->btf_value_type_id = 0;
        break;
    case field::excl_prog_hash:
    case field::excl_prog_hash_size:
        attr->excl_prog_hash = 0;
        attr->excl_prog_hash_size = 0;
        break;
    default:
        break;
    }
    set_number(attr, member, 0);
}

void shrink(map_create_attr *attr, const surroundings &seen, release kernel)
{
    constexpr uint32_t small_entries = 1, small_value = 64;
    const uint32_t entries = attr->max_entries, value = attr->value_size;
    const auto is_taken = [&] { return decide_on(seen, kernel, *attr).why == rule::none; };
    if (entries > small_entries) {
        attr->max_entries = small_entries;
        if (!is_taken())
            attr->max_entries = seen.machine.page_size;
        if (!is_taken())
            attr->max_entries = entries;
    }
    if (value > small_value) {
        attr->value_size = small_value;
        if (!is_taken())
            attr->value_size = value;
    }
}

} // namespace barebpf
