// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_LIB_EXPLAIN_CAUSES_H
#define BAREBPF_LIB_EXPLAIN_CAUSES_H

#include "barebpf/explain.h"
#include "lib/rules/rules.h"

namespace barebpf
{

// The public causes; those that are rules have the rules' names.
enum class cause : uint32_t {
#define BAREBPF_ENUMERATOR(upper, lower, value) lower = value,
    BAREBPF_CAUSES(BAREBPF_ENUMERATOR)
#undef BAREBPF_ENUMERATOR
};

// Members of the attr by their index in attr_fields.
enum class field : uint32_t {
    map_type,
    key_size,
    value_size,
    max_entries,
    map_flags,
    inner_map_fd,
    numa_node,
    map_name,
    map_ifindex,
    btf_fd,
    btf_key_type_id,
    btf_value_type_id,
    btf_vmlinux_value_type_id,
    map_extra,
    value_type_btf_obj_fd,
    map_token_fd,
    excl_prog_hash,
    excl_prog_hash_size,
    none = BAREBPF_NO_MEMBER
};
static_assert(static_cast<size_t>(field::excl_prog_hash_size) + 1 == attr_field_count);

// How a request is changed so that it no longer breaks a rule.
enum class mending : uint8_t {
    none,       // no change of the request helps
    permission, // none helps either: the caller lacks a capability
    by_byte,    // the member at the byte the verdict names is left out
    leave_out,  // the rule's member is left out, and those that mean nothing without it
    sizes,      // sizes are set to what the type requires
    most,       // the member is set to the largest number that does not break the rule
    allowed,    // flags the type does not accept are left out
    required,   // flags the type needs are added
    drop_flags, // the rule's flags are left out
    odd,        // in a way of its own: mend_oddly()
};

struct cause_facts {
    field member;
    mending how;
    uint32_t detail; // drop_flags: the flags; permission: the capability's number
};

inline constexpr uint32_t cap_net_admin = 12, cap_sys_admin = 21, cap_bpf = 39;

const cause_facts &facts_of(rule which);
cause cause_of(rule which);

// rule::none for a cause that is no rule.
rule rule_of(cause which);
const char *name_of(cause which);
const char *sentence_of(cause which);

// True if two rules mean the same to a caller, such as those that a release checks at another place.
bool say_the_same(rule a, rule b);

} // namespace barebpf

#endif
