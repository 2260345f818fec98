// SPDX-License-Identifier: BSD-2-Clause
#include <algorithm>
#include <cerrno>
#include <cstring>
#include <string>

#include "barebpf/bpf.h"
#include "barebpf/barebpf.h"
#include "lib/core/known.h"
#include "script.h"
#include "test/catch.h"
#include "test/numbers.h"

using namespace barebpf::test;

namespace
{

constexpr int untouched = 12345;

// A kernel known to have names, so that none is given up.
void script_modern(std::vector<answer> answers)
{
    script(answers);
    barebpf::learned.names.learn(barebpf::known::yes);
}

int create_hash(const bpf_map_create_opts *opts = nullptr, const char *name = "name")
{
    errno = untouched;
    return bpf_map_create(BPF_MAP_TYPE_HASH, name, 4, 8, 16, opts);
}

// Expects system call `index` to be BPF_MAP_CREATE with our attr, without a log.
void check_plain_create(size_t index)
{
    REQUIRE(recorded_calls().size() > index);
    const system_call &create = recorded_calls()[index];
    CHECK(create.nr == __NR_bpf);
    CHECK(create.arguments[0] == BPF_MAP_CREATE);
    CHECK(create.arguments[1] != 0);
    CHECK(create.arguments[2] == attr_size); // without BPF_COMMON_ATTRS the kernel reads no other argument
}

// The fcntl and the close that keep descriptors 0 to 2 free.
void check_moved(size_t index, int fd)
{
    REQUIRE(recorded_calls().size() == index + 2);
    CHECK(recorded_calls()[index].arguments[0] == fd);
    CHECK(recorded_calls()[index].arguments[1] == F_DUPFD_CLOEXEC);
    CHECK(recorded_calls()[index].arguments[2] == 3);
    CHECK(recorded_calls()[index + 1].nr == __NR_close);
    CHECK(recorded_calls()[index + 1].arguments[0] == fd);
}

} // namespace

TEST_CASE("create: normally there is one bpf(2) call")
{
    const auto names = GENERATE(barebpf::known::unknown, barebpf::known::yes);
    script({result(7)});
    barebpf::learned.names.learn(names);
    dirty_stack();
    CHECK(create_hash() == 7);
    CHECK(errno == untouched);
    CHECK(recorded_calls().size() == 1);
    check_plain_create(0);
    CHECK(recorded_calls()[0].attr.map_type == BPF_MAP_TYPE_HASH);
    CHECK(recorded_calls()[0].attr.key_size == 4);
    CHECK(recorded_calls()[0].attr.value_size == 8);
    CHECK(recorded_calls()[0].attr.max_entries == 16);
    CHECK(std::strcmp(recorded_calls()[0].attr.map_name, "name") == 0);
}

TEST_CASE("create: every errno of the kernel reaches the caller, and errno")
{
    const int error = GENERATE(EINVAL, E2BIG, ENOMEM, EBADF, EACCES, EFAULT, ENOSPC, EMFILE, ENFILE, ENOSYS,
                               enotsupp, EOPNOTSUPP, ERANGE, EAGAIN, EINTR, 4095);
    script_modern({result(-error)});
    CHECK(create_hash() == -error);
    CHECK(errno == error);
    CHECK(recorded_calls().size() == 1);
}

TEST_CASE("create: descriptors 0 to 2 are moved, the old one closed")
{
    const int fd = GENERATE(0, 1, 2);
    const auto names = GENERATE(barebpf::known::unknown, barebpf::known::yes);
    const auto script = [names](std::vector<answer> answers) {
        barebpf::test::script(answers);
        barebpf::learned.names.learn(names);
    };
    SECTION("and the new one returned")
    {
        script({result(fd), result(5), result(0)});
        CHECK(create_hash() == 5);
        CHECK(errno == untouched);
        check_moved(1, fd);
    }
    SECTION("also if moving fails, whose errno the caller gets")
    {
        script({result(fd), result(-EMFILE), result(0)});
        CHECK(create_hash() == -EMFILE);
        CHECK(errno == EMFILE);
        check_moved(1, fd);
    }
    SECTION("and a close that fails changes nothing")
    {
        script({result(fd), result(5), result(-EINTR)});
        CHECK(create_hash() == 5);
        CHECK(errno == untouched);
        check_moved(1, fd);
    }
}

