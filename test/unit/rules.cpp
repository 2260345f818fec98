// SPDX-License-Identifier: BSD-2-Clause
#include "lib/rules/rules.h"

#include <cerrno>
#include <set>
#include <string>
#include <vector>

#include "test/catch.h"
#include "test/samples/samples.h"
#include "test/numbers.h"
#include "test/releases.h"

using namespace barebpf;
using namespace barebpf::test;
using namespace barebpf::map_type;
using test::enotsupp;
using test::first_unknown_type;

namespace
{

rule why(release kernel, const request &wanted, const environment &machine = everything())
{
    return decide(kernel, machine, &wanted.attr, wanted.size).why;
}

int answer(release kernel, const request &wanted, const environment &machine = everything())
{
    return decide(kernel, machine, &wanted.attr, wanted.size).error;
}

} // namespace

TEST_CASE("rules: every rule can be provoked")
{
    for (size_t i = 0; i < rule_count; i++) {
        const auto expected = static_cast<rule>(i);
        const sample given = sample_of(expected);
        INFO("expected " << name_of(expected));
        CHECK(std::string(name_of(why(given.kernel, given.wanted, given.machine))) == name_of(expected));
    }
}

TEST_CASE("rules: every rule explains itself, names its source and refuses with an errno")
{
    for (size_t i = 1; i < rule_count; i++) {
        const auto each = static_cast<rule>(i);
        INFO(name_of(each));
        char text[256] = "";
        const verdict given = {error_of(each), each, hash, newest, {1, 2}};
        CHECK(explain(given, text, sizeof(text)) < sizeof(text));
        CHECK(std::string(text).find_first_of("{}") == std::string::npos);
        CHECK(std::string(source_of(each)).find('/') != std::string::npos);
        CHECK(error_of(each) > 0);
        CHECK((since_of(each) < until_of(each) || since_of(each) == never));
    }
}

TEST_CASE("rules: explanations carry the request's numbers")
{
    const request big(hash, 513, 8, 16);
    const verdict given = decide(v(5, 4, 286), everything(), &big.attr, big.size);
    char text[128];
    const size_t length = explain(given, text, sizeof(text));
    CHECK(length == std::string(text).size());
    CHECK(std::string(text) ==
          "the key of a hash is at most 512 bytes before Linux 5.11, the size of a program's stack");

    SECTION("and are truncated to the buffer")
    {
        char small[9];
        CHECK(explain(given, small, sizeof(small)) > sizeof(small));
        CHECK(std::string(small) == "the key ");
        CHECK(explain(given, nullptr, 0) == length);
    }
}

TEST_CASE("rules: explanations write hexadecimal numbers without leading zeros")
{
    const auto text_of = [](uint64_t number) {
        char text[128];
        const verdict given = {14, rule::exclusive_unreadable, hash, newest, {number, 0}};
        explain(given, text, sizeof(text));
        return std::string(text).substr(0, std::string(text).find(" is not"));
    };
    CHECK(text_of(0) == "excl_prog_hash 0x0");
    CHECK(text_of(0xf) == "excl_prog_hash 0xf");
    CHECK(text_of(0x10) == "excl_prog_hash 0x10");
    CHECK(text_of(0x123456789abcdef0) == "excl_prog_hash 0x123456789abcdef0");
    CHECK(text_of(UINT64_MAX) == "excl_prog_hash 0xffffffffffffffff");
}

TEST_CASE("rules: every kernel that knows a type creates a plain map of it")
{
    for (const release kernel : {v(3, 19), v(4, 4), v(4, 15), v(5, 4), v(6, 1), newest}) {
        CHECK(answer(kernel, good_hash) == 0);
        CHECK(answer(kernel, good_array) == 0);
    }
    CHECK(answer(newest, good_rhash) == 0);
    CHECK(answer(newest, good_arena) == 0);
    CHECK(answer(newest, good_struct_ops.with(&map_create_attr::btf_fd, uint32_t{types_btf})) == 0);
    CHECK(answer(v(3, 18), good_hash) == EINVAL);
}

