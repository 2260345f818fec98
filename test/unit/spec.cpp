// SPDX-License-Identifier: BSD-2-Clause
#include <cerrno>
#include <cstring>

#include "barebpf/barebpf.hpp"
#include "lib/core/known.h"
#include "lib/core/opts.h"
#include "script.h"
#include "test/catch.h"
#include "test/numbers.h"

using namespace barebpf::test;

namespace
{

barebpf_map_spec hash_spec()
{
    barebpf_map_spec spec{};
    spec.sz = sizeof(spec);
    spec.map_type = BAREBPF_MAP_TYPE_HASH;
    spec.key_size = 4;
    spec.value_size = 8;
    spec.max_entries = 16;
    return spec;
}

#define BAREBPF_COUNTED(type, name, extent, given, offset, major, minor) +1
static_assert(barebpf::count_members<barebpf::map_spec>() == 0 BAREBPF_MAP_FIELDS(BAREBPF_COUNTED),
              "the C++ map_spec and BAREBPF_MAP_FIELDS must have the same members");
#undef BAREBPF_COUNTED

} // namespace

TEST_CASE("spec: a C++ spec and a C spec pass the same bytes")
{
    const char hash[32] = "x";
    const barebpf::map_spec spec = {
        .type = barebpf::map_type::hash,
        .key_size = 1,
        .value_size = 2,
        .max_entries = 3,
        .name = "name",
        .flags = barebpf::map_flags::numa_node | barebpf::map_flags::rb_overwrite,
        .map_extra = 4,
        .inner_map_fd = 5,
        .numa_node = 6,
        .map_ifindex = 7,
        .btf_fd = 8,
        .btf_key_type_id = 9,
        .btf_value_type_id = 10,
        .btf_vmlinux_value_type_id = 11,
        .value_type_btf_obj_fd = -12,
        .token_fd = 13,
        .excl_prog_hash = hash,
        .excl_prog_hash_size = 32,
    };
    script({result(5), result(0)});
    const barebpf::fd_result made = create_map(spec);
    REQUIRE(made);
    const barebpf::map_create_attr &attr = recorded_calls()[0].attr;
    CHECK(attr.map_type == 1);
    CHECK(attr.key_size == 1);
    CHECK(attr.value_size == 2);
    CHECK(attr.max_entries == 3);
    CHECK(attr.map_flags == 0x80004);
    CHECK(attr.inner_map_fd == 5);
    CHECK(attr.numa_node == 6);
    CHECK(std::string(attr.map_name) == "name");
    CHECK(attr.map_ifindex == 7);
    CHECK(attr.btf_fd == 8);
    CHECK(attr.btf_key_type_id == 9);
    CHECK(attr.btf_value_type_id == 10);
    CHECK(attr.btf_vmlinux_value_type_id == 11);
    CHECK(attr.map_extra == 4);
    CHECK(attr.value_type_btf_obj_fd == -12);
    CHECK(attr.map_token_fd == 13);
    CHECK(attr.excl_prog_hash == reinterpret_cast<uintptr_t>(hash));
    CHECK(attr.excl_prog_hash_size == 32);
#define BAREBPF_GIVEN(type, name, extent, given, offset, major, minor) \
    { \
        INFO(#name " has no value in this test"); \
        CHECK(!barebpf::all_zero(&attr, offset, (offset) + sizeof(type extent))); \
    }
    BAREBPF_MAP_FIELDS(BAREBPF_GIVEN)
#undef BAREBPF_GIVEN
}

TEST_CASE("spec: its sz is checked before any system call")
{
    struct {
        barebpf_map_spec spec = hash_spec();
        char beyond[8] = {};
    } newer;
    newer.spec.sz = sizeof(newer);
    SECTION("a newer caller with nothing new is accepted")
    {
        script({result(4)});
        CHECK(barebpf_map_create(&newer.spec, nullptr, nullptr) == 4);
    }
    SECTION("a newer caller that sets what we do not know is refused")
    {
        newer.beyond[3] = 1;
        script({});
        CHECK(barebpf_map_create(&newer.spec, nullptr, nullptr) == -EINVAL);
        CHECK(recorded_calls().empty());
    }
    SECTION("no spec at all is refused")
    {
        script({});
        CHECK(barebpf_map_create(nullptr, nullptr, nullptr) == -EINVAL);
        CHECK(barebpf_map_create_attr(nullptr, &newer, sizeof(newer)) == -EINVAL);
    }
    SECTION("a size no release had is refused")
    {
        newer.spec.sz = GENERATE(size_t{0}, offsetof(barebpf_map_spec, excl_prog_hash_size), size_t{4097});
        script({});
        CHECK(barebpf_map_create(&newer.spec, nullptr, nullptr) == -EINVAL);
        CHECK(recorded_calls().empty());
    }
}

TEST_CASE("spec: a name too long for the kernel is refused, not truncated")
{
    barebpf_map_spec spec = hash_spec();
    SECTION("15 bytes fit")
    {
        spec.name = "abcdefghijklmno";
        script({result(4)});
        CHECK(barebpf_map_create(&spec, nullptr, nullptr) == 4);
        CHECK(std::string(recorded_calls()[0].attr.map_name) == spec.name);
    }
    SECTION("16 do not")
    {
        spec.name = "abcdefghijklmnop";
        script({});
        CHECK(barebpf_map_create(&spec, nullptr, nullptr) == -ENAMETOOLONG);
        CHECK(errno == ENAMETOOLONG);
        CHECK(recorded_calls().empty());
    }
}

TEST_CASE("spec: its attr can be encoded without a system call")
{
    barebpf_map_spec spec = hash_spec();
    char attr[100];
    std::memset(attr, 0x5a, sizeof(attr));
    script({});
    SECTION("through the last member and not a byte more")
    {
        CHECK(barebpf_map_create_attr(&spec, attr, sizeof(attr)) == attr_size);
        CHECK(attr[8] + attr[9] + attr[10] + attr[11] == 8);
        CHECK(barebpf::all_zero(attr, 16, attr_size));
        CHECK(attr[attr_size] == 0x5a);
    }
    SECTION("nothing if there is no room")
    {
        CHECK(barebpf_map_create_attr(&spec, attr, 91) == -ENOSPC);
        CHECK(attr[0] == 0x5a);
    }
    CHECK(recorded_calls().empty());
}

TEST_CASE("fd: is closed exactly once, by whoever owns it last")
{
    SECTION("by scope")
    {
        script({result(5), result(0)});
        {
            const barebpf::fd_result made = barebpf::create_map({.type = barebpf::map_type::array});
            CHECK(made);
        }
        REQUIRE(recorded_calls().size() == 2);
        CHECK(recorded_calls()[1].nr == __NR_close);
        CHECK(recorded_calls()[1].arguments[0] == 5);
    }
    SECTION("not after it was released")
    {
        script({result(5)});
        {
            barebpf::fd owned = *barebpf::create_map({.type = barebpf::map_type::array});
            CHECK(owned.release() == 5);
            CHECK_FALSE(owned);
        }
        CHECK(recorded_calls().size() == 1);
    }
    SECTION("not by one it was moved from")
    {
        script({result(0), result(0)});
        {
            barebpf::fd first(7);
            barebpf::fd second(std::move(first));
            barebpf::fd third(8);
            third = std::move(second);
            CHECK(third.get() == 7);
        }
        REQUIRE(recorded_calls().size() == 2);
        CHECK(recorded_calls()[0].arguments[0] == 8);
        CHECK(recorded_calls()[1].arguments[0] == 7);
    }
    SECTION("never if there is none")
    {
        script({result(-ENOMEM)});
        {
            const barebpf::fd_result refused = barebpf::create_map({.type = barebpf::map_type::array});
            CHECK_FALSE(refused);
            CHECK(refused.error().number == ENOMEM);
            CHECK(std::string(refused.error().name()) == "ENOMEM");
        }
        CHECK(recorded_calls().size() == 1);
    }
}

TEST_CASE("spec: its attr needs room for 92 bytes, and a name that fits")
{
    barebpf_map_spec spec = hash_spec();
    char attr[92];
    script({});
    CHECK(barebpf_map_create_attr(&spec, attr, 92) == 92);
    errno = 0;
    CHECK(barebpf_map_create_attr(&spec, attr, 0) == -ENOSPC);
    CHECK(errno == ENOSPC);
    spec.name = "abcdefghijklmno";
    CHECK(barebpf_map_create_attr(&spec, attr, 92) == 92);
    CHECK(std::string(attr + 28) == "abcdefghijklmno");
    std::memset(attr, 0x5a, sizeof(attr));
    spec.name = "abcdefghijklmnop";
    CHECK(barebpf_map_create_attr(&spec, attr, 92) == -ENAMETOOLONG);
    CHECK(errno == ENAMETOOLONG);
    CHECK(attr[0] == 0x5a);
}

TEST_CASE("spec: an empty name is none, whatever follows it")
{
    barebpf_map_spec spec = hash_spec();
    spec.name = "\0 seventeen more characters";
    script({result(4)});
    CHECK(barebpf_map_create(&spec, nullptr, nullptr) == 4);
    CHECK(barebpf::all_zero(recorded_calls()[0].attr.map_name, 0, 16));
}

TEST_CASE("spec: a name that fits is whole, whatever stands behind it")
{
    const size_t length = GENERATE(range(size_t{0}, size_t{16}));
    const auto names = GENERATE(barebpf::known::unknown, barebpf::known::yes);
    char name[32];
    std::memset(name, 'x', sizeof(name));
    name[length] = '\0';
    barebpf_map_spec spec = hash_spec();
    spec.name = name;
    script({result(4)});
    barebpf::learned.names.learn(names);
    CHECK(barebpf_map_create(&spec, nullptr, nullptr) == 4);
    CHECK(std::string(recorded_calls()[0].attr.map_name) == std::string(length, 'x'));
}
