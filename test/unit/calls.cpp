// SPDX-License-Identifier: BSD-2-Clause
#include <cerrno>
#include <cstring>
#include <linux/fcntl.h>
#include <string>

#include "barebpf/barebpf.h"
#include "barebpf/bpf.h"
#include "script.h"
#include "test/catch.h"

using namespace barebpf::test;

namespace
{

const char key[] = "key", next_key[] = "next", path[] = "/somewhere/map";
char value[64], out_batch[8];
uint32_t count, next_id;
uint64_t info[11];
uint32_t info_size;

// The bytes of a command's attr, built from the offsets of the kernel's union bpf_attr.
struct bytes {
    std::string text;

    bytes &number(size_t offset, uint32_t of)
    {
        std::memcpy(&text[offset], &of, sizeof(of));
        return *this;
    }
    bytes &pointer(size_t offset, const void *to)
    {
        const uint64_t address = reinterpret_cast<uintptr_t>(to);
        std::memcpy(&text[offset], &address, sizeof(address));
        return *this;
    }
};

bytes zero(size_t size)
{
    return {std::string(size, '\0')};
}

// A call, the request it must make, and whether it returns a descriptor.
struct call {
    const char *name;
    std::function<int()> make;
    long command;
    bytes attr;
    bool makes_fd = false;
};

bytes element(const void *value_there, uint32_t flags)
{
    return zero(32).number(0, 9).pointer(8, key).pointer(16, value_there).number(24, flags);
}

bytes batch(const void *from, const void *next, const void *keys, const void *values, uint32_t elem_flags)
{
    return zero(56)
        .pointer(0, from)
        .pointer(8, next)
        .pointer(16, keys)
        .pointer(24, values)
        .number(32, 3)
        .number(36, 9)
        .number(40, elem_flags);
}

template <typename function> std::function<int()> counted(function made)
{
    return [made] {
        count = 3;
        return made();
    };
}

template <typename function> std::function<int()> sized(function made)
{
    return [made] {
        info_size = sizeof(info);
        return made();
    };
}

std::vector<call> element_calls()
{
    return {
        {"bpf_map_update_elem", [] { return bpf_map_update_elem(9, key, value, 5); }, 2, element(value, 5)},
        {"barebpf_map_update_elem", [] { return barebpf_map_update_elem(9, key, value, 5); }, 2,
         element(value, 5)},
        {"bpf_map_lookup_elem", [] { return bpf_map_lookup_elem(9, key, value); }, 1, element(value, 0)},
        {"bpf_map_lookup_elem_flags", [] { return bpf_map_lookup_elem_flags(9, key, value, 4); }, 1,
         element(value, 4)},
        {"barebpf_map_lookup_elem", [] { return barebpf_map_lookup_elem(9, key, value, 4); }, 1,
         element(value, 4)},
        {"bpf_map_lookup_and_delete_elem", [] { return bpf_map_lookup_and_delete_elem(9, key, value); }, 21,
         element(value, 0)},
        {"bpf_map_lookup_and_delete_elem_flags",
         [] { return bpf_map_lookup_and_delete_elem_flags(9, key, value, 4); }, 21, element(value, 4)},
        {"barebpf_map_lookup_and_delete_elem",
         [] { return barebpf_map_lookup_and_delete_elem(9, key, value, 4); }, 21, element(value, 4)},
        {"bpf_map_delete_elem", [] { return bpf_map_delete_elem(9, key); }, 3, element(nullptr, 0)},
        {"bpf_map_delete_elem_flags", [] { return bpf_map_delete_elem_flags(9, key, 6); }, 3,
         element(nullptr, 6)},
        {"barebpf_map_delete_elem", [] { return barebpf_map_delete_elem(9, key); }, 3, element(nullptr, 0)},
        {"bpf_map_get_next_key", [] { return bpf_map_get_next_key(9, key, value); }, 4,
         zero(24).number(0, 9).pointer(8, key).pointer(16, value)},
        {"barebpf_map_get_next_key", [] { return barebpf_map_get_next_key(9, key, value); }, 4,
         zero(24).number(0, 9).pointer(8, key).pointer(16, value)},
        {"bpf_map_freeze", [] { return bpf_map_freeze(9); }, 22, zero(4).number(0, 9)},
        {"barebpf_map_freeze", [] { return barebpf_map_freeze(9); }, 22, zero(4).number(0, 9)},
    };
}

std::vector<call> batch_calls()
{
    static bpf_map_batch_opts opts;
    opts = {sizeof(opts), 4, 0};
    void *keys = const_cast<char *>(key);
    return {
        {"bpf_map_update_batch", counted([] { return bpf_map_update_batch(9, key, value, &count, &opts); }),
         26, batch(nullptr, nullptr, key, value, 4)},
        {"bpf_map_update_batch, no opts",
         counted([] { return bpf_map_update_batch(9, key, value, &count, nullptr); }), 26,
         batch(nullptr, nullptr, key, value, 0)},
        {"barebpf_map_update_batch",
         counted([] { return barebpf_map_update_batch(9, key, value, &count, 4); }), 26,
         batch(nullptr, nullptr, key, value, 4)},
        {"bpf_map_delete_batch", counted([] { return bpf_map_delete_batch(9, key, &count, &opts); }), 27,
         batch(nullptr, nullptr, key, nullptr, 4)},
        {"barebpf_map_delete_batch", counted([] { return barebpf_map_delete_batch(9, key, &count, 4); }), 27,
         batch(nullptr, nullptr, key, nullptr, 4)},
        {"bpf_map_lookup_batch",
         counted([=] { return bpf_map_lookup_batch(9, out_batch, out_batch, keys, value, &count, &opts); }),
         24, batch(out_batch, out_batch, key, value, 4)},
        {"barebpf_map_lookup_batch",
         counted([=] { return barebpf_map_lookup_batch(9, next_key, out_batch, keys, value, &count, 4); }),
         24, batch(next_key, out_batch, key, value, 4)},
        {"bpf_map_lookup_and_delete_batch", counted([=] {
             return bpf_map_lookup_and_delete_batch(9, nullptr, out_batch, keys, value, &count, nullptr);
         }),
         25, batch(nullptr, out_batch, key, value, 0)},
        {"barebpf_map_lookup_and_delete_batch", counted([=] {
             return barebpf_map_lookup_and_delete_batch(9, nullptr, out_batch, keys, value, &count, 4);
         }),
         25, batch(nullptr, out_batch, key, value, 4)},
    };
}

std::vector<call> object_calls()
{
    const bytes described = zero(16).number(0, 9).number(4, sizeof(info)).pointer(8, info);
    auto *map_info = reinterpret_cast<struct bpf_map_info *>(info);
    auto *btf_info = reinterpret_cast<struct bpf_btf_info *>(info);
    static struct bpf_obj_pin_opts pin_opts;
    pin_opts = {sizeof(pin_opts), 0x4000, 8};
    static struct bpf_obj_get_opts get_opts;
    get_opts = {sizeof(get_opts), 0x4008, 8};
    static bpf_get_fd_by_id_opts id_opts;
    id_opts = {sizeof(id_opts), 0x10, 8};
    return {
        {"bpf_obj_pin", [] { return bpf_obj_pin(9, path); }, 6, zero(20).pointer(0, path).number(8, 9)},
        {"bpf_obj_pin_opts", [] { return bpf_obj_pin_opts(9, path, &pin_opts); }, 6,
         zero(20).pointer(0, path).number(8, 9).number(12, 0x4000).number(16, 8)},
        {"barebpf_obj_pin", [] { return barebpf_obj_pin(9, path); }, 6,
         zero(20).pointer(0, path).number(8, 9)},
        {"bpf_obj_get", [] { return bpf_obj_get(path); }, 7, zero(20).pointer(0, path), true},
        {"bpf_obj_get_opts", [] { return bpf_obj_get_opts(path, &get_opts); }, 7,
         zero(20).pointer(0, path).number(12, 0x4008).number(16, 8), true},
        {"barebpf_obj_get", [] { return barebpf_obj_get(path); }, 7, zero(20).pointer(0, path), true},
        {"bpf_obj_get_info_by_fd", sized([] { return bpf_obj_get_info_by_fd(9, info, &info_size); }), 15,
         described},
        {"bpf_map_get_info_by_fd", sized([=] { return bpf_map_get_info_by_fd(9, map_info, &info_size); }), 15,
         described},
        {"bpf_btf_get_info_by_fd", sized([=] { return bpf_btf_get_info_by_fd(9, btf_info, &info_size); }), 15,
         described},
        {"barebpf_obj_get_info_by_fd", sized([] { return barebpf_obj_get_info_by_fd(9, info, &info_size); }),
         15, described},
        {"bpf_map_get_next_id", [] { return bpf_map_get_next_id(9, &next_id); }, 12, zero(12).number(0, 9)},
        {"bpf_map_get_fd_by_id", [] { return bpf_map_get_fd_by_id(9); }, 14, zero(12).number(0, 9), true},
        {"bpf_map_get_fd_by_id_opts", [] { return bpf_map_get_fd_by_id_opts(9, &id_opts); }, 14,
         zero(12).number(0, 9).number(8, 0x10), true},
        {"bpf_btf_get_fd_by_id", [] { return bpf_btf_get_fd_by_id(9); }, 19, zero(16).number(0, 9), true},
        {"bpf_btf_get_fd_by_id_opts", [] { return bpf_btf_get_fd_by_id_opts(9, &id_opts); }, 19,
         zero(16).number(0, 9).number(8, 0x10).number(12, 8), true},
        {"bpf_token_create", [] { return bpf_token_create(9, nullptr); }, 36, zero(8).number(4, 9), true},
        {"bpf_btf_load", [] { return bpf_btf_load(value, 9, nullptr); }, 18,
         zero(40).pointer(0, value).number(16, 9), true},
    };
}

std::vector<call> all_calls()
{
    std::vector<call> all = element_calls();
    for (const std::vector<call> &more : {batch_calls(), object_calls()})
        all.insert(all.end(), more.begin(), more.end());
    return all;
}

std::string attr_of(const system_call &made)
{
    return {reinterpret_cast<const char *>(made.arguments[1]), static_cast<size_t>(made.arguments[2])};
}

// The kernel's answer to bpf(2), which also writes a number into the attr.
answer writing(size_t offset, uint32_t number, long result)
{
    return [=](const system_call &made) {
        std::memcpy(reinterpret_cast<char *>(made.arguments[1]) + offset, &number, sizeof(number));
        return result;
    };
}

constexpr int untouched = 9999;

} // namespace

