// SPDX-License-Identifier: BSD-2-Clause
#include "causes.h"

#include "lib/core/errno.h"
#include "lib/core/names.h"
#include "structs.h"
#include "surroundings.h"

namespace barebpf
{
namespace
{

constexpr cause_facts only(field member, mending how)
{
    return {member, how, 0};
}

constexpr cause_facts without_flags(uint32_t flags)
{
    return {field::map_flags, mending::drop_flags, flags};
}

constexpr cause_facts needs(uint32_t capability)
{
    return {field::none, mending::permission, capability};
}

// Without a default: a rule that is missing here does not compile.
constexpr cause_facts look_up(rule which)
{
    using enum rule;
    switch (which) {
    case none:
    case arena_not_in_jit:
    case every_command_needs_root:
        return which == every_command_needs_root ? needs(cap_sys_admin) : only(field::none, mending::none);
    case unprivileged_bpf_disabled:
    case unprivileged_bpf_disabled_late:
    case needs_bpf:
    case needs_bpf_late:
    case btf_special_needs_bpf:
        return needs(cap_bpf);
    case needs_sys_admin:
    case offload_needs_sys_admin:
        return needs(cap_sys_admin);
    case needs_net_admin:
    case needs_net_admin_late:
        return needs(cap_net_admin);
    case zero_seed_needs_sys_admin:
        return without_flags(BAREBPF_F_ZERO_SEED);
    case size_beyond_page:
    case tail_beyond_union:
    case unknown_field:
        return only(field::none, mending::by_byte);
    case vmlinux_id_elsewhere:
        return only(field::btf_vmlinux_value_type_id, mending::leave_out);
    case vmlinux_id_and_btf_ids:
    case key_id_without_value_id:
    case btf_needs_value_id:
    case btf_needs_both_ids:
    case btf_keyless:
        return only(field::btf_key_type_id, mending::odd);
    case map_extra_unused:
    case arena_crosses:
        return only(field::map_extra, mending::leave_out);
    case access_both_ways:
    case access_both_ways_last:
        return without_flags(BAREBPF_F_RDONLY | BAREBPF_F_WRONLY);
    case prog_access_both_ways:
    case btf_special_read_only:
        return without_flags(BAREBPF_F_RDONLY_PROG | BAREBPF_F_WRONLY_PROG);
    case numa_node_offline:
        return only(field::numa_node, mending::odd);
    case numa_node_of_percpu:
        return only(field::numa_node, mending::leave_out);
    case type_unknown:
    case type_unspec:
    case type_newer:
    case type_not_built:
        return only(field::map_type, mending::none);
    case token_fd_closed:
    case token_fd_other:
        return only(field::map_token_fd, mending::leave_out);
    case flags_not_allowed:
        return only(field::map_flags, mending::allowed);
    case flags_required:
        return only(field::map_flags, mending::required);
    case lru_preallocates:
        return without_flags(BAREBPF_F_NO_PREALLOC);
    case array_sizes:
    case hash_sizes:
    case stack_trace_sizes:
    case trie_sizes:
    case cpumap_sizes:
    case devmap_sizes:
    case xskmap_sizes:
    case sockmap_sizes:
    case sockhash_sizes:
    case cgroup_storage_sizes:
    case queue_sizes:
    case storage_sizes:
    case struct_ops_sizes:
    case ringbuf_sizes:
    case bloom_sizes:
    case arena_sizes:
    case insn_array_sizes:
    case rhash_sizes:
        return only(field::none, mending::sizes);
    case fd_array_value_size:
    case hash_of_maps_value_size:
    case reuseport_value_size:
        return only(field::value_size, mending::sizes);
    case array_value_size_4_9:
    case array_value_size_5_19:
    case array_value_size:
    case percpu_value_size_4_13:
    case percpu_value_size:
    case percpu_value_memory:
    case hash_value_size:
    case cgroup_storage_value_page:
    case cgroup_storage_value_size:
    case queue_value_size:
    case storage_value_size:
    case bloom_value_size:
        return only(field::value_size, mending::most);
    case hash_key_size:
    case sockhash_key_size:
    case rhash_key_size:
        return only(field::key_size, mending::most);
    case hash_element_size:
    case stack_trace_depth:
    case btf_value_size:
        return only(field::value_size, mending::odd);
    case array_rounded_up:
    case hash_entries:
    case stack_trace_entries:
    case cpumap_entries:
    case devmap_hash_entries:
    case sockmap_entries:
    case sockhash_entries:
    case queue_bytes:
    case arena_entries:
    case rhash_entries:
    case array_cost:
    case hash_cost_3_19:
    case net_cost:
    case devmap_cost:
    case sockhash_cost:
    case cost:
    case memlock_devmap:
    case memlock:
    case memory:
        return only(field::max_entries, mending::most);
    case ringbuf_entries:
        return only(field::max_entries, mending::odd);
    case storage_needs_btf:
        return only(field::btf_key_type_id, mending::none);
    case storage_needs_lsm:
        return only(field::none, mending::none);
    case struct_ops_value_size:
        return only(field::value_size, mending::none);
    case struct_ops_needs_id:
    case struct_ops_unknown:
        return only(field::btf_vmlinux_value_type_id, mending::none);
    case struct_ops_btf_closed:
    case struct_ops_btf_other:
        return only(field::value_type_btf_obj_fd, mending::leave_out);
    case bloom_functions:
    case arena_address:
    case rhash_hint_high:
    case rhash_hint_above_entries:
    case rhash_hint:
        return only(field::map_extra, mending::odd);
    case inner_fd_closed:
    case inner_fd_other:
    case inner_is_nested:
    case inner_type:
    case inner_spin_lock:
    case inner_exclusive:
        return only(field::inner_map_fd, mending::odd);
    case offload_not_built:
    case offload_type:
    case offload_no_device:
    case offload_unsupported:
        return only(field::map_ifindex, mending::leave_out);
    case name_unterminated:
    case name_dot:
    case name_character:
        return only(field::map_name, mending::odd);
    case btf_fd_closed:
    case btf_fd_other:
    case btf_of_kernel:
        return only(field::btf_fd, mending::leave_out);
    case btf_key_unknown:
    case btf_key_needed:
    case btf_hash_key_needed:
    case btf_refused:
    case btf_array_key:
    case btf_array_keyless:
    case btf_trie_key:
    case btf_cgroup_key:
    case btf_storage_key:
    case btf_unusable:
        return only(field::btf_key_type_id, mending::leave_out);
    case btf_key_size:
        return only(field::key_size, mending::odd);
    case btf_value_unknown:
    case btf_spin_lock_type:
    case btf_special_type:
        return only(field::btf_value_type_id, mending::leave_out);
    case exclusive_size:
    case exclusive_missing:
        return only(field::excl_prog_hash_size, mending::odd);
    case exclusive_unreadable:
        return only(field::excl_prog_hash, mending::leave_out);
    }
    return only(field::none, mending::none);
}

struct facts_table {
    cause_facts rows[rule_count];
};

constexpr facts_table make_facts()
{
    facts_table made{};
    for (size_t i = 0; i < rule_count; i++)
        made.rows[i] = look_up(static_cast<rule>(i));
    return made;
}

constexpr facts_table rule_causes = make_facts();

// A rule without a cause of the same name does not compile.
constexpr uint16_t causes[rule_count] = {static_cast<uint16_t>(cause::none),
#define BAREBPF_CAUSE(identity, error, since, until, source, text) static_cast<uint16_t>(cause::identity),
                                         BAREBPF_RULES(BAREBPF_CAUSE)
#undef BAREBPF_CAUSE
};

struct named_cause {
    uint16_t number;
    char name[32];
};

constexpr named_cause cause_names[] = {
#define BAREBPF_NAMED(upper, lower, value) {value, #lower},
    BAREBPF_CAUSES(BAREBPF_NAMED)
#undef BAREBPF_NAMED
};

constexpr bool has_no_orphan()
{
    size_t others = 0;
    for (const named_cause &one : cause_names)
        others += one.number < 64;
    return sizeof(cause_names) / sizeof(cause_names[0]) == others + rule_count - 1;
}
static_assert(has_no_orphan(), "a cause from 64 on is a rule");

// One after the other, found by counting: a table of pointers would need relocations at program start.
constexpr char sentences[] = "the kernel takes this map\0"
                             "why cannot be told\0"
                             "this kernel refuses it, for a reason that no rule of a mainline release gives\0"
                             "a seccomp filter is in force, and it answered in the kernel's place\0"
                             "a security module (LSM) refuses it\0"
                             "the kernel's lockdown, older than Linux 5.4, refuses bpf(2)\0"
                             "the capabilities of this process count in its user namespace only\0"
                             "the token does not grant this map type\0"
                             "the memory cgroup has no room for the map\0"
                             "no descriptor is free\0"
                             "this kernel has no bpf(2)\0"
                             "a name has at most 15 bytes\0"
                             "opts, or log_opts in it, has an sz that cannot be served\0";

const char *nth_cause(const char *text, uint32_t index)
{
    for (uint32_t left = index; left; text++)
        left -= !*text;
    return text;
}

const named_cause *listed_cause(cause which)
{
    for (const named_cause &one : cause_names)
        if (one.number == static_cast<uint32_t>(which))
            return &one;
    return nullptr;
}

// 0 for every release, and for none.
uint32_t version_of(release kernel)
{
    return kernel == always || kernel == never ? 0 : public_release(kernel);
}

void describe(barebpf_cause *about, rule which)
{
    about->source = source_of(which);
    about->error = error_of(which);
    about->since = version_of(since_of(which));
    about->until = version_of(until_of(which));
    for (size_t i = 0; i < sizeof(about->backports) / sizeof(about->backports[0]); i++)
        about->backports[i] = version_of(carried_back_to(which, i));
    about->member = static_cast<uint32_t>(facts_of(which).member);
}

} // namespace

const cause_facts &facts_of(rule which)
{
    return rule_causes.rows[static_cast<size_t>(which)];
}

cause cause_of(rule which)
{
    return static_cast<cause>(causes[static_cast<size_t>(which)]);
}

rule rule_of(cause which)
{
    for (size_t i = 1; i < rule_count; i++)
        if (causes[i] == static_cast<uint32_t>(which))
            return static_cast<rule>(i);
    return rule::none;
}

const char *name_of(cause which)
{
    const named_cause *found = listed_cause(which);
    return found ? found->name : nullptr;
}

const char *sentence_of(cause which)
{
    const rule its_rule = rule_of(which);
    return its_rule == rule::none ? nth_cause(sentences, static_cast<uint32_t>(which))
                                  : sentence_of(its_rule);
}

bool say_the_same(rule a, rule b)
{
    return a == b || same_text(sentence_of(a), sentence_of(b));
}

} // namespace barebpf

