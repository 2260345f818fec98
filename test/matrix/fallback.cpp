// SPDX-License-Identifier: BSD-2-Clause
#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <string>

#include "barebpf/barebpf.h"
#include "barebpf/bpf.h"
#include "caller.h"
#include "lib/core/known.h"
#include "test/catch.h"
#include "test/model/kernel.h"

// bpf_map_create() on every release, with names, BTF types, logs and limits that some of them refuse, and
// with each system call failing: what the caller gets, what is remembered, and that nothing leaks.
using namespace barebpf;
using namespace barebpf::test;

namespace
{

constexpr release names_since = release_of(4, 15);
constexpr release logs_since = release_of(7, 2);
constexpr uint32_t small = 4, large = 256 * 1024;

struct limits {
    uint64_t soft, hard;
    bool may_raise;

    // How far a caller can raise it.
    uint64_t reach() const { return may_raise ? unlimited : hard; }
};

struct combination {
    release version;
    std::string name;
    bool typed;
    bool logged;
    uint32_t value_size;
    limits memlock;
    size_t failing = 0; // this system call, counted from 1; 0: none
    int failure = 0;
};

const limits all_limits[] = {
    {unlimited, unlimited, true}, {65536, 65536, true}, {65536, 65536, false}, {65536, 1 << 20, false}};

std::string described(const combination &run)
{
    return "Linux " + std::to_string(major_of(run.version)) + "." + std::to_string(minor_of(run.version)) +
           ", name '" + run.name + "', types " + std::to_string(run.typed) + ", log " +
           std::to_string(run.logged) + ", value " + std::to_string(run.value_size) + ", memlock " +
           std::to_string(run.memlock.soft) + "/" + std::to_string(run.memlock.hard) + ", call " +
           std::to_string(run.failing) + " fails with " + std::to_string(run.failure);
}

map_create_attr attr_of(const combination &run)
{
    map_create_attr attr;
    clear(&attr);
    attr.map_type = BAREBPF_MAP_TYPE_ARRAY;
    attr.key_size = 4;
    attr.value_size = run.value_size;
    attr.max_entries = 1;
    attr.btf_fd = run.typed ? 11 : 0;
    attr.btf_value_type_id = attr.btf_key_type_id = run.typed ? 1 : 0;
    encode_name(attr.map_name, run.name.c_str());
    return attr;
}

int create(const combination &run)
{
    const map_create_attr attr = attr_of(run);
    char buf[64];
    LIBBPF_OPTS(bpf_log_opts, log, .buf = buf, .size = sizeof(buf), .level = 1);
    LIBBPF_OPTS(bpf_map_create_opts, opts, .btf_fd = attr.btf_fd, .btf_key_type_id = attr.btf_key_type_id,
                .btf_value_type_id = attr.btf_value_type_id, .log_opts = run.logged ? &log : nullptr);
    return bpf_map_create(BPF_MAP_TYPE_ARRAY, run.name.c_str(), attr.key_size, attr.value_size,
                          attr.max_entries, &opts);
}

// The kernel's errno for a request under a limit; 0: it creates the map.
int error_of(const combination &run, const map_create_attr &attr, uint64_t memlock)
{
    environment surroundings = machine();
    surroundings.memlock = memlock;
    return decide(run.version, surroundings, &attr, map_create_attr_size).error;
}

map_create_attr nameless(map_create_attr attr)
{
    std::memset(attr.map_name, 0, sizeof(attr.map_name));
    return attr;
}

// True if a caller got all that kernel offers: the map, with its name if it has names.
bool is_best(const combination &run, int result, const std::string &name)
{
    const bool names = run.version >= names_since;
    const map_create_attr attr = attr_of(run);
    const int error = error_of(run, names ? attr : nameless(attr), run.memlock.reach());
    return error ? result == -error : result == 3 && name == (names ? run.name : "");
}

// True if a refusal has the errno of the failed call, or the one the kernel returned before it.
bool is_honest(const combination &run, int result)
{
    const map_create_attr attr = attr_of(run);
    return result == -run.failure || result == -error_of(run, attr, run.memlock.soft) ||
           result == -error_of(run, attr, run.memlock.reach()) ||
           result == -error_of(run, nameless(attr), run.memlock.soft);
}

bool is_true(known what, bool fact)
{
    return what == known::unknown || (what == known::yes) == fact;
}

// The name in the last request for a map.
std::string last_name(const model_kernel &kernel)
{
    std::string name;
    for (const system_call &one : kernel.calls())
        if (one.nr == __NR_bpf)
            name = one.attr.map_name;
    return name;
}

bool is_restored(const combination &run, const model_kernel &kernel)
{
    return kernel.memlock().soft == run.memlock.soft && kernel.memlock().hard == run.memlock.hard;
}

void check(const combination &run, const model_kernel &kernel, int result)
{
    INFO(described(run) << ": result " << result << ", " << kernel.calls().size() << " calls");
    CHECK((is_best(run, result, last_name(kernel)) || (run.failing && result < 0 && is_honest(run, result))));
    const system_call &last = kernel.calls().back();
    const bool lost_put_back = run.failing == kernel.calls().size() && last.nr == __NR_prlimit64;
    CHECK((result >= 0 || is_restored(run, kernel) || lost_put_back));
    CHECK(kernel.memlock().soft >= run.memlock.soft);
    CHECK(kernel.memlock().hard >= run.memlock.hard);
    CHECK(is_true(learned.names.recall(), run.version >= names_since));
    CHECK(is_true(learned.common_attrs.recall(), run.version >= logs_since));
    CHECK(kernel.calls().size() <= 10);
}

size_t runs;

size_t run_once(const combination &run)
{
    model_kernel kernel(run.version, machine());
    kernel.limits_memlock(run.memlock.soft, run.memlock.hard, run.memlock.may_raise);
    if (run.failing)
        kernel.fails(run.failing, run.failure);
    const int result = create(run);
    check(run, kernel, result);
    const size_t calls = kernel.calls().size();
    if (result >= 0)
        barebpf_close(result);
    runs++;
    return calls;
}

// A combination, and again with each of its calls failing.
void run_and_fail(combination run)
{
    const size_t calls = run_once(run);
    for (const int failure : {EIO, ENOMEM, EPERM})
        for (run.failing = 1; run.failing <= calls; run.failing++) {
            run.failure = failure;
            run_once(run);
        }
}

} // namespace