TEST_CASE("rules: a field moves from E2BIG to EINVAL to understood")
{
    const request named = good_hash.named("name");
    CHECK(answer(v(4, 4), named) == EINVAL);
    CHECK(answer(v(4, 15), named) == 0);
    const request with_ids = good_hash.btf(types_btf, 1, 2);
    CHECK(answer(v(4, 14), with_ids) == E2BIG);
    CHECK(answer(v(4, 15), with_ids) == EINVAL);
    CHECK(answer(v(4, 18), with_ids) == 0);
    const request with_token = good_array.token(closed);
    CHECK(answer(v(4, 20), with_token) == E2BIG);
    CHECK(answer(v(5, 0), with_token) == EINVAL);
    CHECK(answer(v(6, 9), with_token) == 0);
}

TEST_CASE("rules: E2BIG beyond the union wins over EINVAL within it")
{
    request both = good_hash.exclusive(1, 32);
    both.attr.map_token_fd = 1;
    CHECK(why(v(4, 20), both) == rule::tail_beyond_union);
    CHECK(why(v(6, 8), both) == rule::unknown_field);
}

TEST_CASE("rules: missing bytes are zero")
{
    CHECK(answer(newest, good_hash.sized(16)) == 0);
    CHECK(why(newest, good_hash.sized(12)) == rule::hash_sizes);
    CHECK(why(newest, good_hash.sized(0)) == rule::type_unspec);
    CHECK(answer(newest, good_hash.named("a-b").sized(28)) == 0);
}

TEST_CASE("rules: permission is checked before the bytes until 6.5, and after the type since")
{
    const request foreign = request(first_unknown_type, 4, 8, 1).sized(5000);
    CHECK(why(v(6, 4), foreign, locked_out()) == rule::unprivileged_bpf_disabled);
    CHECK(why(v(6, 5), foreign, locked_out()) == rule::size_beyond_page);
    CHECK(why(v(6, 5), request(hash, 0, 8, 1), locked_out()) == rule::hash_sizes);
    CHECK(why(v(6, 5), request(stack_trace, 0, 8, 1), locked_out()) == rule::unprivileged_bpf_disabled_late);
}

TEST_CASE("rules: capabilities stand in for one another by release")
{
    environment machine = nobody();
    SECTION("CAP_BPF is known since 5.8")
    {
        machine.caller.bpf = true;
        CHECK(why(v(5, 7), good_lru, machine) == rule::needs_sys_admin);
        CHECK(answer(v(5, 8), good_lru, machine) == 0);
    }
    SECTION("CAP_SYS_ADMIN replaces CAP_NET_ADMIN since 6.9")
    {
        machine.caller.sys_admin = true;
        CHECK(answer(v(6, 8), request(devmap, 4, 4, 1), machine) == EPERM);
        CHECK(answer(v(6, 9), request(devmap, 4, 4, 1), machine) == 0);
    }
    SECTION("a token lends its capabilities to the types it was made for")
    {
        machine.unprivileged_bpf_disabled = 1;
        CHECK(answer(v(6, 9), request(lru_hash, 4, 8, 1, 0x10000).token(array_token), machine) == 0);
        CHECK(answer(v(6, 9), request(hash, 4, 8, 1, 0x10000).token(array_token), machine) == EPERM);
        CHECK(answer(v(6, 8), request(lru_hash, 4, 8, 1, 0x10000).token(array_token)) == EINVAL);
    }
}

TEST_CASE("rules: maps of maps check the inner map before their sizes until 4.16")
{
    const request both_wrong = request(array_of_maps, 8, 4, 1).inner(closed);
    CHECK(answer(v(4, 15), both_wrong) == EBADF);
    CHECK(answer(v(4, 16), both_wrong) == EINVAL);
}

TEST_CASE("rules: a name is checked after permission and allocation")
{
    const request wrong = request(lru_hash, 4, 8, 16).named("a-b");
    CHECK(why(newest, wrong, nobody()) == rule::needs_bpf_late);
    CHECK(why(newest, wrong) == rule::name_character);
}

