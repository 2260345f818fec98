// SPDX-License-Identifier: BSD-2-Clause
#include <cerrno>
#include <linux/bpf.h>
#include <linux/version.h>

#include "barebpf/bpf.h"
#include "kernel.h"
#include "test/catch.h"

using namespace barebpf;
using namespace barebpf::test;

namespace
{

int create_array(const bpf_map_create_opts *opts = nullptr)
{
    return bpf_map_create(BPF_MAP_TYPE_ARRAY, "live_test", 4, 4, 1, opts);
}

} // namespace

TEST_CASE("live: errno is the kernel's, and untouched on success")
{
    if (const std::string missing = missing_permission(); !missing.empty())
        SKIP_BECAUSE(missing);
    errno = 4321;
    const fd map(create_array());
    CHECK(map);
    CHECK(errno == 4321);
    CHECK(bpf_map_create(BPF_MAP_TYPE_ARRAY, nullptr, 8, 4, 1, nullptr) == -EINVAL);
    CHECK(errno == EINVAL);
}

TEST_CASE("live: a log never decides whether a map is created")
{
    if (const std::string missing = missing_permission(); !missing.empty())
        SKIP_BECAUSE(missing);
    char buf[256] = "";
    LIBBPF_OPTS(bpf_log_opts, log, .buf = buf, .size = sizeof(buf), .level = 1, .true_size = 77);
    LIBBPF_OPTS(bpf_map_create_opts, opts, .log_opts = &log);
    SECTION("a good request creates one, without a message")
    {
        const fd map(create_array(&opts));
        CHECK(map);
        CHECK(log.true_size == 0);
        CHECK(buf[0] == 0);
    }
    SECTION("log arguments that no kernel accepts do not prevent it")
    {
        log.level = 99;
        const fd map(create_array(&opts));
        CHECK(map);
    }
    SECTION("a bad request has the errno it has without a log")
    {
        opts.map_extra = 1;
        log.size = GENERATE(1u, 256u);
        CHECK(create_array(&opts) == -EINVAL);
        const bool explains = running_kernel() >= KERNEL_VERSION(7, 2, 0);
        CHECK(log.true_size == (explains ? sizeof("Invalid map_extra.\n") : 0));
        if (log.size == 256)
            CHECK(std::string(buf) == (explains ? "Invalid map_extra.\n" : ""));
    }
}
