// SPDX-License-Identifier: BSD-2-Clause
#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <optional>
#include <string>

#include "barebpf/barebpf.h"
#include "caller.h"
#include "test/catch.h"
#include "test/model/kernel.h"

// barebpf_map_create() under every policy on every release: as little is given up as makes the
// kernel accept the request, which is found by applying the rules to every set. How a concession changes a
// request is written out below for each, from docs/fallback.md; none of the library's code decides what is
// expected.
using namespace barebpf;
using namespace barebpf::test;

namespace
{

constexpr uint32_t everything = BAREBPF_GIVE_UP_FLAGS | BAREBPF_GIVE_UP_SIZE | BAREBPF_GIVE_UP_NAME_CHARS |
                                BAREBPF_GIVE_UP_NAME | BAREBPF_GIVE_UP_BTF;
constexpr uint32_t any_node = UINT32_MAX;
constexpr int enotsupp = 524;
constexpr uint32_t page_size = 4096;
constexpr uint32_t possible_cpus = 6;

// A request, and how each concession changes it.
struct wish {
    const char *what;
    uint32_t type;
    uint32_t max_entries = 1;
    uint32_t map_flags = 0;
    uint32_t numa_node = 0;
    bool typed = false;
    const char *name = "";

    // map_flags and numa_node without the flags that may be given up; the size that may be tried instead; the
    // name with '_' for other characters; whether BTF types may be given up. Nothing: that part stays as it
    // is.
    std::optional<uint32_t> flags_left{};
    uint32_t node_left = 0;
    std::optional<uint32_t> size_instead{};
    const char *name_instead = nullptr;
    bool types_may_go = false;
};

const wish wishes[] = {
    {.what = "a plain array", .type = BAREBPF_MAP_TYPE_ARRAY, .name = "name"},
    {.what = "no name", .type = BAREBPF_MAP_TYPE_ARRAY},
    {.what = "a name of one character", .type = BAREBPF_MAP_TYPE_ARRAY, .name = "x"},
    {.what = "a dash for a name", .type = BAREBPF_MAP_TYPE_ARRAY, .name = "-", .name_instead = "_"},
    {.what = "a name with a dot", .type = BAREBPF_MAP_TYPE_ARRAY, .name = "a.b", .name_instead = "a_b"},
    {.what = "a name with a dash", .type = BAREBPF_MAP_TYPE_ARRAY, .name = "a-b", .name_instead = "a_b"},
    {.what = "a name of 15 characters, the last refused",
     .type = BAREBPF_MAP_TYPE_ARRAY,
     .name = "AZaz09_AZaz09_/",
     .name_instead = "AZaz09_AZaz09__"},
    {.what = "types", .type = BAREBPF_MAP_TYPE_ARRAY, .typed = true, .name = "name", .types_may_go = true},
    {.what = "types, and a dash",
     .type = BAREBPF_MAP_TYPE_ARRAY,
     .typed = true,
     .name = "a-b",
     .name_instead = "a_b",
     .types_may_go = true},
    {.what = "types that the map type refuses",
     .type = BAREBPF_MAP_TYPE_PROG_ARRAY,
     .typed = true,
     .types_may_go = true},
    {.what = "types that the map is made of",
     .type = BAREBPF_MAP_TYPE_SK_STORAGE,
     .max_entries = 0,
     .map_flags = BAREBPF_F_NO_PREALLOC,
     .typed = true,
     .name = "a-b",
     .name_instead = "a_b"},
    {.what = "any node",
     .type = BAREBPF_MAP_TYPE_HASH,
     .map_flags = BAREBPF_F_NUMA_NODE,
     .numa_node = any_node,
     .name = "name",
     .flags_left = 0},
    {.what = "any node of an array",
     .type = BAREBPF_MAP_TYPE_ARRAY,
     .map_flags = BAREBPF_F_NUMA_NODE | BAREBPF_F_RDONLY,
     .numa_node = any_node,
     .flags_left = BAREBPF_F_RDONLY},
    {.what = "one node",
     .type = BAREBPF_MAP_TYPE_HASH,
     .map_flags = BAREBPF_F_NUMA_NODE,
     .numa_node = 0,
     .name = "name"},
    {.what = "one node that there is not",
     .type = BAREBPF_MAP_TYPE_HASH,
     .map_flags = BAREBPF_F_NUMA_NODE,
     .numa_node = 99},
    {.what = "any node without its flag", .type = BAREBPF_MAP_TYPE_HASH, .numa_node = any_node},
    {.what = "no preallocation",
     .type = BAREBPF_MAP_TYPE_HASH,
     .map_flags = BAREBPF_F_NO_PREALLOC,
     .typed = true,
     .name = "a.b",
     .flags_left = 0,
     .name_instead = "a_b",
     .types_may_go = true},
    {.what = "no preallocation, and any node",
     .type = BAREBPF_MAP_TYPE_HASH,
     .map_flags = BAREBPF_F_NO_PREALLOC | BAREBPF_F_NUMA_NODE,
     .numa_node = any_node,
     .flags_left = 0},
    {.what = "no preallocation, and one node",
     .type = BAREBPF_MAP_TYPE_HASH,
     .map_flags = BAREBPF_F_NO_PREALLOC | BAREBPF_F_NUMA_NODE,
     .numa_node = 0,
     .flags_left = BAREBPF_F_NUMA_NODE},
    {.what = "no preallocation of an array",
     .type = BAREBPF_MAP_TYPE_ARRAY,
     .map_flags = BAREBPF_F_NO_PREALLOC,
     .name = "a-b",
     .name_instead = "a_b"},
    {.what = "no preallocation of a hash for each CPU",
     .type = BAREBPF_MAP_TYPE_PERCPU_HASH,
     .map_flags = BAREBPF_F_NO_PREALLOC},
    {.what = "a flag with a meaning",
     .type = BAREBPF_MAP_TYPE_HASH,
     .map_flags = BAREBPF_F_NO_PREALLOC | BAREBPF_F_RDONLY_PROG,
     .flags_left = BAREBPF_F_RDONLY_PROG},
    {.what = "an odd ring buffer",
     .type = BAREBPF_MAP_TYPE_RINGBUF,
     .max_entries = 5000,
     .map_flags = BAREBPF_F_NUMA_NODE,
     .numa_node = any_node,
     .name = "a-b",
     .flags_left = 0,
     .size_instead = 2 * page_size,
     .name_instead = "a_b"},
    {.what = "a small ring buffer",
     .type = BAREBPF_MAP_TYPE_USER_RINGBUF,
     .max_entries = 1,
     .size_instead = page_size},
    {.what = "a ring buffer of three pages",
     .type = BAREBPF_MAP_TYPE_RINGBUF,
     .max_entries = 3 * page_size,
     .size_instead = 4 * page_size},
    {.what = "a ring buffer that is right, but for its name",
     .type = BAREBPF_MAP_TYPE_RINGBUF,
     .max_entries = page_size,
     .name = "a-b",
     .name_instead = "a_b"},
    {.what = "a ring buffer of nothing", .type = BAREBPF_MAP_TYPE_RINGBUF, .max_entries = 0},
    {.what = "a ring buffer beyond every power of two",
     .type = BAREBPF_MAP_TYPE_USER_RINGBUF,
     .max_entries = 0x80000001},
    {.what = "perf events of all CPUs",
     .type = BAREBPF_MAP_TYPE_PERF_EVENT_ARRAY,
     .max_entries = 0,
     .typed = true,
     .name = "name",
     .size_instead = possible_cpus,
     .types_may_go = true},
    {.what = "perf events of one CPU",
     .type = BAREBPF_MAP_TYPE_PERF_EVENT_ARRAY,
     .max_entries = 1,
     .name = "a-b",
     .name_instead = "a_b"},
    {.what = "too many CPUs",
     .type = BAREBPF_MAP_TYPE_CPUMAP,
     .max_entries = 100000,
     .map_flags = BAREBPF_F_NUMA_NODE,
     .numa_node = any_node,
     .typed = true,
     .name = "a.b",
     .flags_left = 0,
     .size_instead = possible_cpus,
     .name_instead = "a_b",
     .types_may_go = true},
    {.what = "one CPU too many",
     .type = BAREBPF_MAP_TYPE_CPUMAP,
     .max_entries = possible_cpus + 1,
     .size_instead = possible_cpus},
    {.what = "as many CPUs as there are",
     .type = BAREBPF_MAP_TYPE_CPUMAP,
     .max_entries = possible_cpus,
     .name = "a-b",
     .name_instead = "a_b"},
    {.what = "an array of nothing", .type = BAREBPF_MAP_TYPE_ARRAY, .max_entries = 0},
    {.what = "a type of no kernel",
     .type = 99,
     .typed = true,
     .name = "a-b",
     .name_instead = "a_b",
     .types_may_go = true},
};

// The concessions that a request allows.
uint32_t possible(const wish &wanted)
{
    return (wanted.flags_left ? uint32_t{BAREBPF_GIVE_UP_FLAGS} : 0) |
           (wanted.size_instead ? uint32_t{BAREBPF_GIVE_UP_SIZE} : 0) |
           (wanted.name_instead ? uint32_t{BAREBPF_GIVE_UP_NAME_CHARS} : 0) |
           (*wanted.name ? uint32_t{BAREBPF_GIVE_UP_NAME} : 0) |
           (wanted.types_may_go ? uint32_t{BAREBPF_GIVE_UP_BTF} : 0);
}

// The request as the kernel gets it when these are given up.
map_create_attr attr_of(const wish &wanted, uint32_t given_up = 0)
{
    const bool in_pages =
        wanted.type == BAREBPF_MAP_TYPE_RINGBUF || wanted.type == BAREBPF_MAP_TYPE_USER_RINGBUF;
    const bool flags_go = given_up & BAREBPF_GIVE_UP_FLAGS;
    const bool typed = wanted.typed && !(given_up & BAREBPF_GIVE_UP_BTF);
    map_create_attr attr;
    std::memset(&attr, 0, sizeof(attr));
    attr.map_type = wanted.type;
    attr.key_size = attr.value_size = in_pages ? 0 : 4;
    attr.max_entries = given_up & BAREBPF_GIVE_UP_SIZE ? *wanted.size_instead : wanted.max_entries;
    attr.map_flags = flags_go ? *wanted.flags_left : wanted.map_flags;
    attr.numa_node = flags_go ? wanted.node_left : wanted.numa_node;
    attr.btf_fd = typed ? 11 : 0;
    attr.btf_key_type_id = attr.btf_value_type_id = typed ? 1 : 0;
    if (!(given_up & BAREBPF_GIVE_UP_NAME))
        std::strcpy(attr.map_name, given_up & BAREBPF_GIVE_UP_NAME_CHARS ? wanted.name_instead : wanted.name);
    return attr;
}

barebpf_map_spec spec_of(const wish &wanted)
{
    const map_create_attr attr = attr_of(wanted);
    barebpf_map_spec spec{};
    spec.sz = sizeof(spec);
    spec.map_type = attr.map_type;
    spec.key_size = attr.key_size;
    spec.value_size = attr.value_size;
    spec.max_entries = attr.max_entries;
    spec.map_flags = attr.map_flags;
    spec.numa_node = attr.numa_node;
    spec.btf_fd = attr.btf_fd;
    spec.btf_key_type_id = spec.btf_value_type_id = attr.btf_value_type_id;
    spec.name = wanted.name;
    return spec;
}

const environment &machine_of_policies()
{
    static environment surroundings = machine();
    surroundings.page_size = page_size;
    surroundings.possible_cpus = possible_cpus;
    return surroundings;
}

int error_of(release version, const wish &wanted, uint32_t set)
{
    const map_create_attr attr = attr_of(wanted, set);
    return decide(version, machine_of_policies(), &attr, map_create_attr_size).error;
}

unsigned int count(uint32_t set)
{
    return static_cast<unsigned int>(__builtin_popcount(set));
}

// The smallest set to give up, of what is allowed; nothing if even all of it is too little. A name is given
// up only on a kernel without names.
std::optional<uint32_t> least(release version, const wish &wanted, uint32_t allowed)
{
    allowed &= possible(wanted);
    if (version >= release_of(4, 15))
        allowed &= ~uint32_t{BAREBPF_GIVE_UP_NAME};
    std::optional<uint32_t> found;
    for (uint32_t set = 0; set <= everything; set++) {
        const bool both = (set & BAREBPF_GIVE_UP_NAME) && (set & BAREBPF_GIVE_UP_NAME_CHARS);
        if ((set & ~allowed) || both || error_of(version, wanted, set))
            continue;
        if (!found || count(set) < count(*found))
            found = set;
    }
    return found;
}

// True if the page size or the number of CPUs was queried.
bool is_measuring(const system_call &call)
{
    return call.nr == __NR_msync || call.nr == __NR_openat || call.nr == __NR_sched_getaffinity;
}

// The last request for a map.
map_create_attr last_asked(const model_kernel &kernel)
{
    map_create_attr attr;
    std::memset(&attr, 0, sizeof(attr));
    for (const system_call &one : kernel.calls())
        if (one.nr == __NR_bpf)
            attr = one.attr;
    return attr;
}

bool was_asked(const model_kernel &kernel, const map_create_attr &attr)
{
    return std::any_of(kernel.calls().begin(), kernel.calls().end(), [&attr](const system_call &one) {
        return one.nr == __NR_bpf && std::memcmp(&one.attr, &attr, map_create_attr_size) == 0;
    });
}

size_t runs, made;

// The report of a map that was created by giving up `set`: each part of it has the errno of the same request
// with only that part kept.
void check_reasons(release version, const wish &wanted, uint32_t set, const barebpf_report &report,
                   const model_kernel &kernel)
{
    for (unsigned int bit = 0; bit < 5; bit++) {
        const uint32_t kept = set & ~(1u << bit);
        if (!(set >> bit & 1))
            CHECK(report.why[bit] == 0);
        else
            CHECK(report.why[bit] ==
                  (was_asked(kernel, attr_of(wanted, kept)) ? error_of(version, wanted, kept) : enotsupp));
    }
}

void run(release version, const wish &wanted, uint32_t allowed)
{
    barebpf_policy policy{};
    policy.sz = sizeof(policy);
    policy.give_up = allowed;
    barebpf_report report{};
    report.sz = sizeof(report);
    const barebpf_map_spec spec = spec_of(wanted);
    model_kernel kernel(version, machine_of_policies());
    const int result = barebpf_map_create(&spec, &policy, &report);
    const std::optional<uint32_t> expected = least(version, wanted, allowed);
    INFO("Linux " << major_of(version) << "." << minor_of(version) << ", " << wanted.what << ", allowed "
                  << allowed << ": result " << result << ", given up " << report.given_up << ", "
                  << report.calls << " calls");
    CHECK((result >= 0) == expected.has_value());
    CHECK(report.given_up == expected.value_or(0));
    CHECK(report.calls <= 24);
    CHECK(report.first_error == error_of(version, wanted, 0));
    check_reasons(version, wanted, report.given_up, report, kernel);
    if (expected == 0u)
        CHECK(kernel.calls().size() == 1);
    if (!(allowed & BAREBPF_GIVE_UP_SIZE))
        CHECK(std::none_of(kernel.calls().begin(), kernel.calls().end(), is_measuring));
    runs++;
    if (result < 0)
        return;
    made++;
    const map_create_attr last = last_asked(kernel), due = attr_of(wanted, expected.value_or(0));
    CHECK(std::memcmp(&last, &due, map_create_attr_size) == 0);
    barebpf_close(result);
}

// Everything allowed, under a limit that has to be raised, with one system call failing: the report describes
// the last request, which was accepted, and the limit is restored, since it is scoped. Returns the number of
// calls.
size_t run_failing(release version, const wish &wanted, size_t failing, int error)
{
    barebpf_policy policy{};
    policy.sz = sizeof(policy);
    policy.give_up = everything;
    policy.memlock = BAREBPF_MEMLOCK_SCOPED;
    barebpf_report report{};
    report.sz = sizeof(report);
    const barebpf_map_spec spec = spec_of(wanted);
    model_kernel kernel(version, machine_of_policies());
    kernel.limits_memlock(4096, 4096, true);
    if (failing)
        kernel.fails(failing, error);
    const int result = barebpf_map_create(&spec, &policy, &report);
    const map_create_attr last = last_asked(kernel);
    INFO("Linux " << major_of(version) << "." << minor_of(version) << ", " << wanted.what << ", call "
                  << failing << " fails with " << error << ": result " << result << ", given up "
                  << report.given_up);
    if (result >= 0) {
        CHECK(decide(version, machine_of_policies(), &last, map_create_attr_size).error == 0);
        map_create_attr expected = attr_of(wanted, report.given_up);
        // A page size that msync(2) does not confirm is assumed to be larger, which ring buffers accept too.
        const bool larger = failing && kernel.calls()[failing - 1].nr == __NR_msync;
        if (larger && (report.given_up & BAREBPF_GIVE_UP_SIZE) && expected.max_entries == page_size)
            expected.max_entries = 2 * page_size;
        CHECK(std::memcmp(&last, &expected, map_create_attr_size) == 0);
    } else {
        CHECK(report.given_up == 0);
    }
    CHECK(std::string(report.name) == last.map_name);
    CHECK(report.max_entries == last.max_entries);
    CHECK(report.map_flags == last.map_flags);
    CHECK((kernel.memlock().soft == 4096 || kernel.calls()[failing - 1].nr == __NR_prlimit64));
    const size_t calls = kernel.calls().size();
    if (result >= 0)
        barebpf_close(result);
    runs++;
    return calls;
}

} // namespace

TEST_CASE("policies: with a call failing the report is true, the limit is restored and nothing leaks")
{
    runs = 0;
    for (const release version : all_releases())
        for (const wish &wanted : wishes) {
            const size_t calls = run_failing(version, wanted, 0, 0);
            for (const int error : {EIO, ENOMEM, EPERM})
                for (size_t failing = 1; failing <= calls; failing++)
                    run_failing(version, wanted, failing, error);
        }
    std::printf("kernels matrix, policies, each call failing: %zu combinations\n", runs);
}

TEST_CASE("policies: on every release the smallest allowed and sufficient set is given up")
{
    runs = made = 0;
    for (const release version : all_releases())
        for (const wish &wanted : wishes)
            for (uint32_t allowed = 0; allowed <= everything; allowed++)
                run(version, wanted, allowed);
    std::printf("kernels matrix, policies: %zu combinations, %zu maps\n", runs, made);
}