using namespace barebpf;

extern "C" int barebpf_cause_about(uint32_t which, struct barebpf_cause *about)
{
    if (!about || !is_served(*about))
        return with_errno(-EINVAL);
    const char *name = barebpf_cause_name(which);
    if (!name)
        return with_errno(-ENOENT);
    const size_t sz = about->sz;
    clear(about);
    about->sz = sz;
    about->name = name;
    about->text = sentence_of(static_cast<cause>(which));
    about->member = BAREBPF_NO_MEMBER;
    if (const rule its_rule = rule_of(static_cast<cause>(which)); its_rule != rule::none)
        describe(about, its_rule);
    return 0;
}

extern "C" const char *barebpf_cause_name(uint32_t which)
{
    return name_of(static_cast<cause>(which));
}

extern "C" int barebpf_cause_by_name(const char *name)
{
    for (const named_cause &one : cause_names)
        if (same_text(one.name, name))
            return one.number;
    return with_errno(-ENOENT);
}

extern "C" int barebpf_cause_at(uint32_t index)
{
    return index + 1 < rule_count ? static_cast<int>(cause_of(static_cast<rule>(index + 1)))
                                  : with_errno(-ENOENT);
}

extern "C" const char *barebpf_confidence_name(uint32_t confidence)
{
    constexpr static char confidences[] = "cannot tell\0predicted\0proved\0said by the kernel\0";
    return confidence <= BAREBPF_SURE_SAID ? nth_cause(confidences, confidence) : nullptr;
}
