// SPDX-License-Identifier: BSD-2-Clause
//
// Which members of a pinned map differ from those described. Expected results are stated here per map type,
// from what real kernels show (test/boot/ensure_live.cpp).
#include <cstring>
#include <set>
#include <string>

#include "lib/boot/ensure_difference.h"
#include "lib/boot/ensure_structs.h"
#include "lib/facts/described.h"
#include "test/catch.h"
#include "test/numbers.h"

using namespace barebpf;
using namespace barebpf::test;

namespace
{

constexpr machine_sizes four_cpus = {4096, 4};

// A request, and the description of the map that was made for it by a kernel that changes nothing.
struct pair {
    wanted_map wanted;
    shown_map found;

    explicit pair(uint32_t type)
    {
        std::memset(static_cast<void *>(&wanted), 0, sizeof(wanted));
        std::memset(static_cast<void *>(&found), 0, sizeof(found));
        wanted.attr.map_type = found.info.map_type = type;
        wanted.attr.key_size = found.info.key_size = 4;
        wanted.attr.value_size = found.info.value_size = 8;
        wanted.attr.max_entries = found.info.max_entries = 4096;
        name(wanted.attr.map_name, "some");
        name(found.info.name, "some");
        wanted.has_name = true;
        found.size = sizeof(found.info);
        found.frozen = frozen_state::no;
    }

    static void name(char *to, const char *text) { std::strncpy(to, text, 16); }
};

// The members that differ, by name.
std::multiset<std::string> differing(const pair &of, uint32_t *unverified = nullptr)
{
    barebpf_ensure_report report{};
    report.sz = sizeof(report);
    const uint32_t count = compare(&report, of.wanted, of.found, four_cpus);
    CHECK(count == report.difference_count);
    std::multiset<std::string> names;
    for (uint32_t i = 0; i < count; i++) {
        const uint32_t member = report.differences[i].member;
        names.insert(member == BAREBPF_MEMBER_FROZEN ? "frozen" : barebpf_map_field_name(member));
    }
    if (unverified)
        *unverified = report.unverified;
    return names;
}

using names = std::multiset<std::string>;

uint32_t bit(const char *member)
{
    for (uint32_t i = 0; const char *name = barebpf_map_field_name(i); i++)
        if (std::string(name) == member)
            return 1u << i;
    FAIL("no member " << member);
    return 0;
}

const std::set<std::string> given_rdonly_prog = {"devmap", "devmap_hash", "insn_array"};
const std::set<std::string> sized_in_pages = {"ringbuf", "user_ringbuf"};
const std::set<std::string> sized_by_cpus = {"perf_event_array", "cpumap"};
const std::set<std::string> shared_by_cpus = {"lru_hash", "lru_percpu_hash"};
const std::set<std::string> copied = {"hash", "array", "lpm_trie", "rhash", "lru_hash"};
const std::set<std::string> copied_per_cpu = {"percpu_hash", "percpu_array", "lru_percpu_hash"};

} // namespace

TEST_CASE("differences: of each map type, what its kernel changes by itself and nothing else is the same")
{
    const uint32_t type = GENERATE(range(1u, first_unknown_type));
    const std::string name = barebpf_map_type_name(type);
    INFO(name);
    pair one(type);
    CHECK(differing(one).empty());

    SECTION("flags")
    {
        one.found.info.map_flags = BAREBPF_F_RDONLY_PROG;
        CHECK(differing(one) == (given_rdonly_prog.contains(name) ? names{} : names{"map_flags"}));
        one.wanted.attr.map_flags = BAREBPF_F_RDONLY_PROG;
        CHECK(differing(one).empty());
        one.found.info.map_flags = 0;
        CHECK(differing(one) == names{"map_flags"});
    }
    SECTION("flags of the descriptor or the request")
    {
        one.wanted.attr.map_flags =
            GENERATE(uint32_t{BAREBPF_F_RDONLY}, uint32_t{BAREBPF_F_WRONLY}, uint32_t{BAREBPF_F_TOKEN_FD});
        CHECK(differing(one).empty());
    }
    SECTION("entries rounded up to a power of two of pages")
    {
        one.wanted.attr.max_entries = 5000;
        one.found.info.max_entries = 8192;
        CHECK(differing(one) == (sized_in_pages.contains(name) ? names{} : names{"max_entries"}));
        one.found.info.max_entries = 16384;
        CHECK(differing(one) == names{"max_entries"});
    }
    SECTION("entries that stand for the possible CPUs")
    {
        one.wanted.attr.max_entries = GENERATE(0u, 5u);
        one.found.info.max_entries = 4;
        CHECK(differing(one) == (sized_by_cpus.contains(name) ? names{} : names{"max_entries"}));
        one.found.info.max_entries = 3;
        CHECK(differing(one) == names{"max_entries"});
    }
    SECTION("entries that the CPUs share")
    {
        one.wanted.attr.max_entries = 4097;
        one.found.info.max_entries = 4100;
        CHECK(differing(one) == names{"max_entries"});
        one.wanted.attr.map_flags = one.found.info.map_flags = BAREBPF_F_NO_COMMON_LRU;
        CHECK(differing(one) == (shared_by_cpus.contains(name) ? names{} : names{"max_entries"}));
        one.found.info.max_entries = 4101;
        CHECK(differing(one) == names{"max_entries"});
    }
    SECTION("every other member")
    {
        one.found.info.map_type = type == 1 ? 2 : 1;
        one.found.info.key_size++;
        one.found.info.value_size++;
        one.found.info.map_extra = 1;
        one.found.info.ifindex = 1;
        one.found.info.btf_vmlinux_value_type_id = 1;
        one.found.info.btf_id = 1;
        one.found.frozen = frozen_state::yes;
        pair::name(one.found.info.name, "other");
        names expected = {"map_type",  "key_size",    "value_size",
                          "map_extra", "map_ifindex", "btf_vmlinux_value_type_id",
                          "btf_fd",    "frozen",      "map_name"};
        if (name == "struct_ops") // its type is in the kernel's own BTF
            expected.erase("btf_fd");
        CHECK(differing(one) == expected);
    }
    SECTION("copying")
    {
        CHECK((copying_of(type) == copying::plain) == copied.contains(name));
        CHECK((copying_of(type) == copying::per_cpu) == copied_per_cpu.contains(name));
    }
}

