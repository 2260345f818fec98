// SPDX-License-Identifier: BSD-2-Clause
#include <cerrno>
#include <cstring>
#include <vector>

#include "barebpf/bpf.h"
#include "lib/core/opts.h"
#include "script.h"
#include "test/catch.h"

using namespace barebpf::test;

namespace
{

// A caller's opts of any size, as bytes: every member known here has a value of its own.
class caller
{
public:
    explicit caller(size_t sz) : bytes(sz < sizeof(opts) ? sizeof(opts) : sz)
    {
        opts.sz = sz;
        opts.btf_fd = 0x11111111;
        opts.btf_key_type_id = 0x22222222;
        opts.btf_value_type_id = 0x33333333;
        opts.btf_vmlinux_value_type_id = 0x44444444;
        opts.inner_map_fd = 0x55555555;
        opts.map_flags = 0x66666666;
        opts.map_extra = 0x7777777788888888;
        opts.numa_node = 0x99999999;
        opts.map_ifindex = 0xaaaaaaaa;
        opts.value_type_btf_obj_fd = 0x3bbbbbbb;
        opts.token_fd = 0xcccccccc;
        opts.excl_prog_hash = &opts;
        opts.excl_prog_hash_size = 0xdddddddd;
        std::memcpy(bytes.data(), &opts, sizeof(opts));
    }

    char &operator[](size_t offset) { return bytes[offset]; }

    int create() const
    {
        script({result(3)});
        return bpf_map_create(BPF_MAP_TYPE_ARRAY, nullptr, 4, 4, 1,
                              reinterpret_cast<const bpf_map_create_opts *>(bytes.data()));
    }

private:
    bpf_map_create_opts opts{};
    std::vector<char> bytes;
};

constexpr size_t end_of_log_opts = offsetof(bpf_map_create_opts, log_opts) + sizeof(void *);

} // namespace

TEST_CASE("opts: NULL is all zero")
{
    script({result(3)});
    CHECK(bpf_map_create(BPF_MAP_TYPE_ARRAY, nullptr, 4, 4, 1, nullptr) == 3);
    CHECK(barebpf::all_zero(&recorded_calls()[0].attr, 16, sizeof(recorded_calls()[0].attr)));
}

TEST_CASE("opts: every member reaches its place in the attr")
{
    caller caller(sizeof(bpf_map_create_opts));
    REQUIRE(caller.create() == 3);
    const barebpf::map_create_attr &attr = recorded_calls()[0].attr;
    CHECK(attr.btf_fd == 0x11111111);
    CHECK(attr.btf_key_type_id == 0x22222222);
    CHECK(attr.btf_value_type_id == 0x33333333);
    CHECK(attr.btf_vmlinux_value_type_id == 0x44444444);
    CHECK(attr.inner_map_fd == 0x55555555);
    CHECK(attr.map_flags == 0x66666666);
    CHECK(attr.map_extra == 0x7777777788888888);
    CHECK(attr.numa_node == 0x99999999);
    CHECK(attr.map_ifindex == 0xaaaaaaaa);
    CHECK(attr.value_type_btf_obj_fd == 0x3bbbbbbb);
    CHECK(attr.map_token_fd == static_cast<int>(0xcccccccc));
    CHECK(attr.excl_prog_hash != 0);
    CHECK(attr.excl_prog_hash_size == 0xdddddddd);
}

TEST_CASE("opts: a member is used only when sz covers it whole")
{
    const size_t sz = GENERATE(range(sizeof(size_t), sizeof(bpf_map_create_opts) + 1));
    caller caller(sz);
    REQUIRE(caller.create() == 3);
    const barebpf::map_create_attr &attr = recorded_calls()[0].attr;
    const auto covered = [sz](size_t offset, size_t size) { return offset + size <= sz; };
#define CHECK_COVERED(member, field) \
    CHECK((attr.field != 0) == \
          covered(offsetof(bpf_map_create_opts, member), sizeof(bpf_map_create_opts::member)))
    CHECK_COVERED(btf_fd, btf_fd);
    CHECK_COVERED(btf_key_type_id, btf_key_type_id);
    CHECK_COVERED(btf_value_type_id, btf_value_type_id);
    CHECK_COVERED(btf_vmlinux_value_type_id, btf_vmlinux_value_type_id);
    CHECK_COVERED(inner_map_fd, inner_map_fd);
    CHECK_COVERED(map_flags, map_flags);
    CHECK_COVERED(map_extra, map_extra);
    CHECK_COVERED(numa_node, numa_node);
    CHECK_COVERED(map_ifindex, map_ifindex);
    CHECK_COVERED(value_type_btf_obj_fd, value_type_btf_obj_fd);
    CHECK_COVERED(token_fd, map_token_fd);
    CHECK_COVERED(excl_prog_hash, excl_prog_hash);
    CHECK_COVERED(excl_prog_hash_size, excl_prog_hash_size);
#undef CHECK_COVERED
}

