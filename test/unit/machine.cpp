// SPDX-License-Identifier: BSD-2-Clause
#include <algorithm>
#include <asm/unistd.h>
#include <cerrno>
#include <cstring>

#include "lib/core/machine.h"
#include "script.h"
#include "test/catch.h"

using namespace barebpf;
using namespace barebpf::test;

namespace
{

uint32_t cpus(const std::string &list)
{
    return cpus_of_list(list.data(), list.size());
}

} // namespace

TEST_CASE("machine: the last CPU of a list is found")
{
    CHECK(cpus("0\n") == 1);
    CHECK(cpus("0-3\n") == 4);
    CHECK(cpus("0-3,8-11") == 12);
    CHECK(cpus("0,2,4,127\n") == 128);
    CHECK(cpus("0-8191\n") == 8192);
    CHECK(cpus("") == 0);
    CHECK(cpus("\n") == 0);
    CHECK(cpus("0-\n") == 0);
    CHECK(cpus("0-3,\n") == 0);
    CHECK(cpus("many\n") == 0);
}

TEST_CASE("machine: possible CPUs come from /sys, and the file is closed")
{
    bool guessed = true;
    script({result(5),
            [](const system_call &call) -> long {
                std::memcpy(reinterpret_cast<char *>(call.arguments[1]), "0-7\n", 4);
                return 4;
            },
            result(0)});
    CHECK(possible_cpus(&guessed) == 8);
    CHECK_FALSE(guessed);
    CHECK(std::string(reinterpret_cast<const char *>(recorded_calls()[0].arguments[1])) ==
          "/sys/devices/system/cpu/possible");
    CHECK(recorded_calls()[2].nr == __NR_close);
    CHECK(recorded_calls()[2].arguments[0] == 5);
}

TEST_CASE("machine: without /sys possible CPUs are guessed from the affinity, and reported as guessed")
{
    bool guessed = false;
    const answer affinity = [](const system_call &call) -> long {
        CHECK(call.nr == __NR_sched_getaffinity);
        reinterpret_cast<unsigned long *>(call.arguments[2])[1] = 5;
        return 16;
    };
    SECTION("no file")
    {
        script({result(-ENOENT), affinity});
    }
    SECTION("an unreadable file")
    {
        script({result(5), result(-EIO), result(0), affinity});
    }
    SECTION("an empty file")
    {
        script({result(5), result(0), result(0), affinity});
    }
    CHECK(possible_cpus(&guessed) == 64 + 3);
    CHECK(guessed);
}

TEST_CASE("machine: without /sys and affinity the number of CPUs is 0")
{
    bool guessed = false;
    script({result(-ENOENT), result(-EPERM)});
    dirty_stack();
    CHECK(possible_cpus(&guessed) == 0);
}

TEST_CASE("machine: the page size is the first at which an address may begin")
{
    const long size = GENERATE(4096, 16384, 65536);
    script_all([size](const system_call &call) -> long {
        CHECK(call.nr == __NR_msync);
        CHECK(call.arguments[1] == 0);
        return call.arguments[0] % size ? -EINVAL : 0;
    });
    CHECK(page_size() == static_cast<uint32_t>(size));
}

namespace
{

// A file of /sys that holds these bytes, and a thread that may run on CPU 2 alone.
void script_file(const std::string &bytes)
{
    script_all([bytes](const system_call &call) -> long {
        if (call.nr == __NR_openat)
            return 5;
        if (call.nr == __NR_sched_getaffinity)
            return *reinterpret_cast<unsigned long *>(call.arguments[2]) = 4, 8;
        if (call.nr != __NR_read)
            return 0;
        const size_t size = std::min(bytes.size(), static_cast<size_t>(call.arguments[2]));
        std::memcpy(reinterpret_cast<char *>(call.arguments[1]), bytes.data(), size);
        return static_cast<long>(size);
    });
}

} // namespace