TEST_CASE("rules: letters of a name are Latin-1")
{
    CHECK(answer(newest, good_hash.named("\xc0\xff")) == 0);
    CHECK(answer(newest, good_hash.named("\xd7")) == EINVAL);
    CHECK(answer(newest, good_hash.named("\xf7")) == EINVAL);
    CHECK(answer(newest, good_hash.named("\xbf")) == EINVAL);
    CHECK(answer(newest, good_hash.named("a.b")) == 0);
}

TEST_CASE("rules: BTF sizes are compared before a type refuses BTF")
{
    const request stack = request(stack_trace, 4, 8, 1);
    CHECK(answer(newest, stack.btf(types_btf, 1, 1)) == EINVAL);
    CHECK(answer(newest, stack.btf(types_btf, 1, 2)) == enotsupp);
    CHECK(answer(v(4, 18), stack.btf(types_btf, 1, 2)) == 0);
    CHECK(answer(v(4, 18), request(array, 4, 4, 1).btf(types_btf, 1, 2)) == EINVAL);
    CHECK(answer(v(4, 18), request(array, 4, 12, 1).btf(types_btf, 1, 2)) == 0);
    CHECK(answer(v(4, 19), request(array, 4, 12, 1).btf(types_btf, 1, 2)) == EINVAL);
}

TEST_CASE("rules: an array without a key in BTF is a DATASEC in one entry")
{
    CHECK(answer(newest, request(array, 4, 4, 1).btf(types_btf, 0, 6)) == 0);
    CHECK(answer(newest, request(array, 4, 4, 2).btf(types_btf, 0, 6)) == EINVAL);
    CHECK(answer(v(7, 2), request(percpu_array, 4, 4, 1).btf(types_btf, 0, 6)) == EINVAL);
    CHECK(answer(v(7, 3), request(percpu_array, 4, 4, 1).btf(types_btf, 0, 6)) == 0);
}

TEST_CASE("rules: a backported rule holds from that patch level on, in that series")
{
    CHECK(!in_force(rule::percpu_value_size, v(5, 4, 284)));
    CHECK(in_force(rule::percpu_value_size, v(5, 4, 286)));
    CHECK(!in_force(rule::percpu_value_size, v(5, 10, 223)));
    CHECK(!in_force(rule::percpu_value_size, v(6, 2, 300)));
    CHECK(in_force(rule::percpu_value_size, v(6, 12)));
    CHECK(since_of(rule::percpu_value_size) == v(6, 12));
}

TEST_CASE("rules: \"no node\" is accepted as a node, even where nodes are refused")
{
    CHECK(answer(newest, request(percpu_hash, 4, 8, 1, 4).node(0)) == EINVAL);
    CHECK(answer(newest, request(percpu_hash, 4, 8, 1, 4).node(UINT32_MAX)) == 0);
    CHECK(answer(newest, request(hash, 4, 8, 1, 4).node(0)) == 0);
    CHECK(answer(newest, request(hash, 4, 8, 1).node(1023)) == 0);
}

TEST_CASE("rules: special members of values by release")
{
    CHECK(answer(v(5, 0), good_lru.btf(types_btf, 1, 3)) == 0);
    CHECK(answer(v(5, 1), good_lru.btf(types_btf, 1, 3)) == enotsupp);
    CHECK(answer(v(6, 2), good_lru.btf(types_btf, 1, 3)) == EOPNOTSUPP);
    CHECK(answer(v(6, 1), good_hash.btf(types_btf, 1, 3), nobody()) == 0);
    CHECK(answer(v(6, 2), good_hash.btf(types_btf, 1, 3), nobody()) == EPERM);
    CHECK(answer(v(5, 19), good_hash.btf(types_btf, 1, 10), nobody()) == EPERM);
}

