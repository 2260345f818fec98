// SPDX-License-Identifier: BSD-2-Clause
#include <cstdio>
#include <cstring>
#include <string>

#include "explained.h"
#include "lib/probe/smallest_map.h"
#include "test/catch.h"

using namespace barebpf;
using namespace barebpf::test;

namespace
{

constexpr uint32_t every_call = 40;

std::string member_of(const barebpf_explanation &explanation)
{
    return explanation.member == BAREBPF_NO_MEMBER ? "" : barebpf_map_field_name(explanation.member);
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
bool apply(request *to, const barebpf_explanation &explanation)
{
    char *bytes = reinterpret_cast<char *>(&to->attr);
    switch (explanation.accepts) {
    case BAREBPF_ACCEPTS_NUMBER:
    case BAREBPF_ACCEPTS_EITHER:
    case BAREBPF_ACCEPTS_RANGE:
    case BAREBPF_ACCEPTS_MULTIPLE:
    case BAREBPF_ACCEPTS_POWER_OF_TWO:
    case BAREBPF_ACCEPTS_FLAGS:
    case BAREBPF_ACCEPTS_FLAGS_NEEDED:
        std::memcpy(bytes + attr_fields[explanation.member].offset, &explanation.value,
                    attr_fields[explanation.member].size);
        return true;
    case BAREBPF_ACCEPTS_ABSENT:
        if (explanation.member == BAREBPF_NO_MEMBER)
            to->size = 92;
        else
            std::memset(bytes + attr_fields[explanation.member].offset, 0,
                        attr_fields[explanation.member].size);
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
bool is_beyond_request(const barebpf_explanation &explanation)
{
    return explanation.accepts == BAREBPF_ACCEPTS_NOTHING || explanation.accepts == BAREBPF_ACCEPTS_OBJECT ||
           explanation.accepts == BAREBPF_ACCEPTS_ID || explanation.accepts == BAREBPF_ACCEPTS_RELEASE ||
           explanation.accepts == BAREBPF_ACCEPTS_CAPABILITY || explanation.accepts == BAREBPF_ACCEPTS_NAME;
}

} // namespace

TEST_CASE("explain: every rule is named, with its member and a value that is then accepted")
{
    for (size_t i = 1; i < rule_count; i++) {
        const auto broken = static_cast<rule>(i);
        const sample given = sample_of(broken);
        sample_kernel kernel(given.kernel, given.machine);
        const explained done = explain_request(given.wanted, error_of(broken), every_call);
        INFO(name_of(broken) << ": " << done.cause() << ", "
                             << barebpf_confidence_name(done.explanation.confidence) << ": " << done.text
                             << "; try " << done.remedy);
        CHECK(done.result == 0);
        CHECK(done.cause() == name_of(broken));
        CHECK(done.explanation.calls <= every_call);
        CHECK(is_its_member(broken, member_of(done.explanation)));
        request changed = given.wanted;
        if (!apply(&changed, done.explanation)) {
            CHECK(is_beyond_request(done.explanation));
            continue;
        }
        if (done.explanation.accepts == BAREBPF_ACCEPTS_ABSENT)
            drop_companions(&changed, member_of(done.explanation));
        const verdict then = decide(given.kernel, given.machine, &changed.attr, changed.size);
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
        sample_kernel kernel(given.kernel, given.machine);
        const explained done = explain_request(given.wanted, error_of(broken), 0);
        INFO(name_of(broken) << ": " << done.cause() << ": " << done.text);
        CHECK(done.result == 0);
        CHECK(done.explanation.calls == 0);
        const bool named = done.cause() == name_of(broken) || done.cause() == "unknown";
        CHECK(named);
        for (const system_call &one : kernel.calls())
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
    {rule::name_character, [](request &changed) { changed = changed.named("a-b"); }},
    {rule::name_unterminated, [](request &changed) { changed = changed.named("sixteen_bytes_16"); }},
    {rule::map_extra_unused, [](request &changed) { changed.attr.map_extra = 3; }},
    {rule::vmlinux_id_elsewhere, [](request &changed) { changed.attr.btf_vmlinux_value_type_id = 7; }},
    {rule::key_id_without_value_id, [](request &changed) { changed = changed.btf(types_btf, 1, 0); }},
    {rule::exclusive_missing, [](request &changed) { changed.attr.excl_prog_hash_size = 32; }},
    {rule::offload_no_device, [](request &changed) { changed.attr.map_ifindex = 77; }},
    {rule::numa_node_offline,
     [](request &changed) {
         changed.attr.map_flags |= BAREBPF_F_NUMA_NODE;
         changed.attr.numa_node = 9;
     }},
    {rule::flags_not_allowed, [](request &changed) { changed.attr.map_flags |= 1u << 30; }},
    {rule::unknown_field, [](request &changed) { changed.size = 96, changed.attr.padding = 1; }},
};

// What distinguishes the sample of a rule from the smallest map of its type is put into another rule's.
sample combined(rule one, rule other)
{
    sample both = sample_of(one);
    const request broken = sample_of(other).wanted;
    map_create_attr smallest;
    smallest_map(&smallest, broken.attr.map_type, 0);
    // 0 is a descriptor too: of whatever the test has open.
    const bool keeps_btf = both.wanted.attr.btf_vmlinux_value_type_id && !broken.attr.btf_fd;
    const uint32_t btf_fd = both.wanted.attr.btf_fd;
    for (const attr_field &field : attr_fields) {
        const auto at = [&](const map_create_attr &attr) {
            return reinterpret_cast<const unsigned char *>(&attr) + field.offset;
        };
        if (field.offset && std::memcmp(at(broken.attr), at(smallest), field.size) != 0)
            std::memcpy(reinterpret_cast<unsigned char *>(&both.wanted.attr) + field.offset, at(broken.attr),
                        field.size);
    }
    if (keeps_btf)
        both.wanted.attr.btf_fd = btf_fd;
    if (broken.size != attr_size) {
        both.wanted.size = broken.size;
        both.wanted.attr.padding = broken.attr.padding;
    }
    return both;
}

struct pair_counts {
    unsigned int pairs = 0, named = 0;
};

// Explains a request that breaks two rules. One that breaks a third, or only one, is left out.
void explain_pair(pair_counts *counts, const sample &both, rule one, rule other)
{
    const rule expected = decide(both.kernel, both.machine, &both.wanted.attr, both.wanted.size).why;
    if (expected != one && expected != other)
        return;
    sample_kernel kernel(both.kernel, both.machine);
    const explained done = explain_request(both.wanted, error_of(expected), every_call);
    INFO(name_of(one) << " and " << name_of(other) << ": " << done.cause() << ", "
                      << barebpf_confidence_name(done.explanation.confidence) << ": " << done.text);
    const bool is_one = done.cause() == name_of(one) || done.cause() == name_of(other);
    CHECK((is_one || done.explanation.cause == BAREBPF_CAUSE_UNKNOWN));
    CHECK(done.explanation.calls <= every_call);
    counts->pairs++;
    counts->named += is_one;
}

} // namespace

TEST_CASE("explain: of a rule and one that nearly every request can break it names one, never a third")
{
    pair_counts counts;
    for (size_t i = 1; i < rule_count; i++)
        for (const breaker &second : breakers) {
            sample both = sample_of(static_cast<rule>(i));
            second.apply(both.wanted);
            explain_pair(&counts, both, static_cast<rule>(i), second.broken);
        }
    std::printf("rules with common ones: %u pairs, of which one is named in %u\n", counts.pairs,
                counts.named);
    CHECK(counts.pairs > 1000);
    CHECK(100 * counts.named >= 98 * counts.pairs);
}

TEST_CASE("explain: of any two broken rules it names one, never a third")
{
    pair_counts counts;
    for (size_t i = 1; i < rule_count; i++)
        for (size_t j = 1; j < rule_count; j++)
            if (i != j)
                explain_pair(&counts, combined(static_cast<rule>(i), static_cast<rule>(j)),
                             static_cast<rule>(i), static_cast<rule>(j));
    std::printf("all rules: %u pairs, of which one is named in %u\n", counts.pairs, counts.named);
    CHECK(counts.pairs > 5000);
    CHECK(100 * counts.named >= 98 * counts.pairs);
}