TEST_CASE("create: the call depends on nothing that the stack held")
{
    SECTION("whether there is a log: without options")
    {
        script({result(7)});
        dirty_stack();
        CHECK(bpf_map_create(BPF_MAP_TYPE_HASH, "name", 4, 8, 16, nullptr) == 7);
        check_plain_create(0);
    }
    SECTION("whether there is a log: with options that end before it")
    {
        bpf_map_create_opts opts{};
        opts.sz = 48;
        script({result(7)});
        dirty_stack();
        CHECK(bpf_map_create(BPF_MAP_TYPE_HASH, "name", 4, 8, 16, &opts) == 7);
        check_plain_create(0);
    }
    SECTION("whether a limit is to be put back")
    {
        script_modern({result(-EINVAL)});
        dirty_stack();
        CHECK(bpf_map_create(BPF_MAP_TYPE_HASH, "name", 4, 8, 16, nullptr) == -EINVAL);
        CHECK(recorded_calls().size() == 1);
    }
    SECTION("whether a limit can be raised")
    {
        const answer limit = [](const system_call &call) -> long {
            REQUIRE(call.nr == __NR_prlimit64);
            REQUIRE(call.arguments[2] == 0);
            *reinterpret_cast<barebpf::sys::rlimit *>(call.arguments[3]) = {64, 128};
            return 0;
        };
        script_modern({result(-EPERM), limit, result(0), result(7)});
        dirty_stack();
        CHECK(bpf_map_create(BPF_MAP_TYPE_HASH, "name", 4, 8, 16, nullptr) == 7);
        CHECK(recorded_calls().size() == 4);
    }
}

TEST_CASE("create: opts are checked before anything else happens")
{
    bpf_map_create_opts opts{};
    opts.sz = GENERATE(size_t{0}, size_t{1}, sizeof(size_t) - 1, size_t{4097}, SIZE_MAX);
    script({});
    CHECK(create_hash(&opts) == -EINVAL);
    CHECK(errno == EINVAL);
    CHECK(recorded_calls().empty());
}

TEST_CASE("create: of a name of any length 15 bytes are passed, and zeros after it")
{
    const std::string all = "abcdefghijklmnopqr";
    const auto names = GENERATE(barebpf::known::unknown, barebpf::known::yes);
    const size_t length = GENERATE_REF(range(size_t{0}, all.size() + 1));
    LIBBPF_OPTS(bpf_map_create_opts, opts, .map_ifindex = 0x01020304, .numa_node = 0x05060708);
    std::string expected = all.substr(0, std::min<size_t>(length, 15));
    expected.resize(16);
    script({result(7)});
    barebpf::learned.names.learn(names);
    REQUIRE(create_hash(&opts, all.substr(0, length).c_str()) == 7);
    CHECK(std::string(recorded_calls()[0].attr.map_name, 16) == expected);
    CHECK(recorded_calls()[0].attr.numa_node == 0x05060708);
    CHECK(recorded_calls()[0].attr.map_ifindex == 0x01020304);
}

