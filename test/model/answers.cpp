// SPDX-License-Identifier: BSD-2-Clause
#include <cerrno>
#include <cstring>

#include "kernel.h"
#include "log.h"
#include "test/catch.h"
#include "test/numbers.h"

// The model kernel itself, called without the library in between.
using namespace barebpf;
using namespace barebpf::test;

namespace
{

constexpr release before = release_of(7, 1);
constexpr release since = common_attrs_since;

map_create_attr array_attr()
{
    map_create_attr attr;
    clear(&attr);
    attr.map_type = BAREBPF_MAP_TYPE_ARRAY;
    attr.key_size = attr.value_size = 4;
    attr.max_entries = 1;
    return attr;
}

// An array whose numa_node does not exist: "Invalid numa_node.\n" has 19 bytes and a NUL.
map_create_attr refused_attr()
{
    map_create_attr attr = array_attr();
    attr.map_flags = BAREBPF_F_NUMA_NODE;
    attr.numa_node = 9;
    return attr;
}
constexpr uint32_t refused_size = 20;

common_attr common_attributes(char *buf, uint32_t size, uint32_t level)
{
    common_attr common;
    clear(&common);
    common.log_buf = reinterpret_cast<uintptr_t>(buf);
    common.log_size = size;
    common.log_level = level;
    common.log_true_size = 777;
    return common;
}

// A BPF_MAP_CREATE with common attributes, of any size and at any address.
long create(const map_create_attr &attr, const void *common, uint32_t common_size, uint32_t size = attr_size)
{
    return arch::call(__NR_bpf, BAREBPF_COMMON_ATTRS, sys::address(&attr), size, sys::address(common),
                      common_size);
}

long create(const map_create_attr &attr, const common_attr &common)
{
    return create(attr, &common, 24);
}

int create_plain(const map_create_attr &attr)
{
    return sys::bpf(sys::command::map_create, &attr, attr_size);
}

environment of_nobody()
{
    environment machine;
    machine.unprivileged_bpf_disabled = 1;
    machine.caller = {};
    return machine;
}

} // namespace

TEST_CASE("model kernel: hands out the lowest free descriptor")
{
    model_kernel kernel(since);
    kernel.lacks(1);
    CHECK(create_plain(array_attr()) == 1);
    CHECK(create_plain(array_attr()) == 3);
    CHECK(sys::duplicate(1, 3) == 4);
    CHECK(sys::close(1) == 0);
    CHECK(sys::close(3) == 0);
    CHECK(create_plain(array_attr()) == 1);
    CHECK(sys::close(1) == 0);
    CHECK(sys::close(4) == 0);
    CHECK(kernel.calls().size() == 8);
}

TEST_CASE("model kernel: a map it created can be the inner map of another")
{
    model_kernel kernel(since);
    const int inner = create_plain(array_attr());
    map_create_attr attr = array_attr();
    attr.map_type = BAREBPF_MAP_TYPE_ARRAY_OF_MAPS;
    attr.inner_map_fd = static_cast<uint32_t>(inner);
    CHECK(create_plain(attr) == inner + 1);
    CHECK(sys::close(inner) == 0);
    CHECK(sys::close(inner + 1) == 0);
    CHECK(create_plain(attr) == -EBADF);
}

TEST_CASE("model kernel: the nth call fails as requested, and without effect")
{
    model_kernel kernel(since);
    kernel.fails(2, EMFILE);
    CHECK(create_plain(array_attr()) == 3);
    CHECK(create_plain(array_attr()) == -EMFILE);
    kernel.fails(1, EINTR);
    CHECK(sys::close(3) == -EINTR);
    CHECK(create_plain(array_attr()) == 3);
    CHECK(sys::close(3) == 0);
}

TEST_CASE("model kernel: a descriptor left open fails the test", "[!shouldfail]")
{
    model_kernel kernel(since);
    create_plain(array_attr());
}

TEST_CASE("model kernel: closing a descriptor twice fails the test", "[!shouldfail]")
{
    model_kernel kernel(since);
    const int fd = create_plain(array_attr());
    sys::close(fd);
    sys::close(fd);
}

TEST_CASE("model kernel: closing one of the program's own descriptors fails the test", "[!shouldfail]")
{
    model_kernel kernel(since);
    sys::close(2);
}

TEST_CASE("common attributes: before 7.2 the command is unknown")
{
    char buf[64];
    const common_attr common = common_attributes(buf, sizeof(buf), 1);
    SECTION("EINVAL, whatever the request")
    {
        model_kernel kernel(GENERATE(release_of(4, 4), release_of(5, 19), before));
        CHECK(create(array_attr(), common) == -EINVAL);
        CHECK(create(array_attr(), nullptr, 0) == -EINVAL);
        CHECK(common.log_true_size == 777);
    }
    SECTION("after the bytes of the attr, for any caller")
    {
        struct {
            map_create_attr attr = array_attr();
            uint64_t tail[20] = {};
        } longer;
        longer.tail[19] = 1;
        model_kernel kernel(GENERATE(release_of(5, 19), before), of_nobody());
        CHECK(create(longer.attr, nullptr, 0, 5000) == -E2BIG);
        CHECK(create(longer.attr, nullptr, 0, sizeof(longer)) == -E2BIG);
        CHECK(create(array_attr(), common) == -EINVAL);
    }
    SECTION("up to 5.18 a caller without permission learns nothing")
    {
        model_kernel kernel(GENERATE(release_of(4, 3), release_of(4, 4), release_of(5, 18)), of_nobody());
        CHECK(create(array_attr(), common) == -EPERM);
        CHECK(create(array_attr(), nullptr, 0, 5000) == -EPERM);
    }
}