TEST_CASE("differences: what the kernel does not show is unverified, not different")
{
    pair one(BAREBPF_MAP_TYPE_HASH);
    uint32_t unverified = 1;
    one.wanted.attr.map_extra = 1;
    one.wanted.attr.btf_value_type_id = 1;
    one.found.info.btf_id = 0;
    std::memset(one.found.info.name, 0, sizeof(one.found.info.name));
    SECTION("before 4.6")
    {
        one.wanted.attr.map_flags = 1;
        one.found.size = 20;
        CHECK(differing(one, &unverified).empty());
        CHECK(unverified == (bit("map_flags") | bit("map_name") | bit("btf_fd") | bit("map_extra")));
    }
    SECTION("before 4.15")
    {
        one.found.size = 24;
        CHECK(differing(one, &unverified).empty());
        CHECK(unverified == (bit("map_name") | bit("btf_fd") | bit("map_extra")));
    }
    SECTION("before 4.18")
    {
        one.found.size = 64;
        CHECK(differing(one, &unverified) == names{"map_name"});
        CHECK(unverified == (bit("btf_fd") | bit("map_extra")));
    }
    SECTION("before 5.16")
    {
        one.found.size = 80;
        CHECK(differing(one, &unverified) == names{"btf_fd", "map_name"});
        CHECK(unverified == bit("map_extra"));
    }
    SECTION("whether it is frozen, without /proc")
    {
        one.found.frozen = frozen_state::unknown;
        differing(one, &unverified);
        CHECK(unverified == 1u << BAREBPF_MEMBER_FROZEN);
    }
    SECTION("ever")
    {
        one.wanted.attr.map_flags = one.found.info.map_flags = BAREBPF_F_NUMA_NODE;
        one.wanted.attr.inner_map_fd = 3;
        one.wanted.attr.excl_prog_hash = 8;
        differing(one, &unverified);
        CHECK(unverified == (bit("numa_node") | bit("inner_map_fd") | bit("excl_prog_hash")));
    }
}

TEST_CASE("differences: what the policy gives up is none")
{
    pair one(BAREBPF_MAP_TYPE_HASH);
    SECTION("the name")
    {
        one.found.info.name[0] = '\0';
        CHECK(differing(one) == names{"map_name"});
        one.wanted.give_up = BAREBPF_GIVE_UP_NAME;
        CHECK(differing(one).empty());
    }
    SECTION("its characters")
    {
        pair::name(one.wanted.attr.map_name, "so-e");
        pair::name(one.found.info.name, "so_e");
        CHECK(differing(one) == names{"map_name"});
        one.wanted.give_up = BAREBPF_GIVE_UP_NAME_CHARS;
        CHECK(differing(one).empty());
    }
    SECTION("BTF")
    {
        one.wanted.attr.btf_value_type_id = 1;
        CHECK(differing(one) == names{"btf_fd"});
        one.wanted.give_up = BAREBPF_GIVE_UP_BTF;
        CHECK(differing(one).empty());
    }
    SECTION("flags")
    {
        one.wanted.attr.map_flags = BAREBPF_F_NO_PREALLOC;
        CHECK(differing(one) == names{"map_flags"});
        one.wanted.give_up = BAREBPF_GIVE_UP_FLAGS;
        CHECK(differing(one).empty());
    }
}

TEST_CASE("differences: a sentence is cut to its buffer, and quotes what a terminal may act on")
{
    barebpf_ensure_report report{};
    report.sz = sizeof(report);
    pair one(BAREBPF_MAP_TYPE_HASH);
    pair::name(one.wanted.attr.map_name, "a\x1b'b");
    one.found.info.name[0] = '\0';
    REQUIRE(compare(&report, one.wanted, one.found, four_cpus) == 1);
    const std::string whole = "map_name is none, not 'a\\x1b\\x27b'", short_words = "name is none";
    char text[80];
    CHECK(barebpf_difference_text(&report, 0, 0, text, sizeof(text)) == static_cast<int>(whole.size() + 1));
    CHECK(text == whole);
    CHECK(barebpf_difference_text(&report, 0, 0, nullptr, 0) == static_cast<int>(whole.size() + 1));
    CHECK(barebpf_difference_text(&report, 0, 1, text, short_words.size() + 1) > 0);
    CHECK(text == short_words);
    CHECK(barebpf_difference_text(&report, 1, 0, text, sizeof(text)) == -ENOENT);
    CHECK(barebpf_difference_text(nullptr, 0, 0, text, sizeof(text)) == -EINVAL);
    report.sz = 8;
    CHECK(barebpf_difference_text(&report, 0, 0, text, sizeof(text)) == -EINVAL);
    CHECK(std::string(barebpf_step_text(BAREBPF_STEP_PIN)) == "pin the map");
    CHECK(barebpf_step_text(0) == nullptr);
    CHECK(barebpf_step_text(99) == nullptr);
}