TEST_CASE(
    "fallback: on every release the caller gets the best there is, and with a call failing nothing is lost")
{
    runs = 0;
    for (const release version : all_releases())
        for (const char *name : {"", "name", "fifteen_letters", "a.b", "a-b"})
            for (const bool typed : {false, true})
                for (const bool logged : {false, true})
                    for (const uint32_t value_size : {small, large})
                        for (const limits &memlock : all_limits)
                            run_and_fail({version, name, typed, logged, value_size, memlock});
    std::printf("kernels matrix, fallback: %zu releases, %zu combinations\n", all_releases().size(), runs);
}

TEST_CASE("fallback: what was learned saves the calls the next time")
{
    const release version = GENERATE(from_range(all_releases()));
    if (version < release_of(3, 19))
        return; // it has no map types
    const combination run = {version, "name", false, true, small, all_limits[0]};
    model_kernel kernel(version, machine());
    size_t before = 0;
    std::vector<size_t> calls;
    for (int i = 0; i < 3; i++) {
        const int result = create(run);
        CHECK(result == 3);
        calls.push_back(kernel.calls().size() - before);
        barebpf_close(result);
        before = kernel.calls().size();
    }
    INFO(described(run));
    CHECK(calls.back() == 1);
    CHECK(calls.front() == (version >= logs_since ? 1 : version >= names_since ? 2 : 3));
}