TEST_CASE("rules: a timer is no member of its own before 5.15")
{
    const request read_only = request(hash, 4, 16, 1, 0x80).btf(types_btf, 1, 4);
    CHECK(answer(v(5, 14), read_only) == 0);
    CHECK(answer(v(5, 15), read_only) == EACCES);
}

TEST_CASE("rules: each map type accepts kptrs from its own release on")
{
    const request percpu = request(percpu_array, 4, 8, 1).btf(types_btf, 1, 10);
    const request storage = request(sk_storage, 4, 8, 0, 1).btf(types_btf, 1, 10);
    CHECK(answer(v(5, 19), good_hash.btf(types_btf, 1, 10)) == 0);
    CHECK(answer(v(6, 0), percpu) == EOPNOTSUPP);
    CHECK(answer(v(6, 1), percpu) == 0);
    CHECK(answer(v(6, 3), storage) == EOPNOTSUPP);
    CHECK(answer(v(6, 4), storage) == 0);
}

TEST_CASE("rules: limits follow the size of the kernel's own structures")
{
    CHECK(answer(v(4, 9), request(hash, 4, 4193751, 1)) == 0);
    CHECK(answer(v(4, 10), request(hash, 4, 4193751, 1)) == E2BIG);
    CHECK(answer(v(4, 10), request(hash, 4, 4193743, 1)) == 0);
    CHECK(answer(v(6, 12), request(lpm_trie, 8, 4194009, 1, 1)) == EINVAL);
    CHECK(answer(v(6, 13), request(lpm_trie, 8, 4194009, 1, 1)) == 0);
    CHECK(answer(v(6, 13), request(lpm_trie, 8, 4194025, 1, 1)) == EINVAL);
}

TEST_CASE("rules: only 4.18 accepts an empty key of a sockhash")
{
    CHECK(answer(v(4, 18), request(sockhash, 0, 4, 1)) == 0);
    CHECK(answer(v(4, 19), request(sockhash, 0, 4, 1)) == EINVAL);
}

TEST_CASE("rules: a per-CPU map refuses a node since nodes exist")
{
    const request numa = request(percpu_hash, 4, 8, 1, 4);
    CHECK(why(v(4, 13), numa) == rule::flags_not_allowed);
    CHECK(why(v(4, 14), numa) == rule::numa_node_of_percpu);
}

TEST_CASE("rules: arrays are rounded up for a caller without CAP_PERFMON, which exists since 5.8")
{
    environment machine = nobody();
    machine.caller.perfmon = true;
    const request long_array(array, 4, 8, (1u << 31) + 1);
    CHECK(why(v(5, 7), long_array, machine) == rule::array_rounded_up);
    CHECK(why(v(5, 8), long_array, machine) == rule::cost);
}

TEST_CASE("rules: BTF of a type by release")
{
    const request programs = request(prog_array, 4, 4, 1).btf(types_btf, 1, 1);
    CHECK(answer(v(4, 20), programs) == enotsupp);
    CHECK(answer(v(5, 0), programs) == 0);
    const request keyless = good_hash.btf(types_btf, 0, 2);
    CHECK(why(v(7, 0), keyless) == rule::btf_key_needed);
    CHECK(answer(v(7, 1), keyless) == 0);
    CHECK(why(v(7, 2), keyless) == rule::btf_hash_key_needed);
    const request locked_device = request(devmap, 4, 4, 1).btf(types_btf, 1, 12);
    CHECK(why(v(5, 2), locked_device) == rule::btf_spin_lock_type);
    CHECK(why(v(5, 3), locked_device) == rule::btf_special_read_only);
}

TEST_CASE("rules: i386 creates a sockhash whose buckets wrap")
{
    environment i386;
    i386.pointer_size = 4;
    const request wrapping = request(sockhash, 4, 4, (1u << 31) + 1);
    CHECK(answer(v(6, 1), wrapping, i386) == EINVAL);
    i386.shift_count_wraps = true;
    CHECK(answer(v(6, 1), wrapping, i386) == 0);
    CHECK(answer(v(6, 1), request(sockhash, 4, 4, 1u << 31), i386) == EINVAL);
}
