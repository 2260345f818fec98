// SPDX-License-Identifier: BSD-2-Clause
#include <cstdio>
#include <cstring>
#include <string>

#include "explained.h"
#include "test/catch.h"

using namespace barebpf;
using namespace barebpf::test;

namespace
{

constexpr uint32_t every_call = 40;

std::string member_of(const barebpf_explanation &told)
{
    return told.member == BAREBPF_NO_MEMBER ? "" : barebpf_map_field_name(told.member);
}

// The members a rule may be about, as its kind has them; empty where any will do.
bool is_its_member(rule which, const std::string &member)
{
    const std::string name = name_of(which);
    const auto is = [&](const char *end) { return name.ends_with(end); };
    if (is("_sizes"))
        return member == "key_size" || member == "value_size" || member == "max_entries";
    if (is("value_size") && name != "btf_value_size")
        return member == "value_size";
    if (is("_entries"))
        return member == "max_entries" || which == rule::rhash_hint_above_entries;
    if (name.starts_with("name_"))
        return member == "map_name";
    if (name.starts_with("inner_"))
        return member == "inner_map_fd";
    if (name.starts_with("flags_") || is("_both_ways") || is("_both_ways_last"))
        return member == "map_flags";
    if (name.starts_with("token_"))
        return member == "map_token_fd";
    if (name.starts_with("type_"))
        return member == "map_type";
    return true;
}

// The request with what the explanation says would be accepted; nothing where that is no number.
bool apply(request *to, const barebpf_explanation &told)
{
    char *bytes = reinterpret_cast<char *>(&to->attr);
    switch (told.accepts) {
    case BAREBPF_ACCEPTS_NUMBER:
    case BAREBPF_ACCEPTS_EITHER:
    case BAREBPF_ACCEPTS_RANGE:
    case BAREBPF_ACCEPTS_MULTIPLE:
    case BAREBPF_ACCEPTS_POWER_OF_TWO:
    case BAREBPF_ACCEPTS_FLAGS:
    case BAREBPF_ACCEPTS_FLAGS_NEEDED:
        std::memcpy(bytes + attr_fields[told.member].offset, &told.value, attr_fields[told.member].size);
        return true;
    case BAREBPF_ACCEPTS_ABSENT:
        if (told.member == BAREBPF_NO_MEMBER)
            to->size = 92;
        else
            std::memset(bytes + attr_fields[told.member].offset, 0, attr_fields[told.member].size);
        return true;
    default:
        return false;
    }
}

// What goes with a member that is left out: the flag that has it read, or the members that need it.
void drop_companions(request *to, const std::string &member)
{
    map_create_attr &attr = to->attr;
    const auto clear_flag = [&](uint32_t flag) { attr.map_flags &= ~flag; };
    if (member == "numa_node" && !attr.numa_node)
        clear_flag(BAREBPF_F_NUMA_NODE);
    if (member == "map_token_fd")
        clear_flag(BAREBPF_F_TOKEN_FD);
    if (member == "value_type_btf_obj_fd")
        clear_flag(BAREBPF_F_VTYPE_BTF_OBJ_FD);
    if (member.starts_with("excl_prog_hash") && !(attr.excl_prog_hash && attr.excl_prog_hash_size))
        attr.excl_prog_hash = attr.excl_prog_hash_size = 0;
    if (attr.btf_vmlinux_value_type_id && member.ends_with("_type_id"))
        attr.btf_key_type_id = attr.btf_value_type_id = 0;
    if (!attr.btf_vmlinux_value_type_id && member.starts_with("btf_") &&
        member != "btf_vmlinux_value_type_id")
        attr.btf_fd = attr.btf_key_type_id = attr.btf_value_type_id = 0;
}

// Rules for which nothing can be said that would be accepted: it is not in the request.
bool is_beyond_request(const barebpf_explanation &told)
{
    return told.accepts == BAREBPF_ACCEPTS_NOTHING || told.accepts == BAREBPF_ACCEPTS_OBJECT ||
           told.accepts == BAREBPF_ACCEPTS_ID || told.accepts == BAREBPF_ACCEPTS_RELEASE ||
           told.accepts == BAREBPF_ACCEPTS_CAPABILITY || told.accepts == BAREBPF_ACCEPTS_NAME;
}

} // namespace

