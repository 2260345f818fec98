// SPDX-License-Identifier: BSD-2-Clause
#include <cerrno>
#include <cstring>
#include <string>

#include "barebpf/barebpf.h"
#include "barebpf/bpf.h"
#include "caller.h"
#include "test/catch.h"
#include "test/model/kernel.h"
#include "test/model/log.h"

// The log of bpf_map_create() on each kernel: it never decides, and has the kernel's message.
using namespace barebpf;
using namespace barebpf::test;

namespace
{

struct request {
    bpf_map_type type;
    uint32_t numa_node;
    const char *message;
};

// A request that is accepted, one refused with a message, and one refused without.
const std::vector<request> requests = {
    {BPF_MAP_TYPE_ARRAY, 0, ""},
    {BPF_MAP_TYPE_ARRAY, 9, "Invalid numa_node.\n"},
    {BPF_MAP_TYPE_UNSPEC, 0, ""},
};

int create(const request &wanted, bpf_log_opts *log)
{
    LIBBPF_OPTS(bpf_map_create_opts, opts, .map_flags = wanted.numa_node ? BAREBPF_F_NUMA_NODE : 0,
                .numa_node = wanted.numa_node, .log_opts = log);
    errno = 0;
    return bpf_map_create(wanted.type, nullptr, 4, 4, 1, &opts);
}

int create_and_close(const request &wanted, bpf_log_opts *log)
{
    const int result = create(wanted, log);
    if (result >= 0)
        barebpf_close(result);
    return result;
}

} // namespace

TEST_CASE("logs: the result is the one without a log, whatever the log")
{
    const release version =
        GENERATE(release_of(3, 18), release_of(4, 3), release_of(4, 14), release_of(5, 18), release_of(5, 19),
                 release_of(6, 5), release_of(7, 1), release_of(7, 2), release_of(7, 3));
    const request wanted = GENERATE(from_range(requests));
    const uint32_t size = GENERATE(0u, 1u, 64u, 0x40000000u);
    const uint32_t level = GENERATE(0u, 1u, 8u, 16u);
    char buf[64] = "";
    char *const where = GENERATE(false, true) ? buf : nullptr;
    LIBBPF_OPTS(bpf_log_opts, log, .buf = where, .size = size, .level = level);

    model_kernel kernel(version, machine());
    const int plain = create_and_close(wanted, nullptr);
    const size_t calls_before = kernel.calls().size();
    CHECK(create_and_close(wanted, &log) == plain);
    const size_t calls = kernel.calls().size() - calls_before - (plain >= 0);
    CHECK(calls >= 1);
    CHECK(calls <= 2);
    CHECK(errno == (plain < 0 ? -plain : 0));
}

TEST_CASE("logs: a kernel's message about a refusal reaches the caller")
{
    const request wanted = GENERATE(from_range(requests));
    const bool heard = GENERATE(false, true);
    char buf[64] = "";
    LIBBPF_OPTS(bpf_log_opts, log, .buf = buf, .size = sizeof(buf), .level = 1);
    model_kernel kernel(heard ? common_attrs_since : release_of(7, 1), machine());
    create_and_close(wanted, &log);
    CHECK(buf == std::string(heard ? wanted.message : ""));
    CHECK(log.true_size == (heard && *wanted.message ? std::strlen(wanted.message) + 1 : 0));
}

TEST_CASE("logs: one call when the map is created with its log, two after a refusal")
{
    char buf[64] = "";
    LIBBPF_OPTS(bpf_log_opts, log, .buf = buf, .size = sizeof(buf), .level = 1);
    model_kernel kernel(common_attrs_since, machine());
    SECTION("made")
    {
        CHECK(create_and_close(requests[0], &log) == 3);
        CHECK(kernel.calls().size() == 2);
        CHECK(kernel.calls()[0].arguments[0] == BAREBPF_COMMON_ATTRS);
    }
    SECTION("refused")
    {
        CHECK(create_and_close(requests[1], &log) == -EINVAL);
        CHECK(kernel.calls().size() == 2);
        CHECK(kernel.calls()[1].arguments[0] == BPF_MAP_CREATE);
    }
}
