// SPDX-License-Identifier: BSD-2-Clause
#include <cerrno>
#include <cstring>

#include "barebpf/barebpf.h"
#include "script.h"
#include "test/catch.h"

using namespace barebpf::test;

namespace
{

// The bytes that a bpf(2) call's second argument points to.
template <typename T> T member(const system_call &call, size_t offset)
{
    T value;
    std::memcpy(&value, reinterpret_cast<const char *>(call.arguments[1]) + offset, sizeof(value));
    return value;
}

} // namespace

TEST_CASE("pin: passes the path and the descriptor")
{
    const char *path = "/somewhere/map";
    script({[&](const system_call &call) {
        CHECK(call.arguments[0] == 6);
        CHECK(call.arguments[2] == 20);
        CHECK(member<uint64_t>(call, 0) == reinterpret_cast<uintptr_t>(path));
        CHECK(member<uint32_t>(call, 8) == 9);
        return -EEXIST;
    }});
    CHECK(barebpf_obj_pin(9, path) == -EEXIST);
    CHECK(errno == EEXIST);
}

TEST_CASE("pin: an object comes back at a descriptor above 2")
{
    const char *path = "/somewhere/map";
    script({[&](const system_call &call) {
                CHECK(call.arguments[0] == 7);
                CHECK(call.arguments[2] == 20);
                CHECK(member<uint64_t>(call, 0) == reinterpret_cast<uintptr_t>(path));
                CHECK(member<uint32_t>(call, 8) == 0);
                return 1;
            },
            result(3), result(0)});
    CHECK(barebpf_obj_get(path) == 3);
    CHECK(recorded_calls().size() == 3);
}

TEST_CASE("info: the size becomes the number of bytes the kernel filled")
{
    char info[80];
    uint32_t size = sizeof(info);
    SECTION("on success")
    {
        script({[&](const system_call &call) {
            CHECK(call.arguments[0] == 15);
            CHECK(member<uint32_t>(call, 0) == 5);
            CHECK(member<uint32_t>(call, 4) == 80);
            CHECK(member<uint64_t>(call, 8) == reinterpret_cast<uintptr_t>(info));
            const uint32_t filled = 40;
            std::memcpy(reinterpret_cast<char *>(call.arguments[1]) + 4, &filled, sizeof(filled));
            return 0;
        }});
        CHECK(barebpf_obj_get_info_by_fd(5, info, &size) == 0);
        CHECK(size == 40);
    }
    SECTION("and is unchanged on failure")
    {
        script({result(-EBADF)});
        CHECK(barebpf_obj_get_info_by_fd(5, info, &size) == -EBADF);
        CHECK(errno == EBADF);
        CHECK(size == 80);
    }
}

TEST_CASE("close: fails if the descriptor was not open")
{
    script({result(-EBADF)});
    CHECK(barebpf_close(77) == -EBADF);
    CHECK(recorded_calls()[0].arguments[0] == 77);
}