TEST_CASE("opts: a caller from the future")
{
    const size_t sz = GENERATE(end_of_log_opts + 1, end_of_log_opts + 8, size_t{200}, size_t{4096});
    caller caller(sz);
    SECTION("is accepted if what we do not know is zero")
    {
        CHECK(caller.create() == 3);
    }
    SECTION("is refused, before any system call, if its first or last new byte is set")
    {
        for (const size_t offset : {end_of_log_opts, sz - 1}) {
            caller[offset] = 1;
            CHECK(caller.create() == -EINVAL);
            CHECK(recorded_calls().empty());
            caller[offset] = 0;
        }
    }
}

TEST_CASE("opts: bytes beyond sz are never read")
{
    caller caller(48);
    for (size_t i = 48; i < sizeof(bpf_map_create_opts); i++)
        caller[i] = 1;
    CHECK(caller.create() == 3);
    CHECK(recorded_calls()[0].attr.excl_prog_hash_size == 0);
    CHECK(recorded_calls()[0].attr.map_token_fd ==
          (offsetof(bpf_map_create_opts, token_fd) < 48 ? -0x33333334 : 0));
}

namespace
{

// Options whose last member takes the place of padding.
struct small_opts {
    size_t sz;
    uint32_t flags, fd;
    const void *path;
    uint32_t mode, added;
};
struct small_attr {
    uint64_t path;
    uint32_t flags, fd, mode, added;
};
#define SMALL_PLACE(member) BAREBPF_PLACE(small_opts, member, small_attr, member)
constexpr barebpf::place end_place = {0, sizeof(small_opts), 0};
constexpr barebpf::place path_place = BAREBPF_POINTER_PLACE(small_opts, path, small_attr, path);

constexpr barebpf::place whole[] = {SMALL_PLACE(flags), SMALL_PLACE(fd),    path_place,
                                    SMALL_PLACE(mode),  SMALL_PLACE(added), end_place};
constexpr barebpf::place without_last[] = {SMALL_PLACE(flags), SMALL_PLACE(fd), path_place, SMALL_PLACE(mode),
                                           end_place};
constexpr barebpf::place with_one_twice[] = {SMALL_PLACE(flags), SMALL_PLACE(flags), path_place,
                                             SMALL_PLACE(mode),  SMALL_PLACE(added), end_place};
constexpr barebpf::place with_one_target[] = {
    SMALL_PLACE(flags), BAREBPF_PLACE(small_opts, fd, small_attr, flags),
    path_place,         SMALL_PLACE(mode),
    SMALL_PLACE(added), end_place};
constexpr barebpf::place ending_early[] = {SMALL_PLACE(flags), SMALL_PLACE(fd),    path_place,
                                           SMALL_PLACE(mode),  SMALL_PLACE(added), {0, sizeof(size_t), 0}};
#undef SMALL_PLACE

} // namespace

TEST_CASE("opts: a table reads every member of the struct, each into a member of its own")
{
    using barebpf::reads_all;
    CHECK(reads_all<small_opts, small_attr>(whole));
    CHECK(!reads_all<small_opts, small_attr>(whole, 1));
    CHECK(!reads_all<small_opts, small_attr>(without_last));
    CHECK(reads_all<small_opts, small_attr>(without_last, 1));
    CHECK(!reads_all<small_opts, small_attr>(with_one_twice));
    CHECK(!reads_all<small_opts, small_attr>(with_one_target));
    CHECK(!reads_all<small_opts, small_attr>(ending_early));
}

TEST_CASE("opts: LIBBPF_OPTS zeroes every member not given, and padding")
{
    char dirt[sizeof(bpf_map_create_opts)];
    std::memset(dirt, 0xff, sizeof(dirt));
    LIBBPF_OPTS(bpf_map_create_opts, opts, .map_flags = 5, .btf_fd = 7);
    CHECK(opts.sz == sizeof(opts));
    CHECK(opts.map_flags == 5);
    CHECK(opts.btf_fd == 7);
    opts.map_flags = opts.btf_fd = 0;
    CHECK(barebpf::all_zero(&opts, sizeof(size_t), sizeof(opts)));

    std::memcpy(&opts, dirt, sizeof(dirt));
    LIBBPF_OPTS_RESET(opts, .numa_node = opts.numa_node, .map_extra = 2);
    CHECK(opts.sz == sizeof(opts));
    CHECK(opts.numa_node == 0xffffffff);
    CHECK(opts.map_extra == 2);
    opts.numa_node = 0;
    opts.map_extra = 0;
    CHECK(barebpf::all_zero(&opts, sizeof(size_t), sizeof(opts)));
}
