// SPDX-License-Identifier: BSD-2-Clause
#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>

#include "barebpf/bpf.h"
#include "differences.h"
#include "lib/core/attr.h"
#include "test/catch.h"
#include "test/numbers.h"

using namespace barebpf::parity;

// Every row of docs/libbpf-differences.md that does not take a fresh process (first_call.cpp).

namespace
{

struct outcomes {
    outcome libbpf;
    outcome barebpf;
};

outcomes create(const void *opts, const kernel &answers = {})
{
    warm_up();
    const call made = {BPF_MAP_TYPE_HASH, "name", 4, 8, 16, opts};
    return {recorded(create_with_libbpf, made, answers), recorded(create_with_barebpf, made, answers)};
}

bpf_map_create_opts zeroed(size_t sz)
{
    bpf_map_create_opts opts{};
    opts.sz = sz;
    return opts;
}

barebpf::map_create_attr attr_of(const event &seen)
{
    barebpf::map_create_attr attr;
    std::memcpy(&attr, &seen.attr, sizeof(attr));
    return attr;
}

bool refused(const outcome &seen)
{
    return seen.returned == -EINVAL && seen.error == EINVAL && seen.events.empty();
}

bool made_by_one_call(const outcome &seen)
{
    return seen.returned == 7 && seen.error == untouched && seen.events.size() == 1;
}

std::string differences_page()
{
    std::ifstream file(BAREBPF_DIFFERENCES_PAGE);
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

} // namespace

TEST_CASE("differences: every one that random calls can show is on the page")
{
    const std::string page = differences_page();
    for (const char *name : difference_names) {
        INFO(name);
        CHECK(page.find("| " + std::string(name) + " |") != std::string::npos);
    }
}

TEST_CASE("attr size: libbpf passes the bytes it knows, barebpf all there are")
{
    const outcomes seen = create(nullptr);
    REQUIRE(made_by_one_call(seen.libbpf));
    REQUIRE(made_by_one_call(seen.barebpf));
    CHECK(seen.libbpf.events[0].arguments[1] == static_cast<long>(libbpf_attr_size()));
    CHECK(seen.barebpf.events[0].arguments[1] == barebpf::test::attr_size);
    CHECK(seen.libbpf.events[0].attr == seen.barebpf.events[0].attr);
}

TEST_CASE("newer members: libbpf refuses them, barebpf passes them on")
{
    bpf_map_create_opts opts = zeroed(sizeof(opts));
    barebpf::map_create_attr expected = attr_of(create(nullptr).barebpf.events.at(0));
    size_t end = 0;
    SECTION("value_type_btf_obj_fd")
    {
        end = offsetof(bpf_map_create_opts, token_fd);
        opts.value_type_btf_obj_fd = expected.value_type_btf_obj_fd = -5;
    }
    SECTION("token_fd")
    {
        end = offsetof(bpf_map_create_opts, excl_prog_hash);
        opts.token_fd = 5;
        expected.map_token_fd = 5;
    }
    SECTION("excl_prog_hash")
    {
        end = offsetof(bpf_map_create_opts, excl_prog_hash_size);
        opts.excl_prog_hash = &opts;
        expected.excl_prog_hash = reinterpret_cast<uintptr_t>(&opts);
    }
    SECTION("excl_prog_hash_size")
    {
        end = offsetof(bpf_map_create_opts, excl_prog_hash_size) + sizeof(opts.excl_prog_hash_size);
        opts.excl_prog_hash_size = expected.excl_prog_hash_size = 32;
    }
    const outcomes seen = create(&opts);
    CHECK(refused(seen.libbpf) == (end > libbpf_known_end));
    CHECK(made_by_one_call(seen.libbpf) == (end <= libbpf_known_end));
    REQUIRE(made_by_one_call(seen.barebpf));
    if (made_by_one_call(seen.libbpf))
        CHECK(seen.libbpf.events[0].attr == seen.barebpf.events[0].attr);
    CHECK(std::memcmp(&seen.barebpf.events[0].attr, &expected, sizeof(expected)) == 0);
}

TEST_CASE("newer members: cut by sz, libbpf refuses what barebpf takes for absent")
{
    bpf_map_create_opts opts = zeroed(offsetof(bpf_map_create_opts, log_opts) + 2);
    std::memset(static_cast<void *>(&opts.log_opts), 0xff, sizeof(opts.log_opts));
    const outcomes seen = create(&opts);
    CHECK(refused(seen.libbpf));
    REQUIRE(made_by_one_call(seen.barebpf));
    CHECK(seen.barebpf.events == create(nullptr).barebpf.events);
}

TEST_CASE("newer members: what lies between them counts for libbpf only")
{
    bpf_map_create_opts opts = zeroed(sizeof(opts));
    const size_t padding =
        offsetof(bpf_map_create_opts, excl_prog_hash_size) + sizeof(opts.excl_prog_hash_size);
    reinterpret_cast<unsigned char *>(&opts)[padding] = 1;
    const outcomes seen = create(&opts);
    CHECK(refused(seen.libbpf));
    REQUIRE(made_by_one_call(seen.barebpf));
    CHECK(seen.barebpf.events == create(nullptr).barebpf.events);
}

TEST_CASE("log_opts: libbpf refuses it, barebpf asks with the log and after a refusal without")
{
    char text[16];
    bpf_log_opts log{};
    log.sz = sizeof(log);
    log.buf = text;
    log.size = sizeof(text);
    log.level = 1;
    bpf_map_create_opts opts = zeroed(sizeof(opts));
    opts.log_opts = &log;
    kernel answers;
    answers.log_true_size = 20;
    answers.map_create_with_log = GENERATE(7, -EINVAL, -ENOSPC);
    const outcomes seen = create(&opts, answers);
    CHECK(refused(seen.libbpf));
    CHECK(seen.barebpf.returned == 7);
    CHECK(seen.barebpf.error == untouched);
    REQUIRE(seen.barebpf.events.size() == (answers.map_create_with_log >= 0 ? 1 : 2));
    CHECK(seen.barebpf.events[0].arguments ==
          std::array<long, 3>{BAREBPF_COMMON_ATTRS, barebpf::test::attr_size, 24});
    CHECK(seen.barebpf.events.back().attr == create(nullptr).barebpf.events.at(0).attr);
    CHECK(log.true_size == 20);
}

TEST_CASE("sz: above 4096 libbpf reads on, barebpf refuses")
{
    struct {
        bpf_map_create_opts opts;
        char tail[4096];
    } given{};
    given.opts.sz = 4097;
    const outcomes seen = create(&given);
    CHECK(made_by_one_call(seen.libbpf));
    CHECK(refused(seen.barebpf));
}

TEST_CASE("sz: SIZE_MAX turns libbpf's check off, barebpf refuses")
{
    bpf_map_create_opts opts = zeroed(SIZE_MAX);
    opts.map_flags = 1;
    opts.excl_prog_hash_size = 5;
    const outcomes seen = create(&opts);
    REQUIRE(made_by_one_call(seen.libbpf));
    CHECK(attr_of(seen.libbpf.events[0]).map_flags == 1);
    CHECK(refused(seen.barebpf));
}

TEST_CASE("errno: libbpf leaves a failed close's behind a success, barebpf never touches it then")
{
    kernel answers;
    answers.map_create = GENERATE(0, 1, 2);
    answers.close = -EIO;
    const outcomes seen = create(nullptr, answers);
    CHECK(seen.libbpf.returned == 8);
    CHECK(seen.libbpf.error == (libbpf_leaves_close_errno() ? EIO : untouched));
    CHECK(seen.barebpf.returned == 8);
    CHECK(seen.barebpf.error == untouched);
}

TEST_CASE("output: libbpf warns about refused opts, barebpf does not print")
{
    const bpf_map_create_opts opts = zeroed(0);
    const call made = {BPF_MAP_TYPE_HASH, "name", 4, 8, 16, &opts};
    const unsigned int before = libbpf_warnings();
    recorded(create_with_libbpf, made, kernel());
    CHECK(libbpf_warnings() == before + 1);
    // barebpf has no way to: the kernel would have been asked.
    CHECK(recorded(create_with_barebpf, made, kernel()).events.empty());
}
