// SPDX-License-Identifier: BSD-2-Clause
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <string>

#include <sys/syscall.h>
#include <unistd.h>

#include "kernel.h"
#include "test/catch.h"
#include "test/numbers.h"
#include "test/releases.h"

// The model kernel beside the running one: the same result, log and size of it for requests with a log.
using namespace barebpf;
using namespace barebpf::test;

namespace
{

struct request {
    map_create_attr attr;
    uint32_t log_size;
    uint32_t log_level;
    uint32_t common_size;
    bool has_buffer;
};

struct reply {
    long result; // 0 for a map
    std::string log;
    uint32_t true_size;
    bool operator==(const reply &) const = default;
};

using caller = long (*)(long, long, long, long, long, long);

long real_call(long nr, long a, long b, long c, long d, long e)
{
    const long result = syscall(nr, a, b, c, d, e);
    return result < 0 ? -errno : result;
}

reply ask(caller call, const request &wanted)
{
    char buf[128] = "untouched";
    common_attr common;
    clear(&common);
    common.log_buf = wanted.has_buffer ? reinterpret_cast<uintptr_t>(buf) : 0;
    common.log_size = wanted.log_size;
    common.log_level = wanted.log_level;
    common.log_true_size = 777;
    const long result = call(__NR_bpf, BAREBPF_COMMON_ATTRS, sys::address(&wanted.attr), sizeof(wanted.attr),
                             sys::address(&common), wanted.common_size);
    if (result >= 0)
        call(__NR_close, result, 0, 0, 0, 0);
    return {result < 0 ? result : 0, buf, common.log_true_size};
}

// An array map with four bytes of its attr changed.
map_create_attr changed_array(size_t offset, uint32_t value)
{
    map_create_attr attr;
    clear(&attr);
    attr.map_type = BAREBPF_MAP_TYPE_ARRAY;
    attr.key_size = attr.value_size = 4;
    attr.max_entries = 1;
    attr.numa_node = attr.btf_fd = 0x7fffffff; // neither exists, if it is read
    std::memcpy(reinterpret_cast<char *>(&attr) + offset, &value, sizeof(value));
    return attr;
}

const struct {
    size_t offset;
    uint32_t value;
} changes[] = {
    {0, 1},
    {0, 0},
    {0, first_unknown_type},
    {4, 8},
    {16, BAREBPF_F_NO_PREALLOC},
    {16, BAREBPF_F_NUMA_NODE},
    {28, '-'},
    {28, '.'},
    {52, 1},
    {56, 1},
    {60, 1},
    {64, 1},
    {88, 31},
    {88, 32},
    {attr_size, 1},
};

template <typename F> void for_each_log(const map_create_attr &attr, F take)
{
    for (const uint32_t size : {0u, 1u, 6u, 19u, 20u, 21u, 128u, 0x3fffffffu, 0x40000000u})
        for (const uint32_t level : {0u, 1u, 4u, 8u, 15u, 16u})
            for (const uint32_t common_size : {0u, 8u, 12u, 16u, 20u, 24u, 4097u})
                for (const bool has_buffer : {false, true})
                    take(request{attr, size, level, common_size, has_buffer});
}

} // namespace

TEST_CASE("model kernel: it answers requests with a log as the running kernel does")
{
    const map_create_attr plain = changed_array(12, 1);
    const long fd = real_call(__NR_bpf, BPF_MAP_CREATE, sys::address(&plain), attr_size, 0, 0);
    if (fd == -EPERM || fd == -ENOSYS)
        SKIP_BECAUSE("bpf(2) is not permitted here");
    REQUIRE(fd >= 0);
    close(static_cast<int>(fd));

    model_kernel kernel(running_release());
    size_t call = 0, different = 0;
    for (const auto &[offset, value] : changes)
        for_each_log(changed_array(offset, value), [&](const request &wanted) {
            call++;
            different += ask(real_call, wanted) != ask(arch::call, wanted);
        });
    std::printf("model kernel: %zu requests with a log, %zu answered differently here\n", call, different);
    CHECK(different == 0);
}