TEST_CASE("common attributes: from 7.2 on they are checked before the request")
{
    char buf[64] = "untouched";
    model_kernel kernel(GENERATE(release_of(7, 2), release_of(7, 3)));
    common_attr common = common_attributes(buf, sizeof(buf), 1);
    SECTION("size and tail")
    {
        CHECK(create(refused_attr(), &common, 4097) == -E2BIG);
        common.padding = 1;
        CHECK(create(refused_attr(), &common, 24) == -E2BIG);
        CHECK(create(refused_attr(), nullptr, 24) == -EFAULT);
        CHECK(create(refused_attr(), nullptr, 0) == -EINVAL);
        CHECK(kernel.last_verdict().why == rule::numa_node_offline);
    }
    SECTION("the log")
    {
        const common_attr wrong[] = {common_attributes(buf, 0, 1), common_attributes(nullptr, 64, 1),
                                     common_attributes(buf, 64, 0), common_attributes(buf, 64, 16),
                                     common_attributes(buf, 0x40000000, 1)};
        for (const common_attr &one : wrong) {
            CHECK(create(array_attr(), one) == -EINVAL);
            CHECK(one.log_true_size == 777);
        }
        CHECK(create(array_attr(), &common, 8) == -EINVAL);
        CHECK(create(array_attr(), &common, 12) == -EINVAL);
    }
    CHECK(std::strcmp(buf, "untouched") == 0);
}

TEST_CASE("common attributes: a message, and its size, reach the program")
{
    char buf[64] = "untouched";
    model_kernel kernel(since);
    common_attr common = common_attributes(buf, sizeof(buf), GENERATE(1u, 2u, 4u, 8u, 15u));
    SECTION("of a refusal")
    {
        CHECK(create(refused_attr(), common) == -EINVAL);
        CHECK(std::strcmp(buf, "Invalid numa_node.\n") == 0);
        CHECK(common.log_true_size == refused_size);
    }
    SECTION("of a refusal, its size only where the attributes have room for it")
    {
        CHECK(create(refused_attr(), &common, 16) == -EINVAL);
        CHECK(std::strcmp(buf, "Invalid numa_node.\n") == 0);
        CHECK(common.log_true_size == 777);
    }
    SECTION("of a success: there is none")
    {
        CHECK(create(array_attr(), common) == 3);
        CHECK(sys::close(3) == 0);
        CHECK(std::strcmp(buf, "untouched") == 0);
        CHECK(common.log_true_size == 0);
    }
    SECTION("only its size without a buffer")
    {
        common.log_buf = common.log_size = 0;
        CHECK(create(refused_attr(), common) == -EINVAL);
        CHECK(common.log_true_size == refused_size);
    }
}

TEST_CASE("common attributes: a buffer that is too small or not writable decides the errno")
{
    char buf[64] = "untouched";
    model_kernel kernel(since);
    SECTION("exactly enough is enough")
    {
        CHECK(create(refused_attr(), common_attributes(buf, refused_size, 1)) == -EINVAL);
        CHECK(std::strcmp(buf, "Invalid numa_node.\n") == 0);
    }
    SECTION("the end is kept")
    {
        const common_attr common = common_attributes(buf, 6, 1);
        CHECK(create(refused_attr(), common) == -ENOSPC);
        CHECK(std::strcmp(buf, "ode.\n") == 0);
        CHECK(common.log_true_size == refused_size);
    }
    SECTION("the beginning is kept in a fixed log")
    {
        CHECK(create(refused_attr(), common_attributes(buf, 6, 9)) == -ENOSPC);
        CHECK(std::strcmp(buf, "Inval") == 0);
    }
    SECTION("EFAULT for a buffer that is not writable")
    {
        CHECK(create(refused_attr(), common_attributes(reinterpret_cast<char *>(8), 64, 1)) == -EFAULT);
    }
    SECTION("EFAULT for attributes that are not writable, and no map")
    {
        static const common_attr constant = {};
        CHECK(create(array_attr(), &constant, 24) == -EFAULT);
    }
}

TEST_CASE("common attributes: each refusal that has a message has its own")
{
    struct row {
        size_t offset;
        uint32_t value;
        const char *text;
    };
    const row one = GENERATE(values<row>({
        {attr_size, 1, "Invalid attr.\n"},
        {60, 1, "btf_vmlinux_value_type_id can only be used with struct_ops maps.\n"},
        {52, 1, "Invalid btf_value_type_id.\n"},
        {64, 1, "Invalid map_extra.\n"},
        {0, first_unknown_type, "Invalid map_type.\n"},
        {28, '-', "Invalid map_name.\n"},
        {56, 1, "Invalid btf_fd.\n"},
        {88, 31, "Invalid excl_prog_hash_size.\n"},
        {0, 0, ""},
        {4, 8, ""},
        {16, BAREBPF_F_NO_PREALLOC, ""},
    }));
    CAPTURE(one.offset);
    map_create_attr attr = array_attr();
    std::memcpy(reinterpret_cast<char *>(&attr) + one.offset, &one.value, sizeof(one.value));
    char buf[100] = "";
    model_kernel kernel(since);
    const common_attr common = common_attributes(buf, sizeof(buf), 1);
    CHECK(create(attr, &common, 24, sizeof(attr)) == -EINVAL);
    CHECK(buf == std::string(one.text));
}
