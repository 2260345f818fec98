// SPDX-License-Identifier: BSD-2-Clause
#include "policy.h"

#include "failure.h"
#include "test/catch.h"

using namespace barebpf::tool;

namespace
{

barebpf_policy after(const std::string &option)
{
    barebpf_policy policy = default_policy();
    const bool taken = take_policy_option(option, &policy);
    REQUIRE(taken);
    return policy;
}

std::string broken_rule(const std::string &option)
{
    try {
        after(option);
    } catch (const failure &why) {
        CHECK(why.code == usage);
        return why.text;
    }
    return "";
}

} // namespace

TEST_CASE("policy: without an option it is that of bpf_map_create()")
{
    const barebpf_policy policy = default_policy();
    CHECK(policy.sz == sizeof(policy));
    CHECK(policy.give_up == (BAREBPF_GIVE_UP_NAME | BAREBPF_GIVE_UP_NAME_END));
    CHECK(policy.memlock == BAREBPF_MEMLOCK_WHEN_NEEDED);
    CHECK(policy.memlock_most == 0);
    CHECK(policy.backoff_ms == 0);
}

TEST_CASE("policy: --give-up takes each name, several, all or none, and replaces the default")
{
    CHECK(after("--give-up=flags").give_up == BAREBPF_GIVE_UP_FLAGS);
    CHECK(after("--give-up=size").give_up == BAREBPF_GIVE_UP_SIZE);
    CHECK(after("--give-up=name_chars").give_up == BAREBPF_GIVE_UP_NAME_CHARS);
    CHECK(after("--give-up=name").give_up == BAREBPF_GIVE_UP_NAME);
    CHECK(after("--give-up=btf").give_up == BAREBPF_GIVE_UP_BTF);
    CHECK(after("--give-up=name_end").give_up == BAREBPF_GIVE_UP_NAME_END);
    CHECK(after("--give-up=size,btf,size").give_up == (BAREBPF_GIVE_UP_SIZE | BAREBPF_GIVE_UP_BTF));
    CHECK(after("--give-up=none").give_up == 0);
    CHECK(after("--give-up=all").give_up == (1 << 6) - 1);
    CHECK(concession_names().size() == 6);
}

TEST_CASE("policy: --memlock takes a mode and a bound")
{
    CHECK(after("--memlock=never").memlock == BAREBPF_MEMLOCK_NEVER);
    CHECK(after("--memlock=when_needed").memlock == BAREBPF_MEMLOCK_WHEN_NEEDED);
    CHECK(after("--memlock=scoped").memlock == BAREBPF_MEMLOCK_SCOPED);
    CHECK(after("--memlock=scoped").memlock_most == 0);
    CHECK(after("--memlock=scoped:1").memlock_most == 1);
    CHECK(after("--memlock=when_needed:18446744073709551615").memlock_most == UINT64_MAX);
    CHECK(after("--memlock=scoped:4096").memlock == BAREBPF_MEMLOCK_SCOPED);
}

TEST_CASE("policy: --backoff takes milliseconds")
{
    CHECK(after("--backoff=0").backoff_ms == 0);
    CHECK(after("--backoff=4294967295").backoff_ms == UINT32_MAX);
}

TEST_CASE("policy: the last of a repeated option counts, and other options are not affected")
{
    barebpf_policy policy = default_policy();
    for (const char *option :
         {"--give-up=all", "--memlock=scoped:5", "--backoff=3", "--memlock=scoped", "--give-up=size"})
        CHECK(take_policy_option(option, &policy));
    CHECK(policy.give_up == BAREBPF_GIVE_UP_SIZE);
    CHECK(policy.memlock == BAREBPF_MEMLOCK_SCOPED);
    CHECK(policy.memlock_most == 0);
    CHECK(policy.backoff_ms == 3);
    for (const char *other : {"--json", "--give-ups=all", "give-up=all", "-give-up=all", "--", ""})
        CHECK_FALSE(take_policy_option(other, &policy));
    CHECK(policy.give_up == BAREBPF_GIVE_UP_SIZE);
}

TEST_CASE("policy: the size of --memlock may have a unit")
{
    using row = std::pair<const char *, uint64_t>;
    const auto [written, size] = GENERATE(values<row>({
        {"1B", 1},
        {"64K", 65536},
        {"64k", 65536},
        {"64KiB", 65536},
        {"2M", 2097152},
        {"2MiB", 2097152},
        {"8G", 8589934592},
        {"8GiB", 8589934592},
        {"17179869183G", 18446744072635809792u},
    }));
    CAPTURE(written);
    CHECK(after(std::string("--memlock=scoped:") + written).memlock_most == size);
    CHECK(after(std::string("--memlock=when_needed:") + written).memlock_most == size);
}

TEST_CASE("policy: a wrong value is named, with the rule it breaks")
{
    const std::string concessions = "; known are flags, size, name_chars, name, btf, name_end, all, none";
    const std::string ways = "; known are never, when_needed, scoped";
    CHECK(broken_rule("--give-up") == "--give-up needs a value: --give-up=VALUE");
    CHECK(broken_rule("--give-up=") == "--give-up: unknown value ''" + concessions);
    CHECK(broken_rule("--give-up=size,nmae") ==
          "--give-up: unknown value 'nmae' (did you mean name?)" + concessions);
    CHECK(broken_rule("--give-up=size,") == "--give-up: unknown value ''" + concessions);
    CHECK(broken_rule("--give-up=2") == "--give-up: unknown value '2'" + concessions);
    for (const std::string value : {"all,none", "none,all", "none,size", "size,none,btf", "none,none"})
        CHECK(broken_rule("--give-up=" + value) ==
              "--give-up: '" + value + "': none cannot be combined with another value");
    CHECK(broken_rule("--memlock=") == "--memlock: unknown value ''" + ways);
    CHECK(broken_rule("--memlock=scopd:5") ==
          "--memlock: unknown value 'scopd' (did you mean scoped?)" + ways);
    CHECK(broken_rule("--memlock=never:5") ==
          "--memlock: 'never:5': never raises the limit, so it takes no size");
    for (const std::string size :
         {"", "K", "-1", "64T", "64KB", "64 K", "0x10", "4page", "64Ki", "64KiBx", "1e6"})
        CHECK(broken_rule("--memlock=scoped:" + size) ==
              "--memlock: '" + size + "' is not a size (such as 65536, 64K or 1M)");
    CHECK(broken_rule("--memlock=scoped:0") == "--memlock: 'scoped:0': the size must be at least 1 byte");
    for (const std::string size : {"18446744073709551616", "17179869184G", "18446744073709551615K"})
        CHECK(broken_rule("--memlock=scoped:" + size) ==
              "--memlock: '" + size + "' is too large; the maximum is 18446744073709551615");
    CHECK(broken_rule("--backoff=-1") == "--backoff: '-1' is not a decimal number of milliseconds");
    CHECK(broken_rule("--backoff=5ms") == "--backoff: '5ms' is not a decimal number of milliseconds");
    CHECK(broken_rule("--backoff=4294967296") ==
          "--backoff: '4294967296' is too large; the maximum is 4294967295");
}