TEST_CASE("explain: every rule is named, with its member and a value that is then accepted")
{
    for (size_t i = 1; i < rule_count; i++) {
        const auto broken = static_cast<rule>(i);
        const sample given = sample_of(broken);
        sample_kernel kernel(given.kernel, given.around);
        const explained done = explain_request(given.asked, error_of(broken), every_call);
        INFO(name_of(broken) << ": " << done.cause() << ", " << barebpf_confidence_name(done.told.confidence)
                             << ": " << done.text << "; try " << done.remedy);
        CHECK(done.result == 0);
        CHECK(done.cause() == name_of(broken));
        CHECK(done.told.calls <= every_call);
        CHECK(is_its_member(broken, member_of(done.told)));
        request changed = given.asked;
        if (!apply(&changed, done.told)) {
            CHECK(is_beyond_request(done.told));
            continue;
        }
        if (done.told.accepts == BAREBPF_ACCEPTS_ABSENT)
            drop_companions(&changed, member_of(done.told));
        const verdict then = decide(given.kernel, given.around, &changed.attr, changed.size);
        INFO("then " << name_of(then.why));
        // What needs BTF cannot do without it, whatever was wrong with it, nor with that of another size.
        const bool needs_other_btf = then.why == rule::storage_needs_btf ||
                                     (then.why == rule::btf_value_size && broken == rule::storage_value_size);
        CHECK((then.why == rule::none || needs_other_btf));
    }
}

TEST_CASE("explain: without a call the rules alone name the same")
{
    for (size_t i = 1; i < rule_count; i++) {
        const auto broken = static_cast<rule>(i);
        const sample given = sample_of(broken);
        sample_kernel kernel(given.kernel, given.around);
        const explained done = explain_request(given.asked, error_of(broken), 0);
        INFO(name_of(broken) << ": " << done.cause() << ": " << done.text);
        CHECK(done.result == 0);
        CHECK(done.told.calls == 0);
        const bool named = done.cause() == name_of(broken) || done.cause() == "unknown";
        CHECK(named);
        for (const question &one : kernel.asked())
            CHECK(one.nr != __NR_bpf);
    }
}

namespace
{

// What breaks a rule of nearly every request, and that alone.
struct breaker {
    rule broken;
    void (*apply)(request &);
};

constexpr breaker breakers[] = {
    {rule::name_character, [](request &asked) { asked = asked.named("a-b"); }},
    {rule::name_unterminated, [](request &asked) { asked = asked.named("sixteen_bytes_16"); }},
    {rule::map_extra_unused, [](request &asked) { asked.attr.map_extra = 3; }},
    {rule::vmlinux_id_elsewhere, [](request &asked) { asked.attr.btf_vmlinux_value_type_id = 7; }},
    {rule::key_id_without_value_id, [](request &asked) { asked = asked.btf(types_btf, 1, 0); }},
    {rule::exclusive_missing, [](request &asked) { asked.attr.excl_prog_hash_size = 32; }},
    {rule::offload_no_device, [](request &asked) { asked.attr.map_ifindex = 77; }},
    {rule::numa_node_offline,
     [](request &asked) {
         asked.attr.map_flags |= BAREBPF_F_NUMA_NODE;
         asked.attr.numa_node = 9;
     }},
    {rule::flags_not_allowed, [](request &asked) { asked.attr.map_flags |= 1u << 30; }},
    {rule::unknown_field, [](request &asked) { asked.size = 96, asked.attr.padding = 1; }},
};

} // namespace

TEST_CASE("explain: of two broken rules it names one, never a third")
{
    unsigned int pairs = 0, named = 0;
    for (size_t i = 1; i < rule_count; i++)
        for (const breaker &second : breakers) {
            sample both = sample_of(static_cast<rule>(i));
            second.apply(both.asked);
            const rule said = decide(both.kernel, both.around, &both.asked.attr, both.asked.size).why;
            // Some pairs are one rule, or break a third: such a device takes only arrays and hashes.
            if (said != static_cast<rule>(i) && said != second.broken)
                continue;
            sample_kernel kernel(both.kernel, both.around);
            const explained done = explain_request(both.asked, error_of(said), every_call);
            INFO(name_of(static_cast<rule>(i))
                 << " and " << name_of(second.broken) << ": " << done.cause() << ", "
                 << barebpf_confidence_name(done.told.confidence) << ": " << done.text);
            const bool is_one =
                done.cause() == name_of(static_cast<rule>(i)) || done.cause() == name_of(second.broken);
            const bool is_silent = done.told.cause == BAREBPF_CAUSE_UNKNOWN;
            CHECK((is_one || is_silent));
            CHECK(done.told.calls <= every_call);
            pairs++;
            named += is_one;
        }
    std::printf("pairs of broken rules: %u, of which one is named in %u\n", pairs, named);
    CHECK(pairs > 1000);
    CHECK(100 * named >= 98 * pairs);
}