TEST_CASE("machine: a list of CPUs that may be incomplete is not used")
{
    bool guessed = false;
    std::string list;
    for (int i = 0; i < 2046; i++)
        list += "0,";
    SECTION("one byte less than the buffer holds is the whole list")
    {
        list += "77\n";
        REQUIRE(list.size() == 4095);
        script_file(list);
        CHECK(possible_cpus(&guessed) == 78);
        CHECK_FALSE(guessed);
    }
    SECTION("as many as the buffer holds may be part of it")
    {
        list += "17\n\n";
        REQUIRE(list.size() == 4096);
        script_file(list);
        CHECK(possible_cpus(&guessed) == 3);
        CHECK(guessed);
    }
}

TEST_CASE("machine: a list of one character is a list")
{
    bool guessed = true;
    script_file("6");
    CHECK(possible_cpus(&guessed) == 7);
    CHECK_FALSE(guessed);
}

TEST_CASE("machine: the file of /sys may be opened at descriptor 0")
{
    bool guessed = true;
    script({result(0),
            [](const system_call &call) -> long {
                CHECK(call.arguments[0] == 0);
                return *reinterpret_cast<char *>(call.arguments[1]) = '5', 1;
            },
            result(0)});
    CHECK(possible_cpus(&guessed) == 6);
    CHECK_FALSE(guessed);
    REQUIRE(recorded_calls().size() == 3);
    CHECK(recorded_calls()[2].nr == __NR_close);
    CHECK(recorded_calls()[2].arguments[0] == 0);
}

TEST_CASE("machine: a malformed list of CPUs is not used")
{
    const char *written = GENERATE("/", ":", "0-3;", "0-3 ", "0x3", "-", ",", "3-", "3,", "a");
    bool guessed = false;
    CAPTURE(written);
    CHECK(cpus(written) == 0);
    script_file(written);
    CHECK(possible_cpus(&guessed) == 3);
    CHECK(guessed);
}

TEST_CASE("machine: every digit counts, and nothing after the line does")
{
    CHECK(cpus("1234567890\n") == 1234567891);
    CHECK(cpus("9\n") == 10);
    CHECK(cpus("0-10,12\n99\n") == 13);
    CHECK(cpus_of_list("0-31", 3) == 4);
    CHECK(cpus_of_list("0-31", 0) == 0);
}

TEST_CASE("machine: the affinity is read bit by bit, up to the last CPU that Linux can have")
{
    const uint32_t last = GENERATE(0u, 1u, 63u, 64u, 8190u, 8191u);
    bool guessed = false;
    script({result(-ENOENT), [last](const system_call &call) -> long {
                CHECK(call.arguments[0] == 0);
                CHECK(call.arguments[1] == 8192 / 8);
                auto *words = reinterpret_cast<unsigned long *>(call.arguments[2]);
                words[0] |= 1;
                words[last / 64] |= 1ul << last % 64;
                return 1024;
            }});
    CHECK(possible_cpus(&guessed) == last + 1);
    CHECK(guessed);
}

TEST_CASE("machine: a page is at least 4 KiB, and assumed to be 1 MiB if no size is confirmed")
{
    size_t calls = 0;
    script_all([&calls](const system_call &call) -> long {
        CHECK(call.arguments[0] == 4096l << calls++);
        CHECK(call.arguments[1] == 0);
        CHECK(call.arguments[2] == 1); // MS_ASYNC
        return -EINVAL;
    });
    CHECK(page_size() == 1 << 20);
    CHECK(calls == 8);
}

TEST_CASE("machine: the file of /sys is opened read-only")
{
    bool guessed = false;
    script_file("0-1\n");
    CHECK(possible_cpus(&guessed) == 2);
    REQUIRE(recorded_calls().size() == 3);
    CHECK(recorded_calls()[0].arguments[0] == AT_FDCWD);
    CHECK(recorded_calls()[0].arguments[2] == (O_RDONLY | O_CLOEXEC));
    CHECK(recorded_calls()[1].arguments[2] == 4096);
}
