// SPDX-License-Identifier: BSD-2-Clause
//
// The sz contract of our own structs: every sz, a set byte at every offset beyond the members of 0.1.0. The
// expected results are computed here from the layouts alone, which are stated once more so that the test does
// not rely on the headers. With GROWN the library and this program are built with headers whose structs have
// two more members: an old caller is then one of 0.1.0, a new one has them, a future one has still more.
// Plain C library only, so that it runs under qemu-user for architectures that have no test framework.
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <initializer_list>

#include "barebpf/barebpf.h"
#include "barebpf/boot.h"
#include "barebpf/apply.h"
#include "barebpf/probe.h"
#include "lib/boot/ensure_structs.h"
#include "lib/boot/apply_structs.h"
#include "test/tally.h"

namespace
{

constexpr size_t largest_sz = 4200;
constexpr size_t every_offset = 512; // up to this sz
constexpr unsigned char beyond_sz = 0x5a;
constexpr int abi = sizeof(void *) == 8 ? 0 : alignof(barebpf_policy) <= 4 ? 1 : 2;
constexpr const char *abi_names[] = {"LP64", "i386",
                                     "ILP32"}; // i386: 64-bit integers aligned to 4 bytes or 2

alignas(8) unsigned char caller[largest_sz + 16];
int syscalls;
unsigned long long combinations, wrong;

// A struct: where its members end in 0.1.0 and when it has grown, in each ABI.
struct subject {
    const char *name;
    size_t end_0_1_0[3];
    size_t end_grown[3];
    int served;    // result of a call that is accepted
    bool written;  // by the library
    int (*call)(); // with the struct in `caller`
    bool (*reads)(bool valid, size_t covered);
};

size_t covered(const subject &one, size_t sz)
{
#ifdef GROWN
    if (sz >= one.end_grown[abi])
        return one.end_grown[abi];
#endif
    return sz >= one.end_0_1_0[abi] ? one.end_0_1_0[abi] : 0;
}

template <typename T> T *as()
{
    return reinterpret_cast<T *>(caller);
}

barebpf_map_spec array_spec()
{
    barebpf_map_spec spec;
    std::memset(&spec, 0, sizeof(spec));
    spec.sz = sizeof(spec);
    spec.map_type = BAREBPF_MAP_TYPE_ARRAY;
    spec.key_size = spec.value_size = 4;
    spec.max_entries = 1;
    return spec;
}

const char *const description[] = {"type", "array", "key", "4", "value", "4", "entries", "1"};

int create_from_spec()
{
    return barebpf_map_create(as<barebpf_map_spec>(), nullptr, nullptr);
}

int encode_spec()
{
    unsigned char attr[92];
    return barebpf_map_create_attr(as<barebpf_map_spec>(), attr, sizeof(attr));
}

int parse_into_spec()
{
    barebpf_map_words words;
    std::memset(&words, 0, sizeof(words));
    words.sz = sizeof(words);
    return barebpf_map_words_parse(&words, as<barebpf_map_spec>(), description, 8, 0);
}

int parse_into_words()
{
    barebpf_map_spec spec = array_spec();
    return barebpf_map_words_parse(as<barebpf_map_words>(), &spec, description, 8, 0);
}

int create_with_policy()
{
    const barebpf_map_spec spec = array_spec();
    return barebpf_map_create(&spec, as<barebpf_policy>(), nullptr);
}

int create_with_report()
{
    const barebpf_map_spec spec = array_spec();
    return barebpf_map_create(&spec, nullptr, as<barebpf_report>());
}

// Every syscall returns 3, and the description of the map stays zero: as this spec.
int ensure_with(const barebpf_ensure_opts *opts, barebpf_ensure_report *report)
{
    barebpf_map_spec spec;
    std::memset(&spec, 0, sizeof(spec));
    spec.sz = sizeof(spec);
    return barebpf_ensure_map(&spec, "pin", opts, report);
}

int ensure_with_opts()
{
    return ensure_with(as<barebpf_ensure_opts>(), nullptr);
}

int ensure_with_report()
{
    return ensure_with(nullptr, as<barebpf_ensure_report>());
}

int probe_with_opts()
{
    return barebpf_probe_map_type(UINT32_MAX, as<barebpf_probe_opts>());
}

int order_plan()
{
    return barebpf_map_plan_order(as<barebpf_map_plan>());
}

char room[16];

int read_no_line()
{
    barebpf_map_spec spec = array_spec();
    barebpf_policy policy;
    barebpf_map_line line;
    std::memset(&policy, 0, sizeof(policy));
    std::memset(&line, 0, sizeof(line));
    policy.sz = sizeof(policy);
    line.sz = sizeof(line);
    line.spec = &spec;
    line.policy = &policy;
    return barebpf_map_file_next(as<barebpf_map_file>(), &line);
}

barebpf_map_spec line_spec;
barebpf_policy line_policy;

int read_into_line()
{
    barebpf_map_file file;
    std::memset(&file, 0, sizeof(file));
    file.sz = sizeof(file);
    file.text = "mkdir /a";
    file.size = 8;
    file.room = room;
    file.room_size = sizeof(room);
    return barebpf_map_file_next(&file, as<barebpf_map_line>());
}

// Without a directory: none is opened.
const char *no_directories[1];

int find_no_file()
{
    return barebpf_map_files_next(as<barebpf_map_files>());
}

int ensure_no_directory()
{
    return barebpf_directory_ensure(as<barebpf_directory>());
}

barebpf_map_file empty_file;
barebpf_map_line empty_line;

int fill_nothing()
{
    empty_file.sz = sizeof(empty_file);
    empty_line.sz = sizeof(empty_line);
    return barebpf_map_fill(3, as<barebpf_map_filling>());
}

// How the library must read the struct: the members it covers, and zero for the others.
template <typename T> bool reads(bool valid, size_t covered)
{
    T result;
    std::memset(&result, 0xee, sizeof(result));
    if (barebpf::read_struct(&result, as<T>()) != valid)
        return false;
    if (!valid)
        return true;
    const unsigned char *bytes = reinterpret_cast<const unsigned char *>(&result);
    if (std::memcmp(bytes, caller, covered) != 0)
        return false;
#ifdef GROWN
    if (covered <= offsetof(T, grown_first))
        return result.grown_first == 0 && result.grown_last == 0;
#endif
    return true;
}

bool reads_opts(bool, size_t)
{
    return true; // probe.cpp does not export how it reads them
}

const subject subjects[] = {
    {"spec, created", {92, 80, 80}, {104, 92, 96}, 3, false, create_from_spec, reads<barebpf_map_spec>},
    {"spec, encoded", {92, 80, 80}, {104, 92, 96}, 92, false, encode_spec, reads<barebpf_map_spec>},
    {"spec, parsed", {92, 80, 80}, {104, 92, 96}, 0, true, parse_into_spec, reads<barebpf_map_spec>},
    {"policy", {32, 32, 32}, {48, 44, 48}, 3, false, create_with_policy, reads<barebpf_policy>},
    {"report", {200, 192, 192}, {216, 204, 208}, 3, true, create_with_report, reads<barebpf_report>},
    {"words", {96, 56, 56}, {112, 68, 72}, 0, true, parse_into_words, reads<barebpf_map_words>},
    {"map file", {120, 80, 80}, {136, 92, 96}, 0, false, read_no_line, reads<barebpf_map_file>},
    {"map line", {232, 160, 160}, {248, 172, 176}, 1, true, read_into_line, reads<barebpf_map_line>},
    {"map plan", {24, 16, 16}, {40, 28, 32}, 0, false, order_plan, reads<barebpf_map_plan>},
    {"map files", {288, 272, 272}, {304, 284, 288}, 0, false, find_no_file, reads<barebpf_map_files>},
    {"directory", {56, 48, 48}, {72, 60, 64}, -EINVAL, true, ensure_no_directory, reads<barebpf_directory>},
    {"filling", {64, 40, 40}, {80, 52, 56}, 0, true, fill_nothing, reads<barebpf_map_filling>},
    {"probe opts", {24, 12, 12}, {40, 24, 24}, -EOPNOTSUPP, false, probe_with_opts, reads_opts},
    {"ensure opts", {100, 72, 72}, {112, 84, 88}, 3, false, ensure_with_opts, reads<barebpf_ensure_opts>},
    {"ensure report",
     {392, 384, 384},
     {408, 396, 400},
     3,
     true,
     ensure_with_report,
     reads<barebpf_ensure_report>},
};

// The caller's struct: members of 0.1.0 as the call needs them, all else in it zero.
void fill(const subject &one, size_t sz)
{
    const barebpf_map_spec spec = array_spec();
    std::memset(caller, 0, sizeof(caller));
    if (one.call == create_from_spec || one.call == encode_spec)
        std::memcpy(caller, &spec, one.end_0_1_0[abi]);
    if (one.call == read_no_line)
        as<barebpf_map_file>()->room = room;
    if (one.call == read_into_line) {
        as<barebpf_map_line>()->spec = &line_spec;
        as<barebpf_map_line>()->policy = &line_policy;
    }
    if (one.call == find_no_file)
        as<barebpf_map_files>()->directories = no_directories;
    if (one.call == fill_nothing) {
        as<barebpf_map_filling>()->file = &empty_file;
        as<barebpf_map_filling>()->line = &empty_line;
    }
    if (sz < sizeof(caller))
        std::memset(caller + sz, beyond_sz, sizeof(caller) - sz);
    std::memcpy(caller, &sz, sizeof(sz));
}

// One call: `dirty` is an offset at which a byte is set, if it lies within sz.
void run(const subject &one, size_t sz, size_t dirty)
{
    static unsigned char before[sizeof(caller)];
    fill(one, sz);
    if (dirty < sizeof(caller))
        caller[dirty] ^= 0xa5;
    const size_t end = covered(one, sz);
    const bool valid = end && sz <= 4096 && !(dirty >= end && dirty < sz);
    combinations++;
    bool right = one.reads(valid, end);
    std::memcpy(before, caller, sizeof(caller));
    syscalls = 0;
    const int result = one.call();
    right =
        right && result == (valid ? one.served : -EINVAL) && (syscalls != 0) == (valid && one.served == 3);
    const size_t untouched = valid && one.written ? end : 0;
    right = right && std::memcmp(caller + untouched, before + untouched, sizeof(caller) - untouched) == 0;
    if (!right && wrong++ < 20)
        std::printf("wrong: %s, sz %zu, set byte at %zu: result %d, %d syscalls\n", one.name, sz, dirty,
                    result, syscalls);
}

void run_all(const subject &one)
{
    for (size_t sz = 0; sz <= largest_sz; sz++) {
        run(one, sz, SIZE_MAX);
        const size_t first = one.end_0_1_0[abi];
        for (size_t dirty = first; sz <= every_offset && dirty <= sz; dirty++)
            run(one, sz, dirty);
        if (sz > every_offset)
            for (const size_t dirty : {first, sz - 1, sz})
                run(one, sz, dirty);
    }
    run(one, SIZE_MAX, SIZE_MAX);
}

void check(bool holds, const char *what)
{
    combinations++;
    if (!holds && wrong++ < 20)
        std::printf("wrong: %s\n", what);
}

// The library overwrites what was there, as far as the caller's struct goes.
void check_written()
{
    barebpf_report report;
    const size_t sz = sizeof(report), give_up_reasons = 32;
    std::memset(&report, 0xa5, sizeof(report));
    std::memcpy(&report, &sz, sizeof(sz));
    report.log = nullptr;
    const size_t end = covered(subjects[4], sz);
    std::memset(reinterpret_cast<char *>(&report) + end, 0, sizeof(report) - end);
    const barebpf_map_spec spec = array_spec();
    check(barebpf_map_create(&spec, nullptr, &report) == 3, "a report that was used before");
    check(report.calls == 1 && report.given_up == 0 && report.first_error == 0, "what a report says");
    check(sizeof(report.why) / sizeof(report.why[0]) == give_up_reasons, "a reason for each bit of given_up");
    for (const int32_t why : report.why)
        check(why == 0, "a reason for nothing");
}

} // namespace

namespace barebpf::arch
{

long call(long, long, long, long, long, long)
{
    syscalls++;
    return 3;
}

} // namespace barebpf::arch

int main()
{
    line_spec.sz = sizeof(line_spec);
    line_policy.sz = sizeof(line_policy);
    for (const subject &one : subjects)
        run_all(one);
    check_written();
#ifdef GROWN
    const char *which = "grown";
    check(sizeof(barebpf_map_spec) - subjects[0].end_grown[abi] < 8, "the structs have grown");
#else
    const char *which = "own";
    check(sizeof(barebpf_map_spec) - subjects[0].end_0_1_0[abi] <= 8, "the structs are those of 0.1.0");
#endif
    std::printf("sz matrix of %s structs, %s: %llu combinations, %llu wrong\n", which, abi_names[abi],
                combinations, wrong);
    barebpf::test::tally checks;
    checks.count(wrong == 0);
    return checks.end();
}
