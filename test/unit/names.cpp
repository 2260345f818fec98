// SPDX-License-Identifier: BSD-2-Clause
#include <cerrno>
#include <cstring>

#include "barebpf/barebpf.h"
#include "test/catch.h"
#include "test/numbers.h"

TEST_CASE("names: every map type has a name, and is found by it")
{
    for (uint32_t type = 0; type < barebpf::test::first_unknown_type; type++) {
        const char *name = barebpf_map_type_name(type);
        REQUIRE(name);
        CHECK(barebpf_map_type_by_name(name) == static_cast<int>(type));
    }
    CHECK(std::string(barebpf_map_type_name(21)) == "percpu_cgroup_storage");
    CHECK_FALSE(barebpf_map_type_name(barebpf::test::first_unknown_type));
    CHECK_FALSE(barebpf_map_type_name(UINT32_MAX));
    CHECK_FALSE(barebpf_map_type_name(65536 + 1));
    CHECK(barebpf_map_type_by_name("hash_") == -ENOENT);
    CHECK(barebpf_map_type_by_name("has") == -ENOENT);
    CHECK(barebpf_map_type_by_name("") == -ENOENT);
}

TEST_CASE("names: every create flag has a name, PATH_FD and bits above 19 have none")
{
    for (uint32_t bit = 0; bit < 32; bit++) {
        const char *name = barebpf_map_flag_name(bit);
        const bool named = bit <= 19 && bit != 14;
        REQUIRE((name != nullptr) == named);
        if (named)
            CHECK(barebpf_map_flag_by_name(name) == static_cast<int>(bit));
    }
    CHECK(barebpf_map_flag_by_name("path_fd") == -ENOENT);
}

TEST_CASE("names: errno values have the names of <errno.h>")
{
    CHECK(std::string(barebpf_errno_name(EPERM)) == "EPERM");
    CHECK(std::string(barebpf_errno_name(-EINVAL)) == "EINVAL");
    CHECK(std::string(barebpf_errno_name(EOPNOTSUPP)) == "EOPNOTSUPP");
    CHECK(std::string(barebpf_errno_name(barebpf::test::enotsupp)) == "ENOTSUPP");
    CHECK_FALSE(barebpf_errno_name(0));
    CHECK_FALSE(barebpf_errno_name(4095));
    CHECK_FALSE(barebpf_errno_name(INT32_MIN));
#ifdef __GLIBC__
    for (int error = 1; error < 200; error++) {
        const char *theirs = strerrorname_np(error);
        if (theirs && std::strcmp(theirs, "ENOTSUP") != 0)
            CHECK(std::string(barebpf_errno_name(error)) == theirs);
    }
#endif
}

TEST_CASE("names: neither a part of a name nor a longer text is one")
{
    for (uint32_t type = 0; type <= BAREBPF_MAP_TYPE_RHASH; type++) {
        const std::string name = barebpf_map_type_name(type);
        CAPTURE(name);
        CHECK(barebpf_map_type_by_name((name + "x").c_str()) == -ENOENT);
        CHECK(barebpf_map_type_by_name((std::string("x") + name).c_str()) == -ENOENT);
        CHECK(barebpf_map_type_by_name(name.c_str() + 1) != static_cast<int>(type));
        CHECK(barebpf_map_type_by_name(name.substr(0, name.size() - 1).c_str()) != static_cast<int>(type));
    }
}

TEST_CASE("names: a bit beyond 31 has none")
{
    for (const uint32_t bit : {32u, 33u, 64u, 65536u, UINT32_MAX})
        CHECK_FALSE(barebpf_map_flag_name(bit));
}

TEST_CASE("names: a missing name sets errno, a found one leaves it")
{
    errno = 77;
    CHECK(barebpf_map_type_by_name("array") == BAREBPF_MAP_TYPE_ARRAY);
    CHECK(barebpf_map_flag_by_name("no_prealloc") == 0);
    CHECK(errno == 77);
    CHECK(barebpf_map_type_by_name("arra") == -ENOENT);
    CHECK(errno == ENOENT);
    errno = 77;
    CHECK(barebpf_map_flag_by_name("no_preallo") == -ENOENT);
    CHECK(errno == ENOENT);
}
