// SPDX-License-Identifier: BSD-2-Clause
#include "barebpf/libbpf.h"

#include <cerrno>
#include <cstdarg>
#include <cstring>
#include <string>

#include "barebpf/barebpf.h"
#include "lib/calls/possible_cpus.h"
#include "script.h"
#include "test/catch.h"

using namespace barebpf::test;

namespace
{

answer reading(std::string text)
{
    return [text](const system_call &call) {
        const size_t size = std::min(text.size(), static_cast<size_t>(call.arguments[2]));
        std::memcpy(reinterpret_cast<char *>(call.arguments[1]), text.data(), size);
        return static_cast<long>(size);
    };
}

// A look-up in a per-CPU array on a kernel with this many CPUs.
answer looking_up(size_t cpus)
{
    return [cpus](const system_call &call) {
        uint64_t address;
        std::memcpy(&address, reinterpret_cast<const char *>(call.arguments[1]) + 16, sizeof(address));
        std::memset(reinterpret_cast<char *>(address), 0, 8 * cpus);
        return 0L;
    };
}

int ignore(libbpf_print_level, const char *, va_list)
{
    return 1;
}

int cpus_of(const std::string &list)
{
    return barebpf::count_cpus_of_list(list.data(), list.size());
}

} // namespace

TEST_CASE("possible CPUs: as many as the list has")
{
    CHECK(cpus_of("0\n") == 1);
    CHECK(cpus_of("0-3\n") == 4);
    CHECK(cpus_of("0-3") == 4);
    CHECK(cpus_of("0,2\n") == 2);
    CHECK(cpus_of("0-3,8-11,64\n") == 9);
    CHECK(cpus_of("0-8191\n") == 8192);
    for (const char *wrong : {"", "\n", "a\n", "0-\n", "-1\n", "3-0\n", "0,\n", ",0\n", "0--1\n", "0-1-2\n",
                              "0-8192\n", "99999999999\n", " 0\n"}) {
        INFO(wrong);
        CHECK(cpus_of(wrong) == -EINVAL);
    }
}

TEST_CASE("possible CPUs: a list longer than libbpf's 128 bytes is read")
{
    std::string list;
    for (int i = 0; i < 100; i++)
        list += std::to_string(2 * i) + (i < 99 ? "," : "\n");
    script({result(5), reading(list), result(0)});
    CHECK(libbpf_num_possible_cpus() == 100);
    CHECK(recorded_calls()[2].nr == __NR_close);
    CHECK(recorded_calls()[2].arguments[0] == 5);
}

TEST_CASE("possible CPUs: without /sys they are counted in a per-CPU array")
{
    script({result(-ENOENT), result(6), looking_up(5), result(0)});
    CHECK(barebpf_possible_cpus() == 5);
    REQUIRE(recorded_calls().size() == 4);
    CHECK(recorded_calls()[1].arguments[0] == 0);
    CHECK(recorded_calls()[1].attr.map_type == 6);
    CHECK(recorded_calls()[2].arguments[0] == 1);
    CHECK(recorded_calls()[3].nr == __NR_close);
    CHECK(recorded_calls()[3].arguments[0] == 6);
}

TEST_CASE("possible CPUs: never a guess")
{
    SECTION("if no array can be created")
    {
        script({result(-ENOENT), result(-EPERM)});
        CHECK(libbpf_num_possible_cpus() == -ENOENT);
        CHECK(errno == ENOENT);
    }
    SECTION("if the look-up fails")
    {
        script({result(-EACCES), result(6), result(-EFAULT), result(0)});
        CHECK(libbpf_num_possible_cpus() == -EACCES);
        CHECK(recorded_calls()[3].nr == __NR_close);
    }
    SECTION("if the list cannot be read and no array can be created")
    {
        script({result(5), result(-EIO), result(0), result(-EPERM)});
        CHECK(libbpf_num_possible_cpus() == -EIO);
    }
}

TEST_CASE("libbpf: setting a print function returns the one set before, at first a silent one")
{
    const libbpf_print_fn_t first = libbpf_set_print(ignore);
    REQUIRE(first);
    CHECK(libbpf_set_print(nullptr) == ignore);
    CHECK(libbpf_set_print(first) == nullptr);
    CHECK(libbpf_set_print(first) == first);
    va_list none;
    std::memset(&none, 0, sizeof(none));
    CHECK(first(LIBBPF_WARN, "", none) == 0);
}

TEST_CASE("libbpf: a strict mode is accepted, and the version returned")
{
    CHECK(libbpf_set_strict_mode(LIBBPF_STRICT_ALL) == 0);
    CHECK(libbpf_major_version() == 1);
    CHECK(libbpf_minor_version() == 8);
    CHECK(std::string(libbpf_version_string()) == "v1.8");
}

TEST_CASE("libbpf: the error of a pointer")
{
    int object = 0;
    errno = 5;
    CHECK(libbpf_get_error(&object) == 0);
    CHECK(errno == 5);
    CHECK(libbpf_get_error(nullptr) == -5);
    CHECK(libbpf_get_error(reinterpret_cast<void *>(-17L)) == -17);
    CHECK(errno == 17);
    CHECK(libbpf_get_error(reinterpret_cast<void *>(-4095L)) == -4095);
    CHECK(libbpf_get_error(reinterpret_cast<void *>(-4096L)) == 0);
}

TEST_CASE("libbpf: an error number in words")
{
    char text[64];
    CHECK(libbpf_strerror(-ENOENT, text, sizeof(text)) == 0);
    CHECK(std::string(text) == std::strerror(ENOENT));
    CHECK(libbpf_strerror(ENOENT, text, sizeof(text)) == 0);
    CHECK(std::string(text) == std::strerror(ENOENT));
    CHECK(libbpf_strerror(LIBBPF_ERRNO__RELOC, text, sizeof(text)) == 0);
    CHECK(std::string(text) == "a relocation failed");
    CHECK(libbpf_strerror(4014, text, sizeof(text)) == -ENOENT);
    CHECK(std::string(text) == "Unknown libbpf error 4014");
    CHECK(libbpf_strerror(-4014, text, 8) == -ERANGE);
    CHECK(std::string(text) == "Unknown");
    CHECK(libbpf_strerror(1, nullptr, 8) == -EINVAL);
    CHECK(libbpf_strerror(1, text, 0) == -EINVAL);
}

TEST_CASE("libbpf: a map type has the name bpftool gives it")
{
    CHECK(std::string(libbpf_bpf_map_type_str(BPF_MAP_TYPE_LPM_TRIE)) == "lpm_trie");
    const uint32_t number = 1000;
    bpf_map_type newer;
    std::memcpy(&newer, &number, sizeof(newer));
    CHECK(libbpf_bpf_map_type_str(newer) == nullptr);
}
