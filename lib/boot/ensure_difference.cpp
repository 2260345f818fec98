// SPDX-License-Identifier: BSD-2-Clause
#include "ensure_difference.h"

#include "lib/core/map_name.h"
#include "lib/core/mem.h"
#include "lib/core/opts.h"
#include "lib/explain/causes.h"
#include "lib/facts/described.h"

namespace barebpf
{
namespace
{

struct comparison {
    barebpf_ensure_report *report;
    const wanted_map &wanted;
    const shown_map &found;
    const machine_sizes &sizes;
};

void add_difference(const comparison &of, uint32_t member, uint64_t wanted, uint64_t found)
{
    barebpf_difference *next = &of.report->differences[of.report->difference_count++];
    next->wanted = wanted;
    next->found = found;
    next->member = member;
    next->reserved = 0;
}

void compare_number(const comparison &of, field member, uint64_t wanted, uint64_t found)
{
    if (wanted != found)
        add_difference(of, static_cast<uint32_t>(member), wanted, found);
}

// For a member that ends at `end` of the description. One that is not described (wanted: 0) is not missed.
void compare_if_known(const comparison &of, field member, uint64_t wanted, uint64_t found, size_t end)
{
    if (of.found.knows(end))
        compare_number(of, member, wanted, found);
    else if (wanted)
        of.report->unverified |= 1u << static_cast<uint32_t>(member);
}

bool policy_allows(const comparison &of, uint32_t what)
{
    return of.wanted.give_up & what;
}

// The request with something given up.
void concede_to(map_create_attr *attr, const comparison &of, concessions what)
{
    copy(attr, &of.wanted.attr, sizeof(*attr));
    concede(attr, what, of.sizes);
}

// True if the kernel rounds `wanted` up to `found`, a multiple of the number of CPUs.
bool is_share_per_cpu(const comparison &of, uint32_t wanted, uint32_t found)
{
    return (of.wanted.attr.map_flags & BAREBPF_F_NO_COMMON_LRU) && found > wanted &&
           found - wanted < of.sizes.possible_cpus;
}

bool has_same_entries(const comparison &of)
{
    const uint32_t wanted = of.wanted.attr.max_entries, found = of.found.info.max_entries;
    if (wanted == found)
        return true;
    map_create_attr other;
    switch (described_entries(of.wanted.attr.map_type)) {
    case entries_use::as_given:
        return false;
    case entries_use::share_per_cpu:
        return is_share_per_cpu(of, wanted, found);
    case entries_use::whole_pages:
    case entries_use::cpus:
        concede_to(&other, of, BAREBPF_GIVE_UP_SIZE);
        return other.max_entries == found;
    }
    return false;
}

// The flags as a description has them.
uint32_t comparable(uint32_t flags)
{
    return flags & ~undescribed_flags;
}

bool has_same_flags(const comparison &of, uint32_t wanted)
{
    const uint32_t added = flags_kernel_adds(of.wanted.attr.map_type);
    const uint32_t differing = comparable(wanted) ^ comparable(of.found.info.map_flags);
    return (differing & ~added) == 0 && !(differing & added & wanted);
}

void compare_flags(const comparison &of)
{
    const uint32_t wanted = of.wanted.attr.map_flags;
    if (!of.found.knows(BAREBPF_END_OF(map_description, map_flags))) {
        of.report->unverified |= 1u << static_cast<uint32_t>(field::map_flags);
        return;
    }
    map_create_attr other;
    concede_to(&other, of, BAREBPF_GIVE_UP_FLAGS);
    if (has_same_flags(of, wanted) ||
        (policy_allows(of, BAREBPF_GIVE_UP_FLAGS) && has_same_flags(of, other.map_flags)))
        return;
    add_difference(of, static_cast<uint32_t>(field::map_flags), comparable(wanted),
                   comparable(of.found.info.map_flags));
}

bool same_name(const char *a, const char *b)
{
    for (size_t i = 0; i < sizeof(map_description::name); i++)
        if (a[i] != b[i] || !a[i])
            return a[i] == b[i];
    return true;
}

void compare_name(const comparison &of)
{
    const char *found = of.found.info.name;
    if (!of.wanted.has_name)
        return;
    if (!of.found.knows(BAREBPF_END_OF(map_description, name))) {
        of.report->unverified |= 1u << static_cast<uint32_t>(field::map_name);
        return;
    }
    map_create_attr other;
    concede_to(&other, of, BAREBPF_GIVE_UP_NAME_CHARS);
    if (same_name(of.wanted.attr.map_name, found) || (policy_allows(of, BAREBPF_GIVE_UP_NAME) && !*found) ||
        (policy_allows(of, BAREBPF_GIVE_UP_NAME_CHARS) && same_name(other.map_name, found)))
        return;
    copy(of.report->wanted_name, of.wanted.attr.map_name, sizeof(of.report->wanted_name));
    copy(of.report->found_name, found, sizeof(of.report->found_name));
    of.report->found_name[sizeof(of.report->found_name) - 1] = '\0';
    add_difference(of, static_cast<uint32_t>(field::map_name), 0, 0);
}

// Only whether there are BTF types: their numbers mean something only within one BTF object. The type of a
// struct_ops map is in the kernel's own.
void compare_btf(const comparison &of)
{
    const map_create_attr &attr = of.wanted.attr;
    const bool wanted = attr.btf_key_type_id || attr.btf_value_type_id, found = of.found.info.btf_id;
    if (attr.map_type == map_type::struct_ops || (policy_allows(of, BAREBPF_GIVE_UP_BTF) && !found))
        return;
    compare_if_known(of, field::btf_fd, wanted, found, BAREBPF_END_OF(map_description, btf_id));
}

void compare_frozen(const comparison &of)
{
    const bool found = of.found.frozen == frozen_state::yes;
    if (of.found.frozen == frozen_state::unknown)
        of.report->unverified |= 1u << BAREBPF_MEMBER_FROZEN;
    else if (found != of.wanted.frozen)
        add_difference(of, BAREBPF_MEMBER_FROZEN, of.wanted.frozen, found);
}

// No kernel shows these.
void note_unshown(const comparison &of)
{
    const map_create_attr &attr = of.wanted.attr;
    if (attr.map_flags & BAREBPF_F_NUMA_NODE)
        of.report->unverified |= 1u << static_cast<uint32_t>(field::numa_node);
    if (attr.inner_map_fd)
        of.report->unverified |= 1u << static_cast<uint32_t>(field::inner_map_fd);
    if (attr.excl_prog_hash)
        of.report->unverified |= 1u << static_cast<uint32_t>(field::excl_prog_hash);
}

} // namespace

bool needs_sizes(const wanted_map &wanted, const shown_map &found)
{
    return wanted.attr.max_entries != found.info.max_entries &&
           described_entries(wanted.attr.map_type) != entries_use::as_given;
}

uint32_t compare(barebpf_ensure_report *report, const wanted_map &wanted, const shown_map &found,
                 const machine_sizes &sizes)
{
    const comparison of = {report, wanted, found, sizes};
    const map_create_attr &attr = wanted.attr;
    const map_description &info = found.info;
    report->difference_count = report->unverified = 0;
    compare_number(of, field::map_type, attr.map_type, info.map_type);
    compare_number(of, field::key_size, attr.key_size, info.key_size);
    compare_number(of, field::value_size, attr.value_size, info.value_size);
    if (!has_same_entries(of))
        add_difference(of, static_cast<uint32_t>(field::max_entries), attr.max_entries, info.max_entries);
    compare_flags(of);
    compare_name(of);
    compare_if_known(of, field::map_ifindex, attr.map_ifindex, info.ifindex,
                     BAREBPF_END_OF(map_description, ifindex));
    compare_btf(of);
    compare_if_known(of, field::btf_vmlinux_value_type_id, attr.btf_vmlinux_value_type_id,
                     info.btf_vmlinux_value_type_id,
                     BAREBPF_END_OF(map_description, btf_vmlinux_value_type_id));
    compare_if_known(of, field::map_extra, attr.map_extra, info.map_extra,
                     BAREBPF_END_OF(map_description, map_extra));
    compare_frozen(of);
    note_unshown(of);
    return report->difference_count;
}

} // namespace barebpf
