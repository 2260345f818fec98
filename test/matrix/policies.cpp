// SPDX-License-Identifier: BSD-2-Clause
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <optional>
#include <string>

#include "barebpf/barebpf.h"
#include "caller.h"
#include "lib/core/concession.h"
#include "lib/core/known.h"
#include "test/catch.h"
#include "test/scripted/kernel.h"

// barebpf_map_create() under every policy on every release: what is given up is the least that kernel takes,
// as found by asking the rules about every set.
using namespace barebpf;
using namespace barebpf::test;

namespace
{

struct wish {
    const char *what;
    uint32_t type, value_size, max_entries, map_flags, numa_node;
    bool typed;
    const char *name;
};

constexpr uint32_t any_node = UINT32_MAX;

const wish wishes[] = {
    {"a plain array", BAREBPF_MAP_TYPE_ARRAY, 4, 1, 0, 0, false, "name"},
    {"a name with a dot", BAREBPF_MAP_TYPE_ARRAY, 4, 1, 0, 0, false, "a.b"},
    {"a name with a dash", BAREBPF_MAP_TYPE_ARRAY, 4, 1, 0, 0, false, "a-b"},
    {"types", BAREBPF_MAP_TYPE_ARRAY, 4, 1, 0, 0, true, "name"},
    {"types, and a dash", BAREBPF_MAP_TYPE_ARRAY, 4, 1, 0, 0, true, "a-b"},
    {"types that the map type refuses", BAREBPF_MAP_TYPE_PROG_ARRAY, 4, 1, 0, 0, true, ""},
    {"any node", BAREBPF_MAP_TYPE_HASH, 4, 1, BAREBPF_F_NUMA_NODE, any_node, false, "name"},
    {"no preallocation", BAREBPF_MAP_TYPE_HASH, 4, 1, BAREBPF_F_NO_PREALLOC, 0, true, "a.b"},
    {"a flag with a meaning", BAREBPF_MAP_TYPE_HASH, 4, 1, BAREBPF_F_NO_PREALLOC | BAREBPF_F_RDONLY_PROG, 0,
     false, ""},
    {"an odd ring buffer", BAREBPF_MAP_TYPE_RINGBUF, 0, 5000, BAREBPF_F_NUMA_NODE, any_node, false, "a-b"},
    {"perf events of all CPUs", BAREBPF_MAP_TYPE_PERF_EVENT_ARRAY, 4, 0, 0, 0, true, "name"},
    {"too many CPUs", BAREBPF_MAP_TYPE_CPUMAP, 4, 100000, BAREBPF_F_NUMA_NODE, any_node, true, "a.b"},
    {"a type of no kernel", 99, 4, 1, 0, 0, true, "a-b"},
};

map_create_attr attr_of(const wish &wanted)
{
    map_create_attr attr;
    clear(&attr);
    attr.map_type = wanted.type;
    attr.key_size = wanted.type == BAREBPF_MAP_TYPE_RINGBUF ? 0 : 4;
    attr.value_size = wanted.value_size;
    attr.max_entries = wanted.max_entries;
    attr.map_flags = wanted.map_flags;
    attr.numa_node = wanted.numa_node;
    attr.btf_fd = wanted.typed ? 11 : 0;
    attr.btf_key_type_id = attr.btf_value_type_id = wanted.typed ? 1 : 0;
    encode_name(attr.map_name, wanted.name);
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
    static environment around = machine();
    around.possible_cpus = 6;
    return around;
}

int error_of(release version, const wish &wanted, concessions set)
{
    map_create_attr attr = attr_of(wanted);
    concede(&attr, set, {machine_of_policies().page_size, machine_of_policies().possible_cpus});
    return decide(version, machine_of_policies(), &attr, map_create_attr_size).error;
}

unsigned int count(concessions set)
{
    return static_cast<unsigned int>(__builtin_popcount(set));
}

// The least to give up, of what is allowed; nothing when all of it is too little. A name goes only where
// there are none.
std::optional<concessions> least(release version, const wish &wanted, concessions allowed)
{
    if (version >= release_of(4, 15))
        allowed &= ~concessions{BAREBPF_GIVE_UP_NAME};
    allowed &=
        possible(attr_of(wanted), {machine_of_policies().page_size, machine_of_policies().possible_cpus});
    std::optional<concessions> found;
    for (concessions set = 0; set <= all_concessions; set++) {
        const bool both = (set & BAREBPF_GIVE_UP_NAME) && (set & BAREBPF_GIVE_UP_NAME_CHARS);
        if ((set & ~allowed) || both || error_of(version, wanted, set))
            continue;
        if (!found || count(set) < count(*found))
            found = set;
    }
    return found;
}

size_t runs, made;

void run(release version, const wish &wanted, concessions allowed)
{
    barebpf_policy policy{};
    policy.sz = sizeof(policy);
    policy.give_up = allowed;
    barebpf_report report{};
    report.sz = sizeof(report);
    const barebpf_map_spec spec = spec_of(wanted);
    scripted_kernel kernel(version, machine_of_policies());
    const int result = barebpf_map_create(&spec, &policy, &report);
    const std::optional<concessions> expected = least(version, wanted, allowed);
    INFO("Linux " << major_of(version) << "." << minor_of(version) << ", " << wanted.what << ", allowed "
                  << allowed << ": result " << result << ", given up " << report.given_up << ", "
                  << report.calls << " calls");
    CHECK((result >= 0) == expected.has_value());
    CHECK(report.given_up == expected.value_or(0));
    CHECK(report.calls <= 24);
    CHECK(report.first_error == error_of(version, wanted, 0));
    for (unsigned int bit = 0; bit < 5; bit++)
        CHECK((report.why[bit] != 0) == (report.given_up >> bit & 1));
    runs++;
    if (result < 0)
        return;
    made++;
    barebpf_close(result);
}

// What the last request for a map was.
map_create_attr last_asked(const scripted_kernel &kernel)
{
    map_create_attr attr;
    clear(&attr);
    for (const question &one : kernel.asked())
        if (one.nr == __NR_bpf)
            attr = one.attr;
    return attr;
}

// Everything allowed, under a limit that has to be raised, with one system call failing: what is reported is
// what was asked for last, and made; the limit is put back, for it is scoped. Returns how many calls that
// took.
size_t run_failing(release version, const wish &wanted, size_t failing, int error)
{
    barebpf_policy policy{};
    policy.sz = sizeof(policy);
    policy.give_up = all_concessions;
    policy.memlock = BAREBPF_MEMLOCK_SCOPED;
    barebpf_report report{};
    report.sz = sizeof(report);
    const barebpf_map_spec spec = spec_of(wanted);
    scripted_kernel kernel(version, machine_of_policies());
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
        map_create_attr expected = attr_of(wanted);
        concede(&expected, report.given_up,
                {machine_of_policies().page_size, machine_of_policies().possible_cpus});
        CHECK(std::memcmp(&last, &expected, map_create_attr_size) == 0);
    } else {
        CHECK(report.given_up == 0);
    }
    CHECK(std::string(report.name) == last.map_name);
    CHECK(report.max_entries == last.max_entries);
    CHECK(report.map_flags == last.map_flags);
    CHECK((kernel.memlock().soft == 4096 || kernel.asked()[failing - 1].nr == __NR_prlimit64));
    const size_t calls = kernel.asked().size();
    if (result >= 0)
        barebpf_close(result);
    runs++;
    return calls;
}

} // namespace

TEST_CASE("policies: with a call failing the report is true, the limit comes back and nothing leaks")
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

TEST_CASE("policies: on every release the least that is allowed and will do is given up")
{
    runs = made = 0;
    for (const release version : all_releases())
        for (const wish &wanted : wishes)
            for (concessions allowed = 0; allowed <= all_concessions; allowed++)
                run(version, wanted, allowed);
    std::printf("kernels matrix, policies: %zu combinations, %zu maps\n", runs, made);
}