TEST_CASE("calls: each makes one system call, with the bytes of its command and no more")
{
    for (const call &one : all_calls()) {
        INFO(one.name);
        script({[&](const system_call &made) {
            CHECK(made.nr == __NR_bpf);
            CHECK(made.arguments[0] == one.command);
            CHECK(attr_of(made) == one.attr.text);
            return one.makes_fd ? 7 : 0;
        }});
        errno = untouched;
        CHECK(one.make() == (one.makes_fd ? 7 : 0));
        CHECK(errno == untouched);
        CHECK(recorded_calls().size() == 1);
    }
}

TEST_CASE("calls: each returns every error, without a second system call")
{
    for (const call &one : all_calls()) {
        for (int error = 1; error <= 4095; error = error == 133 ? 524 : error == 524 ? 4095 : error + 1) {
            INFO(one.name << ", " << error);
            script({result(-error)});
            errno = 0;
            CHECK(one.make() == -error);
            CHECK(errno == error);
            CHECK(recorded_calls().size() == 1);
        }
    }
}

TEST_CASE("calls: a descriptor of 0 to 2 is moved, close-on-exec, and closed")
{
    for (const call &one : all_calls()) {
        if (!one.makes_fd)
            continue;
        for (int low = 0; low <= 2; low++) {
            INFO(one.name << ", " << low);
            script({result(low), result(11), result(0)});
            errno = untouched;
            CHECK(one.make() == 11);
            CHECK(errno == untouched);
            REQUIRE(recorded_calls().size() == 3);
            CHECK(recorded_calls()[1].arguments[0] == low);
            CHECK(recorded_calls()[1].arguments[1] == F_DUPFD_CLOEXEC);
            CHECK(recorded_calls()[1].arguments[2] == 3);
            CHECK(recorded_calls()[2].nr == __NR_close);
            CHECK(recorded_calls()[2].arguments[0] == low);
        }
    }
}

