// SPDX-License-Identifier: BSD-2-Clause
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

TEST_CASE("machine: a list of CPUs says which is the last")
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
            [](const question &asked) -> long {
                std::memcpy(reinterpret_cast<char *>(asked.arguments[1]), "0-7\n", 4);
                return 4;
            },
            result(0)});
    CHECK(possible_cpus(&guessed) == 8);
    CHECK_FALSE(guessed);
    CHECK(std::string(reinterpret_cast<const char *>(asked()[0].arguments[1])) ==
          "/sys/devices/system/cpu/possible");
    CHECK(asked()[2].nr == __NR_close);
    CHECK(asked()[2].arguments[0] == 5);
}

TEST_CASE("machine: without /sys possible CPUs are those of the affinity, which is said")
{
    bool guessed = false;
    const answer affinity = [](const question &asked) -> long {
        CHECK(asked.nr == __NR_sched_getaffinity);
        reinterpret_cast<unsigned long *>(asked.arguments[2])[1] = 5;
        return 16;
    };
    SECTION("no file")
    {
        script({result(-ENOENT), affinity});
    }
    SECTION("an unreadable one")
    {
        script({result(5), result(-EIO), result(0), affinity});
    }
    SECTION("an empty one")
    {
        script({result(5), result(0), result(0), affinity});
    }
    CHECK(possible_cpus(&guessed) == 64 + 3);
    CHECK(guessed);
}

TEST_CASE("machine: neither of them is 0")
{
    bool guessed = false;
    script({result(-ENOENT), result(-EPERM)});
    CHECK(possible_cpus(&guessed) == 0);
}

TEST_CASE("machine: the page size is the first that an address may begin at")
{
    const long size = GENERATE(4096, 16384, 65536);
    script_all([size](const question &asked) -> long {
        CHECK(asked.nr == __NR_msync);
        CHECK(asked.arguments[1] == 0);
        return asked.arguments[0] % size ? -EINVAL : 0;
    });
    CHECK(page_size() == static_cast<uint32_t>(size));
}