TEST_CASE("create: a name is truncated to 15 bytes and may be absent")
{
    script({result(3)});
    SECTION("NULL is no name")
    {
        create_hash(nullptr, nullptr);
        CHECK(std::string(recorded_calls()[0].attr.map_name, 16) == std::string(16, '\0'));
    }
    SECTION("15 bytes stay whole")
    {
        create_hash(nullptr, "abcdefghijklmno");
        CHECK(std::string(recorded_calls()[0].attr.map_name, 16) == std::string("abcdefghijklmno\0", 16));
    }
    SECTION("a longer one is truncated, and ends with NUL")
    {
        create_hash(nullptr, "abcdefghijklmnopqrstuvwxyz");
        CHECK(std::string(recorded_calls()[0].attr.map_name, 16) == std::string("abcdefghijklmno\0", 16));
    }
    SECTION("nothing after its end is copied")
    {
        const char name[16] = {'a', 'b', 0, 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', 'k', 'l', 'm', 'n', 'o'};
        create_hash(nullptr, name);
        CHECK(std::string(recorded_calls()[0].attr.map_name, 16) ==
              std::string("ab") + std::string(14, '\0'));
    }
}

namespace
{

struct logged_create {
    char buf[64] = "untouched";
    bpf_log_opts log;
    bpf_map_create_opts opts{};

    logged_create()
    {
        std::memset(&log, 0, sizeof(log)); // the padding at its end counts, and log{} may leave it as it is
        log.sz = sizeof(log);
        log.buf = buf;
        log.size = sizeof(buf);
        log.level = 1;
        log.true_size = 99;
        opts.sz = sizeof(opts);
        opts.log_opts = &log;
    }

    int operator()() { return create_hash(&opts); }
};

void check_logged_create(const bpf_log_opts &log)
{
    const system_call &create = recorded_calls()[0];
    CHECK(create.arguments[0] == (BPF_MAP_CREATE | BAREBPF_COMMON_ATTRS));
    CHECK(create.arguments[2] == attr_size);
    CHECK(create.arguments[4] == 24);
    CHECK(create.common.log_buf == reinterpret_cast<uintptr_t>(log.buf));
    CHECK(create.common.log_size == log.size);
    CHECK(create.common.log_level == log.level);
    CHECK(create.common.log_true_size == 0);
    CHECK(create.common.padding == 0);
}

// A kernel of 7.2: answers, and reports how long its message is.
answer result_with_log(long value, unsigned int true_size)
{
    return [=](const system_call &call) {
        reinterpret_cast<barebpf::common_attr *>(call.arguments[3])->log_true_size = true_size;
        return value;
    };
}

} // namespace

TEST_CASE("log: is passed in the one call when the kernel accepts it")
{
    logged_create create;
    script({result_with_log(6, 20)});
    CHECK(create() == 6);
    CHECK(recorded_calls().size() == 1);
    check_logged_create(create.log);
    CHECK(create.log.true_size == 20);
    CHECK(errno == untouched);
}

TEST_CASE("log: a kernel without logs creates the map, and true_size is 0")
{
    logged_create create;
    script({result(-EINVAL), result(6)});
    CHECK(create() == 6);
    CHECK(recorded_calls().size() == 2);
    check_logged_create(create.log);
    check_plain_create(1);
    CHECK(create.log.true_size == 0);
    CHECK(std::string(create.buf) == "untouched");
    CHECK(errno == untouched);
}

TEST_CASE("log: left out for a kernel known to have none, and true_size is 0")
{
    logged_create create;
    script({result(6)});
    barebpf::learned.common_attrs.learn(barebpf::known::no);
    CHECK(create() == 6);
    CHECK(recorded_calls().size() == 1);
    check_plain_create(0);
    CHECK(create.log.true_size == 0);
}

TEST_CASE("log: a failure has the errno it would have without a log")
{
    logged_create create;
    const int with_log = GENERATE(EINVAL, ENOSPC, EFAULT, EPERM, ENOSYS);
    script_modern({result_with_log(-with_log, 30), result(-E2BIG)});
    CHECK(create() == -E2BIG);
    CHECK(errno == E2BIG);
    CHECK(recorded_calls().size() == 2);
    check_plain_create(1);
    CHECK(create.log.true_size == 30);
}

TEST_CASE("log: descriptors 0 to 2 are moved after a logged create too")
{
    logged_create create;
    script({result(0), result(4), result(0)});
    CHECK(create() == 4);
    check_moved(1, 0);
}

TEST_CASE("log: its own sz is honoured")
{
    logged_create create;
    SECTION("too small is refused before any system call")
    {
        create.log.sz = GENERATE(size_t{0}, sizeof(size_t) - 1);
        script({});
        CHECK(create() == -EINVAL);
        CHECK(recorded_calls().empty());
    }
    SECTION("more than a page is refused before any system call")
    {
        create.log.sz = 4097;
        script({});
        CHECK(create() == -EINVAL);
        CHECK(recorded_calls().empty());
    }
    SECTION("a true_size that sz does not cover is not written")
    {
        create.log.sz = offsetof(bpf_log_opts, true_size) + 3;
        script({result_with_log(6, 20)});
        CHECK(create() == 6);
        CHECK(create.log.true_size == 99);
    }
    SECTION("a member that sz covers only in part counts as zero")
    {
        create.log.sz = offsetof(bpf_log_opts, level) + 3;
        script({result(6)});
        CHECK(create() == 6);
        CHECK(recorded_calls()[0].common.log_size == sizeof(create.buf));
        CHECK(recorded_calls()[0].common.log_level == 0);
    }
    SECTION("a set byte beyond the last member is refused before any system call")
    {
        struct {
            bpf_log_opts log;
            char beyond[8];
        } newer{create.log, {0, 0, 1}};
        newer.log.sz = sizeof(newer);
        create.opts.log_opts = &newer.log;
        script({});
        CHECK(create() == -EINVAL);
        CHECK(recorded_calls().empty());
    }
}

TEST_CASE("log: an opts struct that ends before log_opts has none")
{
    logged_create create;
    create.opts.sz = offsetof(bpf_map_create_opts, log_opts);
    script({result(6)});
    CHECK(create() == 6);
    check_plain_create(0);
    CHECK(create.log.true_size == 99);
}

TEST_CASE("log: a refusal proves that there are none only if every kernel with logs accepts it")
{
    struct row {
        bool with_buf;
        unsigned int size, level;
        bool proves;
    };
    const row one = GENERATE(values<row>({
        {true, 64, 1, true},
        {true, 1, 1, true},
        {true, 0x3fffffff, 15, true},
        {true, 0, 1, false},
        {true, 0x40000000, 1, false},
        {true, UINT32_MAX, 1, false},
        {true, 64, 0, false},
        {true, 64, 16, false},
        {true, 64, UINT32_MAX, false},
        {false, 64, 1, false},
        {false, 0, 0, false},
    }));
    CAPTURE(one.with_buf, one.size, one.level);
    logged_create create;
    create.log.buf = one.with_buf ? create.buf : nullptr;
    create.log.size = one.size;
    create.log.level = one.level;
    script({result(-EINVAL), result(6)});
    CHECK(create() == 6);
    CHECK(barebpf::learned.common_attrs.recall() ==
          (one.proves ? barebpf::known::no : barebpf::known::unknown));
}

TEST_CASE("log: a map created without it proves that there are none, whatever its descriptor")
{
    const long fd = GENERATE(0L, 1L, 3L);
    logged_create create;
    script_all([fd](const system_call &call) -> long {
        if (call.nr == __NR_bpf)
            return call.arguments[0] & BAREBPF_COMMON_ATTRS ? -EINVAL : fd;
        return call.nr == __NR_close ? 0 : 3;
    });
    CHECK(create() == 3);
    CHECK(barebpf::learned.common_attrs.recall() == barebpf::known::no);
}

TEST_CASE("log: a refusal with another errno, or of the map as well, proves nothing about logs")
{
    logged_create create;
    SECTION("another errno")
    {
        script({result(-GENERATE(EPERM, EFAULT, ENOSPC, E2BIG)), result(6)});
        CHECK(create() == 6);
    }
    SECTION("the map is refused as well")
    {
        script_modern({result(-EINVAL), result(-EINVAL)});
        CHECK(create() == -EINVAL);
    }
    CHECK(barebpf::learned.common_attrs.recall() == barebpf::known::unknown);
}

TEST_CASE("log: a map, or a message, that came with one proves that there are logs")
{
    logged_create create;
    SECTION("a map, whatever its descriptor")
    {
        const long fd = GENERATE(0L, 3L);
        script_all([fd](const system_call &call) { return call.nr == __NR_bpf ? fd : 3; });
        CHECK(create() == 3);
    }
    SECTION("a message")
    {
        script_modern({result_with_log(-EINVAL, 1), result(-EINVAL)});
        CHECK(create() == -EINVAL);
    }
    SECTION("a message, though the map is created without a log")
    {
        script({result_with_log(-EINVAL, 1), result(6)});
        CHECK(create() == 6);
    }
    CHECK(barebpf::learned.common_attrs.recall() == barebpf::known::yes);
}
