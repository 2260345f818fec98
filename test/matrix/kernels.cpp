// SPDX-License-Identifier: BSD-2-Clause
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <string>

#include "barebpf/barebpf.h"
#include "caller.h"
#include "lib/core/known.h"
#include "test/catch.h"
#include "test/model/kernel.h"
#include "test/numbers.h"

// Every kernel release × every layout of the options × every field alone and in pairs: the request, the
// kernel's answer, what the caller got, and that nothing stays open.
using namespace barebpf;
using namespace barebpf::test;

namespace
{

// No field, each alone, and each two of them.
std::vector<std::vector<size_t>> all_fields()
{
    std::vector<std::vector<size_t>> sets = {{}};
    for (size_t one = 0; one < field_count; one++) {
        sets.push_back({one});
        for (size_t other = 0; other < one; other++)
            sets.push_back({other, one});
    }
    return sets;
}

// One combination. The kernel's descriptors 0 to 2 are free where a bit of `lacking` is set; system call
// `failing`, counted from 1, fails with EIO (0: none does).
struct combination {
    release version;
    size_t layout;
    std::vector<size_t> fields;
    unsigned int lacking = 0;
    size_t failing = 0;
};

constexpr int untouched = 12345;
constexpr int lost = EIO;
unsigned long long combinations;

std::string described(const combination &run)
{
    std::string text = "Linux " + std::to_string(major_of(run.version)) + "." +
                       std::to_string(minor_of(run.version)) + ", sz " + std::to_string(run.layout) +
                       ", lacking " + std::to_string(run.lacking) + ", failing " +
                       std::to_string(run.failing);
    for (const size_t field : run.fields)
        text += std::string(", ") + name_of_field(field);
    return text;
}

bool is_create(const system_call &call, const std::array<unsigned char, attr_size> &attr)
{
    return call.nr == __NR_bpf && call.arguments[0] == BPF_MAP_CREATE && call.arguments[2] == attr_size &&
           std::memcmp(&call.attr, attr.data(), attr.size()) == 0;
}

// What the caller must get. A failed close changes nothing, because the descriptor is closed all the same.
int expected_result(const combination &run, const model_kernel &kernel)
{
    if (run.failing == 1 || run.failing == 2)
        return -lost;
    return kernel.last_verdict().error ? -kernel.last_verdict().error : 3;
}

// A descriptor below 3 costs two more calls.
size_t expected_calls(const combination &run, const model_kernel &kernel)
{
    const bool made = run.failing != 1 && !kernel.last_verdict().error;
    return made && run.lacking ? 3 : 1;
}

bool is_right(const combination &run, const caller &caller, const model_kernel &kernel, int result)
{
    const int expected = expected_result(run, kernel);
    return kernel.calls().size() == expected_calls(run, kernel) &&
           is_create(kernel.calls()[0], caller.attr()) && result == expected &&
           errno == (expected < 0 ? -expected : untouched);
}

// Runs a combination, and returns how many system calls that took.
size_t run(const combination &run)
{
    const caller caller(run.layout, run.fields);
    model_kernel kernel(run.version, machine());
    learned.names.learn(known::yes); // nothing to give up
    for (int fd = 0; fd <= 2; fd++)
        if (run.lacking >> fd & 1)
            kernel.lacks(fd);
    if (run.failing)
        kernel.fails(run.failing, lost);
    errno = untouched;
    const int result = caller.create();
    if (!is_right(run, caller, kernel, result))
        FAIL_CHECK(described(run) << ": result " << result << ", errno " << errno << ", "
                                  << kernel.calls().size() << " calls");
    const size_t calls = kernel.calls().size();
    if (result >= 0)
        barebpf_close(result);
    combinations++;
    return calls;
}

// A combination, and again with each of its system calls failing.
void run_and_fail(combination one)
{
    const size_t calls = run(one);
    for (one.failing = 1; one.failing <= calls; one.failing++)
        run(one);
}

template <typename F> void for_each_call(F run_one)
{
    combinations = 0;
    for (const release version : all_releases())
        for (const size_t layout : layouts[here])
            for (const std::vector<size_t> &fields : all_fields())
                run_one(combination{version, layout, fields});
}

void report(const char *what)
{
    std::printf("kernels matrix, %s: %zu releases, %zu layouts, %zu sets of fields: %llu combinations\n",
                what, all_releases().size(), std::size(layouts[here]), all_fields().size(), combinations);
}

// The answer to a set field from each release on, from facts about the kernel and not from lib/rules.
enum reading {
    too_long, // beyond the union: E2BIG
    foreign,  // in the union, not of BPF_MAP_CREATE: EINVAL
    refused,  // read, and refused for its value: EINVAL
    welcome,  // read, or ignored, and the map is created
};
struct answer {
    release since;
    reading expected;
};
// In the order of the fields.
const std::vector<answer> answers[] = {
    /* btf_fd */ {{v(3, 18), too_long}, {v(4, 15), foreign}, {v(4, 18), welcome}},
    /* btf_key_type_id */
    {{v(3, 18), too_long}, {v(4, 15), foreign}, {v(4, 18), welcome}, {v(4, 19), refused}},
    /* btf_value_type_id */
    {{v(3, 18), too_long}, {v(4, 15), foreign}, {v(4, 18), welcome}, {v(4, 19), refused}},
    /* btf_vmlinux_value_type_id */ {{v(3, 18), too_long}, {v(4, 15), foreign}, {v(5, 6), refused}},
    /* inner_map_fd */ {{v(3, 18), foreign}, {v(4, 12), welcome}},
    /* map_flags */ {{v(3, 18), foreign}, {v(4, 6), welcome}},
    /* map_extra */ {{v(3, 18), too_long}, {v(4, 15), foreign}, {v(5, 16), refused}},
    /* numa_node */ {{v(3, 18), foreign}, {v(4, 14), welcome}},
    /* map_ifindex */ {{v(3, 18), too_long}, {v(4, 1), foreign}, {v(4, 16), welcome}},
    /* value_type_btf_obj_fd */ {{v(3, 18), too_long}, {v(5, 0), foreign}, {v(6, 9), welcome}},
    /* token_fd */ {{v(3, 18), too_long}, {v(5, 0), foreign}, {v(6, 9), welcome}},
    /* excl_prog_hash */ {{v(3, 18), too_long}, {v(5, 0), foreign}, {v(6, 18), refused}},
    /* excl_prog_hash_size */ {{v(3, 18), too_long}, {v(5, 0), foreign}, {v(6, 18), refused}},
    /* map_name, short */ {{v(3, 18), foreign}, {v(4, 15), welcome}},
    /* map_name, 13 to 15 bytes */ {{v(3, 18), too_long}, {v(4, 1), foreign}, {v(4, 15), welcome}},
};
static_assert(std::size(answers) == field_count + 1);

reading reading_of(size_t row, release version)
{
    reading expected = too_long;
    for (const answer &answer : answers[row])
        if (version >= answer.since)
            expected = answer.expected;
    return expected;
}

int error_of(reading expected)
{
    return expected == too_long ? E2BIG : expected == welcome ? 0 : EINVAL;
}

bool is_about_bytes(rule why)
{
    return why == rule::tail_beyond_union || why == rule::unknown_field;
}

void check_alone(release version, size_t field, const char *name)
{
    const reading expected = reading_of(field + (std::strlen(name) > 12), version);
    const caller caller(layouts[here][3], {field});
    model_kernel kernel(version, machine());
    learned.names.learn(known::yes);
    const int result = caller.create(name);
    INFO(described({version, layouts[here][3], {field}}) << ", name " << name << ": result " << result);
    CHECK(result == (expected == welcome ? 3 : -error_of(expected)));
    CHECK(is_about_bytes(kernel.last_verdict().why) == (expected == too_long || expected == foreign));
    CHECK(kernel.calls().size() == 1);
    if (result >= 0)
        barebpf_close(result);
}

} // namespace

TEST_CASE("kernels: every request is made once, and its answer returned")
{
    for_each_call(run);
    report("all descriptors open");
}

TEST_CASE(
    "kernels: with descriptors 0 to 2 free, and with each system call failing, nothing is lost or leaks")
{
    for_each_call([](combination one) {
        for (one.lacking = 0; one.lacking < 8; one.lacking++)
            run_and_fail(one);
    });
    report("0 to 2 free or not, each call failing");
}

TEST_CASE("kernels: each release answers a single field as is known of it")
{
    const release version = GENERATE(from_range(all_releases()));
    for (size_t field = 0; field < field_count; field++)
        check_alone(version, field, "name");
    check_alone(version, name_field, "fifteen_letters");
    check_alone(version, name_field, "exactly_12__");
}