TEST_CASE("calls: a descriptor that cannot be moved is closed all the same")
{
    for (const call &one : all_calls()) {
        if (!one.makes_fd)
            continue;
        INFO(one.name);
        script({result(1), result(-EMFILE), result(0)});
        CHECK(one.make() == -EMFILE);
        CHECK(errno == EMFILE);
        REQUIRE(recorded_calls().size() == 3);
        CHECK(recorded_calls()[2].nr == __NR_close);
        CHECK(recorded_calls()[2].arguments[0] == 1);
    }
}

TEST_CASE("batches: the count is the kernel's, after success and after failure")
{
    for (const call &one : batch_calls()) {
        INFO(one.name);
        script({writing(32, 2, 0)});
        CHECK(one.make() == 0);
        CHECK(count == 2);
        script({writing(32, 1, -ENOENT)});
        CHECK(one.make() == -ENOENT);
        CHECK(count == 1);
    }
}

TEST_CASE("batches: a count is unchanged if the options are refused")
{
    bpf_map_batch_opts opts{4, 0, 0};
    script({});
    count = 3;
    CHECK(bpf_map_update_batch(9, key, value, &count, &opts) == -EINVAL);
    CHECK(count == 3);
    CHECK(recorded_calls().empty());
}

TEST_CASE("info: the size is the kernel's after success only")
{
    for (const call &one : object_calls()) {
        if (one.command != 15)
            continue;
        INFO(one.name);
        script({writing(4, 40, 0)});
        CHECK(one.make() == 0);
        CHECK(info_size == 40);
        script({writing(4, 40, -EFAULT)});
        CHECK(one.make() == -EFAULT);
        CHECK(info_size == sizeof(info));
    }
}

TEST_CASE("next id: the number is the kernel's after success only")
{
    next_id = 1;
    script({writing(4, 40, -ENOENT)});
    CHECK(bpf_map_get_next_id(9, &next_id) == -ENOENT);
    CHECK(next_id == 1);
    script({writing(4, 40, 0)});
    CHECK(bpf_map_get_next_id(9, &next_id) == 0);
    CHECK(next_id == 40);
}

TEST_CASE("BTF: a log is requested with a level, or after a refusal")
{
    char log[32];
    bpf_btf_load_opts opts;
    std::memset(&opts, 0, sizeof(opts));
    opts.sz = sizeof(opts);
    opts.log_buf = log;
    opts.log_size = sizeof(log);
    opts.log_true_size = 99;
    const std::string plain = zero(40).pointer(0, value).number(16, 9).text;
    SECTION("at once with a level")
    {
        opts.log_level = 2;
        script({[&](const system_call &made) {
            CHECK(attr_of(made) ==
                  zero(40).pointer(0, value).pointer(8, log).number(16, 9).number(20, 32).number(24, 2).text);
            return writing(28, 12, -EINVAL)(made);
        }});
        CHECK(bpf_btf_load(value, 9, &opts) == -EINVAL);
        CHECK(recorded_calls().size() == 1);
        CHECK(opts.log_true_size == 12);
    }
    SECTION("not without a level if the BTF is valid")
    {
        script({[&](const system_call &made) {
            CHECK(attr_of(made) == plain);
            return 7;
        }});
        CHECK(bpf_btf_load(value, 9, &opts) == 7);
        CHECK(opts.log_true_size == 0);
    }
    SECTION("without a level in a second request if it is invalid")
    {
        script({[&](const system_call &made) {
                    CHECK(attr_of(made) == plain);
                    return -EINVAL;
                },
                [&](const system_call &made) {
                    CHECK(attr_of(made) == zero(40)
                                               .pointer(0, value)
                                               .pointer(8, log)
                                               .number(16, 9)
                                               .number(20, 32)
                                               .number(24, 1)
                                               .text);
                    return writing(28, 12, -ENOSPC)(made);
                }});
        CHECK(bpf_btf_load(value, 9, &opts) == -ENOSPC);
        CHECK(recorded_calls().size() == 2);
        CHECK(opts.log_true_size == 12);
    }
    SECTION("never without a buffer")
    {
        opts.log_buf = nullptr;
        script({});
        CHECK(bpf_btf_load(value, 9, &opts) == -EINVAL);
        CHECK(opts.log_true_size == 99);
    }
}

TEST_CASE("BTF: a size of more than 32 bits is refused")
{
    if (sizeof(size_t) == 4)
        return;
    script({});
    CHECK(bpf_btf_load(value, static_cast<size_t>(UINT32_MAX) + 1, nullptr) == -E2BIG);
    CHECK(recorded_calls().empty());
}

TEST_CASE("BTF: a descriptor that cannot be moved counts as a refusal, as with libbpf")
{
    char log[32];
    bpf_btf_load_opts opts;
    std::memset(&opts, 0, sizeof(opts));
    opts.sz = sizeof(opts);
    opts.log_buf = log;
    opts.log_size = sizeof(log);
    script({result(1), result(-EMFILE), result(0), result(7)});
    CHECK(bpf_btf_load(value, 9, &opts) == 7);
    CHECK(recorded_calls().size() == 4);
}
