// SPDX-License-Identifier: BSD-2-Clause
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/version.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <utility>

#include "barebpf/map.hpp"
#include "place.h"
#include "test/catch.h"
#include "test/live/examples.h"
#include "test/numbers.h"

using namespace barebpf;
using namespace barebpf::test;

namespace
{

constexpr map_spec plain = {
    .type = map_type::hash, .key_size = 4, .value_size = 8, .max_entries = 16, .name = "plain"};

// What an existing map must differ in, beside `plain`, and the sentence about it.
struct changed {
    const char *member;
    map_spec spec;
    uint64_t wanted, found;
    const char *sentence;
};

map_spec with(auto change)
{
    map_spec spec = plain;
    change(spec);
    return spec;
}

const changed changes[] = {
    {"map_type", with([](map_spec &s) { s.type = map_type::lru_hash; }), 9, 1,
     "map_type is hash, not lru_hash"},
    {"key_size", with([](map_spec &s) { s.key_size = 8; }), 8, 4, "key_size is 4, not 8"},
    {"value_size", with([](map_spec &s) { s.value_size = 16; }), 16, 8, "value_size is 8, not 16"},
    {"max_entries", with([](map_spec &s) { s.max_entries = 17; }), 17, 16, "max_entries is 16, not 17"},
    {"map_flags", with([](map_spec &s) { s.flags = map_flags::no_prealloc; }), 1, 0,
     "map_flags is none, not no_prealloc"},
    {"map_name", with([](map_spec &s) { s.name = "other"; }), 0, 0, "map_name is 'plain', not 'other'"},
};

std::string sentence_of(const ensure_report &report, uint32_t index)
{
    char text[200];
    const int length = barebpf_difference_text(&report, index, 0, text, sizeof(text));
    CHECK(length == static_cast<int>(std::strlen(text)) + 1);
    return text;
}

uint64_t value_at(int fd, uint32_t key)
{
    uint64_t value = UINT64_MAX;
    return barebpf_map_lookup_elem(fd, &key, &value, 0) == 0 ? value : UINT64_MAX;
}

// Stores `number` of elements, each with its key as value.
int store(int fd, uint32_t number)
{
    for (uint32_t key = 0; key < number; key++) {
        const uint64_t value = key;
        if (const int refused = barebpf_map_update_elem(fd, &key, &value, 0))
            return refused;
    }
    return 0;
}

int store_three(int fd, void *calls)
{
    ++*static_cast<int *>(calls);
    return store(fd, 3);
}

int refuse_to_fill(int, void *)
{
    return -EPROTO;
}

// A pinned socket filter.
void pin_program(const std::string &path)
{
    const bpf_insn instructions[] = {{BPF_ALU64 | BPF_MOV | BPF_K, 0, 0, 0, 0},
                                     {BPF_JMP | BPF_EXIT, 0, 0, 0, 0}};
    bpf_attr attr;
    std::memset(&attr, 0, sizeof(attr));
    attr.prog_type = BPF_PROG_TYPE_SOCKET_FILTER;
    attr.insns = reinterpret_cast<uintptr_t>(instructions);
    attr.insn_cnt = 2;
    attr.license = reinterpret_cast<uintptr_t>("");
    const fd program(static_cast<int>(syscall(SYS_bpf, BPF_PROG_LOAD, &attr, sizeof(attr))));
    REQUIRE(program);
    REQUIRE(barebpf_obj_pin(program.get(), path.c_str()) == 0);
}

} // namespace

#define NEEDS_PLACE() \
    if (const std::string missing = missing_for_place(); !missing.empty()) \
    SKIP_BECAUSE(missing)

TEST_CASE("ensure: a map of each type is made, and found again without a difference")
{
    const uint32_t type = GENERATE(range(1u, first_unknown_type));
    NEEDS_PLACE();
    const example &wanted = example_of(type);
    if (!excuse(wanted).empty())
        return;
    const place here;
    const std::string pin = here.path("map");
    const prepared_example prepared = prepare(wanted);
    INFO("type " << barebpf_map_type_name(type));

    ensure_report first, second;
    const fd_result made = ensure_map(prepared.spec, pin.c_str(), {}, &first);
    INFO("errno " << (made ? 0 : made.error().number) << " at step " << first.step);
    REQUIRE(made);
    CHECK(first.what() == ensured::created);
    CHECK(id_of_pin(pin) == id_of_map(made->get()));

    const fd_result again = ensure_map(prepared.spec, pin.c_str(), {}, &second);
    REQUIRE(again);
    CHECK(second.what() == ensured::found);
    for (uint32_t i = 0; i < second.difference_count; i++)
        FAIL_CHECK(sentence_of(second, i));
    CHECK(id_of_map(again->get()) == id_of_map(made->get()));
    CHECK(here.names() == std::vector<std::string>{"map"});
}

TEST_CASE("ensure: a map whose size the kernel or the policy changes is found again")
{
    NEEDS_PLACE();
    const place here;
    const std::string pin = here.path("map");
    const auto page = static_cast<uint32_t>(sysconf(_SC_PAGESIZE));
    const map_spec ring = {.type = map_type::ringbuf, .max_entries = page + 1};
    const map_spec events = {
        .type = map_type::perf_event_array, .key_size = 4, .value_size = 4, .max_entries = 0};
    const map_spec shares = {.type = map_type::lru_hash,
                             .key_size = 4,
                             .value_size = 4,
                             .max_entries = 1001,
                             .flags = map_flags::no_common_lru};
    const map_spec &spec = GENERATE_COPY(ring, events, shares);
    if (spec.type == map_type::ringbuf && running_kernel() < KERNEL_VERSION(5, 8, 0))
        SKIP_BECAUSE("ring buffers, of Linux 5.8");
    const ensure_options how = {.allowed = {.allowed = give_up::size}};
    REQUIRE(ensure_map(spec, pin.c_str(), how));
    ensure_report report;
    CHECK(ensure_map(spec, pin.c_str(), how, &report));
    CHECK(report.what() == ensured::found);

    map_spec other = spec;
    other.max_entries = spec.type == map_type::perf_event_array ? 0 : 2 * (page + 1) + 1;
    if (other.max_entries) {
        CHECK_FALSE(ensure_map(other, pin.c_str(), how, &report));
        CHECK(report.difference_count == 1);
    }
}

TEST_CASE("ensure: each difference is named with both values, and the pin stays")
{
    NEEDS_PLACE();
    const place here;
    const std::string pin = here.path("map");
    const fd_result old = ensure_map(plain, pin.c_str());
    REQUIRE(old);
    const changed &change = changes[GENERATE(range(size_t{0}, std::size(changes)))];
    ensure_report report;
    const fd_result refused = ensure_map(change.spec, pin.c_str(), {}, &report);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().number == EEXIST);
    CHECK(report.step == BAREBPF_STEP_VERIFY);
    REQUIRE(report.difference_count == 1);
    CHECK(std::string(barebpf_map_field_name(report.differences[0].member)) == change.member);
    CHECK(report.differences[0].wanted == change.wanted);
    CHECK(report.differences[0].found == change.found);
    CHECK(sentence_of(report, 0) == change.sentence);
    CHECK(id_of_pin(pin) == id_of_map(old->get()));
    CHECK(here.names() == std::vector<std::string>{"map"});
}

TEST_CASE("ensure: map_extra, BTF and frozen are compared where the kernel shows them")
{
    NEEDS_PLACE();
    const place here;
    const std::string pin = here.path("map");
    ensure_report report;
    SECTION("map_extra")
    {
        if (running_kernel() < KERNEL_VERSION(5, 16, 0))
            SKIP_BECAUSE("bloom filters, of Linux 5.16");
        map_spec spec = {.type = map_type::bloom_filter, .value_size = 8, .max_entries = 16, .map_extra = 3};
        REQUIRE(ensure_map(spec, pin.c_str()));
        spec.map_extra = 4;
        CHECK_FALSE(ensure_map(spec, pin.c_str(), {}, &report));
        REQUIRE(report.difference_count == 1);
        CHECK(sentence_of(report, 0) == "map_extra is 0x3, not 0x4");
    }
    SECTION("BTF")
    {
        const fd btf = int_btf();
        REQUIRE(btf);
        map_spec spec = {.type = map_type::hash, .key_size = 4, .value_size = 4, .max_entries = 1};
        REQUIRE(ensure_map(spec, pin.c_str()));
        spec.btf_fd = static_cast<uint32_t>(btf.get());
        spec.btf_key_type_id = spec.btf_value_type_id = 1;
        CHECK_FALSE(ensure_map(spec, pin.c_str(), {}, &report));
        REQUIRE(report.difference_count == 1);
        CHECK(sentence_of(report, 0) == "the map has no BTF types, and should");
        CHECK(ensure_map(spec, pin.c_str(), {.allowed = {.allowed = give_up::btf}}));
    }
    SECTION("frozen")
    {
        REQUIRE(ensure_map(plain, pin.c_str()));
        CHECK_FALSE(ensure_map(plain, pin.c_str(), {.freeze = true}, &report));
        REQUIRE(report.difference_count == 1);
        CHECK(report.differences[0].member == BAREBPF_MEMBER_FROZEN);
        CHECK(sentence_of(report, 0) == "the map is not frozen, and should be");
        CHECK(ensure_map(plain, pin.c_str(), {.different = exists::replace, .freeze = true}));
        CHECK(ensure_map(plain, pin.c_str(), {.freeze = true}, &report));
        CHECK(report.what() == ensured::found);
        CHECK_FALSE(ensure_map(plain, pin.c_str(), {}, &report));
        CHECK(sentence_of(report, 0) == "the map is frozen, and should not be");
    }
    SECTION("a name that is not given is not compared")
    {
        REQUIRE(ensure_map(plain, pin.c_str()));
        CHECK(ensure_map(with([](map_spec &s) { s.name = nullptr; }), pin.c_str()));
    }
}

TEST_CASE("ensure: a map that differs is kept, replaced, or left")
{
    NEEDS_PLACE();
    const place here;
    const std::string pin = here.path("map");
    const fd_result old = ensure_map(plain, pin.c_str());
    REQUIRE(old);
    const map_spec larger = with([](map_spec &s) { s.max_entries = 32; });
    ensure_report report;
    SECTION("keep")
    {
        const fd_result kept = ensure_map(larger, pin.c_str(), {.different = exists::keep}, &report);
        REQUIRE(kept);
        CHECK(report.what() == ensured::kept);
        CHECK(report.difference_count == 1);
        CHECK(id_of_map(kept->get()) == id_of_map(old->get()));
    }
    SECTION("replace")
    {
        const fd_result made = ensure_map(larger, pin.c_str(), {.different = exists::replace}, &report);
        REQUIRE(made);
        CHECK(report.what() == ensured::replaced);
        CHECK(report.difference_count == 1);
        CHECK(id_of_pin(pin) == id_of_map(made->get()));
        CHECK(id_of_map(made->get()) != id_of_map(old->get()));
    }
    CHECK(here.names() == std::vector<std::string>{"map"});
}

TEST_CASE("ensure: a map is filled once, frozen, and has its mode and owner")
{
    NEEDS_PLACE();
    const place here;
    const std::string pin = here.path("map");
    int calls = 0;
    ensure_options how = {.freeze = true, .mode = 0640, .uid = 12, .gid = 34, .fill = store_three};
    how.context = &calls;
    const fd_result made = ensure_map(plain, pin.c_str(), how);
    REQUIRE(made);
    CHECK(value_at(made->get(), 2) == 2);
    CHECK(store(made->get(), 1) == -EPERM);
    CHECK(attributes_of(pin) == pin_attributes{0640, 12, 34});

    ensure_report report;
    CHECK(ensure_map(plain, pin.c_str(), how, &report));
    CHECK(calls == 1);
    CHECK(report.did == 0);
    SECTION("which are corrected")
    {
        REQUIRE(chmod(pin.c_str(), 0600) == 0);
        REQUIRE(chown(pin.c_str(), 0, 0) == 0);
        CHECK(ensure_map(plain, pin.c_str(), how, &report));
        CHECK(report.did == BAREBPF_DID_ATTRIBUTES);
        CHECK(attributes_of(pin) == pin_attributes{0640, 12, 34});
    }
    SECTION("or stay as they are")
    {
        CHECK(ensure_map(plain, pin.c_str(), {.freeze = true}, &report));
        CHECK(attributes_of(pin) == pin_attributes{0640, 12, 34});
    }
}

TEST_CASE("ensure: after a failure nothing is left")
{
    NEEDS_PLACE();
    const place here;
    const std::string pin = here.path("map");
    const std::vector<int> open = open_descriptors();
    ensure_report report;
    SECTION("of fill")
    {
        const fd_result made = ensure_map(plain, pin.c_str(), {.fill = refuse_to_fill}, &report);
        CHECK(made.error().number == EPROTO);
        CHECK(report.step == BAREBPF_STEP_FILL);
    }
    SECTION("of the creation")
    {
        barebpf_report created{};
        created.sz = sizeof(created);
        report.created = &created;
        const auto refused =
            ensure_map(with([](map_spec &s) { s.key_size = 0; }), pin.c_str(), {}, &report).error();
        CHECK(refused.number == EINVAL);
        CHECK(report.step == BAREBPF_STEP_CREATE);
        CHECK(created.first_error == EINVAL);
    }
    SECTION("with directories that were made")
    {
        const std::string deep = here.path("a/b//c/map");
        const ensure_options how = {.fill = refuse_to_fill, .make_directories = true};
        CHECK(ensure_map(plain, deep.c_str(), how, &report).error().number == EPROTO);
        CHECK((report.did & BAREBPF_DID_DIRECTORIES));
    }
    SECTION("where a program is pinned")
    {
        pin_program(here.path("program"));
        const auto refused =
            ensure_map(plain, here.path("program").c_str(), {.different = exists::replace}, &report).error();
        CHECK(refused.number == EACCES);
        CHECK(report.step == BAREBPF_STEP_KIND);
        CHECK(unlink(here.path("program").c_str()) == 0);
    }
    SECTION("where a directory is")
    {
        REQUIRE(mkdir(here.path("there").c_str(), 0700) == 0);
        CHECK(ensure_map(plain, here.path("there").c_str(), {.different = exists::replace}, &report)
                  .error()
                  .number == EACCES);
        CHECK(rmdir(here.path("there").c_str()) == 0);
    }
    SECTION("where the directory is missing")
    {
        CHECK(ensure_map(plain, here.path("none/map").c_str(), {}, &report).error().number == ENOENT);
        CHECK(report.step == BAREBPF_STEP_DIRECTORY);
    }
    SECTION("where a symbolic link leads nowhere")
    {
        REQUIRE(symlink("nowhere", pin.c_str()) == 0);
        CHECK(ensure_map(plain, pin.c_str(), {}, &report).error().number == EEXIST);
        CHECK(report.step == BAREBPF_STEP_RENAME);
        CHECK(unlink(pin.c_str()) == 0);
    }
    SECTION("where bpffs allows no dot")
    {
        CHECK(ensure_map(plain, here.path("with.dot").c_str(), {}, &report).error().number == EPERM);
    }
    CHECK(here.names().empty());
    CHECK(open_descriptors() == open);
}

TEST_CASE("ensure: outside a bpffs nothing is made")
{
    NEEDS_PLACE();
    char directory[] = "/tmp/barebpf-none-XXXXXX";
    REQUIRE(mkdtemp(directory));
    ensure_report report;
    const std::string pin = std::string(directory) + "/map";
    CHECK(ensure_map(plain, pin.c_str(), {}, &report).error().number == EPERM);
    CHECK(report.step == BAREBPF_STEP_PIN);
    CHECK(rmdir(directory) == 0);
}

TEST_CASE("ensure: bad arguments are refused before any syscall")
{
    ensure_report report;
    const std::string long_name(248, 'n'), long_path = "/" + std::string(4079, 'p');
    CHECK(ensure_map(plain, nullptr, {}, &report).error().number == EINVAL);
    CHECK(report.step == BAREBPF_STEP_CHECK);
    for (const char *pin : {"", "/", "a/", ".", "..", "a/.", "a/.."})
        CHECK(ensure_map(plain, pin).error().number == EINVAL);
    CHECK(ensure_map(plain, long_name.c_str()).error().number == ENAMETOOLONG);
    CHECK(ensure_map(plain, long_path.c_str()).error().number == ENAMETOOLONG);
    CHECK(ensure_map(with([](map_spec &s) { s.name = "sixteen_bytes_xx"; }), "x").error().number ==
          ENAMETOOLONG);
    CHECK(ensure_map(plain, "x", {.different = static_cast<exists>(4)}).error().number == EINVAL);
    CHECK(ensure_map(plain, "x", {.allowed = {.allowed = static_cast<give_up>(64)}}).error().number ==
          EINVAL);
    CHECK(ensure_map(plain, "x", {.mode = 010000}).error().number == EINVAL);
    CHECK(ensure_map(plain, "x", {.uid = UINT32_MAX}).error().number == EINVAL);
    CHECK(ensure_map(plain, "x", {.bpffs_fd = -1}).error().number == EINVAL);
    barebpf_map_spec lowered;
    barebpf_ensure_opts opts{};
    detail::lower(&lowered, plain);
    opts.sz = sizeof(opts);
    opts.is_new = 2;
    CHECK(barebpf_ensure_map(&lowered, "x", &opts, nullptr) == -EINVAL);
}

TEST_CASE("ensure: what a killed caller left is removed, and nothing else")
{
    NEEDS_PLACE();
    const place here;
    const std::string pin = here.path("map"), left = pin + "~barebpf";
    const fd_result half = create_map(plain);
    REQUIRE(mkdir(left.c_str(), 0700) == 0);
    REQUIRE(mkdir(here.path("other~barebpf").c_str(), 0700) == 0);
    const bool pinned = GENERATE(true, false);
    if (pinned)
        REQUIRE(barebpf_obj_pin(half->get(), (left + "/map").c_str()) == 0);
    ensure_report report;
    SECTION("when the map is made")
    {
        const fd_result made = ensure_map(plain, pin.c_str(), {}, &report);
        REQUIRE(made);
        CHECK(report.what() == ensured::created);
        CHECK(id_of_map(made->get()) != id_of_map(half->get()));
        CHECK(report.did == BAREBPF_DID_CLEAN);
    }
    SECTION("when the map was finished")
    {
        const fd_result finished = create_map(plain);
        REQUIRE(barebpf_obj_pin(finished->get(), pin.c_str()) == 0);
        CHECK(ensure_map(plain, pin.c_str(), {}, &report));
        CHECK(report.what() == ensured::found);
        CHECK(report.did == BAREBPF_DID_CLEAN);
    }
    SECTION("unless its owner is alive")
    {
        const fd_result finished = create_map(plain);
        REQUIRE(barebpf_obj_pin(finished->get(), pin.c_str()) == 0);
        const fd alive(open(left.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
        REQUIRE(syscall(SYS_flock, alive.get(), 2) == 0);
        CHECK(ensure_map(plain, pin.c_str(), {}, &report));
        CHECK(report.did == 0);
        CHECK(access(left.c_str(), F_OK) == 0);
        return;
    }
    CHECK(here.names() == std::vector<std::string>{"map", "other~barebpf"});
}

TEST_CASE("ensure: a reserved directory of another user becomes the caller's before it is used")
{
    NEEDS_PLACE();
    const place here;
    const std::string pin = here.path("map"), left = pin + "~barebpf";
    const fd_result theirs = create_map(plain);
    REQUIRE(mkdir(left.c_str(), 0700) == 0);
    REQUIRE(barebpf_obj_pin(theirs->get(), (left + "/map").c_str()) == 0);
    REQUIRE(chown(left.c_str(), 12, 12) == 0);
    REQUIRE(chmod(left.c_str(), 0777) == 0);
    std::optional<pin_attributes> meanwhile;
    const std::pair context = {&left, &meanwhile};
    ensure_options how = {.fill = [](int, void *given) {
        const auto &[path, found] = *static_cast<const decltype(context) *>(given);
        *found = attributes_of(*path);
        return 0;
    }};
    how.context = const_cast<void *>(static_cast<const void *>(&context));
    const fd_result made = ensure_map(plain, pin.c_str(), how);
    REQUIRE(made);
    CHECK((meanwhile && meanwhile->mode == 0700 && meanwhile->uid == geteuid()));
    CHECK(id_of_map(made->get()) != id_of_map(theirs->get()));
    CHECK(here.names() == std::vector<std::string>{"map"});
}

TEST_CASE("ensure: on a read-only bpffs a map is found, and none is made")
{
    NEEDS_PLACE();
    const place here;
    const std::string pin = here.path("map");
    REQUIRE(ensure_map(plain, pin.c_str()));
    REQUIRE(mount(nullptr, here.path("").c_str(), nullptr, MS_REMOUNT | MS_BIND | MS_RDONLY, nullptr) == 0);
    ensure_report report;
    CHECK(ensure_map(plain, pin.c_str(), {}, &report));
    CHECK(report.what() == ensured::found);
    CHECK(ensure_map(plain, here.path("other").c_str(), {}, &report).error().number == EROFS);
    CHECK(report.step == BAREBPF_STEP_DIRECTORY);
    CHECK(ensure_map(plain, pin.c_str(), {.mode = 0640}, &report).error().number == EROFS);
    CHECK(report.step == BAREBPF_STEP_ATTRIBUTES);
}

TEST_CASE("migrate: elements are copied as far as there is room")
{
    NEEDS_PLACE();
    const place here;
    const std::string pin = here.path("map");
    ensure_report report;
    const ensure_options migrate = {.different = exists::migrate};
    SECTION("into a hash, all of them")
    {
        REQUIRE(ensure_map(with([](map_spec &s) { s.max_entries = 200; }), pin.c_str(),
                           {.fill = [](int fd, void *) { return store(fd, 200); }}));
        const map_spec larger = with([](map_spec &s) { s.max_entries = 300; });
        const fd_result made = ensure_map(larger, pin.c_str(), migrate, &report);
        REQUIRE(made);
        CHECK(report.what() == ensured::migrated);
        CHECK(report.copied == 200);
        CHECK(report.left_out == 0);
        for (uint32_t key = 0; key < 200; key++)
            CHECK(value_at(made->get(), key) == key);
    }
    SECTION("into a smaller hash, those that fit")
    {
        REQUIRE(ensure_map(plain, pin.c_str(), {.fill = [](int fd, void *) { return store(fd, 16); }}));
        const map_spec smaller = with([](map_spec &s) { s.max_entries = 10; });
        REQUIRE(ensure_map(smaller, pin.c_str(), migrate, &report));
        CHECK(report.copied == 10);
        CHECK(report.left_out == 6);
    }
    SECTION("from an array into a smaller one")
    {
        map_spec array = with([](map_spec &s) { s.type = map_type::array; });
        REQUIRE(ensure_map(array, pin.c_str(), {.fill = [](int fd, void *) { return store(fd, 16); }}));
        array.max_entries = 12;
        const fd_result made = ensure_map(array, pin.c_str(), migrate, &report);
        REQUIRE(made);
        CHECK(report.copied == 12);
        CHECK(report.left_out == 4);
        CHECK(value_at(made->get(), 11) == 11);
    }
    SECTION("over what fill stores")
    {
        REQUIRE(ensure_map(plain, pin.c_str(), {.fill = [](int fd, void *) {
                               const uint32_t key = 1;
                               const uint64_t value = 77;
                               return barebpf_map_update_elem(fd, &key, &value, 0);
                           }}));
        int calls = 0;
        ensure_options how = {.different = exists::migrate, .fill = store_three};
        how.context = &calls;
        const map_spec larger = with([](map_spec &s) { s.max_entries = 32; });
        const fd_result made = ensure_map(larger, pin.c_str(), how, &report);
        REQUIRE(made);
        CHECK(calls == 1);
        CHECK(value_at(made->get(), 1) == 77);
        CHECK(value_at(made->get(), 2) == 2);
    }
    SECTION("for each CPU")
    {
        using counters = map<uint32_t, percpu<uint64_t, 512>>;
        const map_spec spec = {.type = map_type::percpu_hash, .max_entries = 4};
        const auto old = counters::ensure(pin.c_str(), spec);
        REQUIRE(old);
        static percpu<uint64_t, 512> value;
        value.resize(static_cast<uint32_t>(barebpf_possible_cpus()));
        for (uint32_t cpu = 0; cpu < value.size(); cpu++)
            value[cpu] = 100 + cpu;
        REQUIRE(old->set(5, value));
        map_spec larger = spec;
        larger.max_entries = 8;
        const auto made = counters::ensure(pin.c_str(), larger, migrate, &report);
        REQUIRE(made);
        CHECK(report.copied == 1);
        const auto copied = made->get(5);
        REQUIRE(copied);
        for (uint32_t cpu = 0; cpu < copied->size(); cpu++)
            CHECK((*copied)[cpu] == 100 + cpu);
    }
    SECTION("of any size, with room for them")
    {
        map_spec big = {.type = map_type::array, .key_size = 4, .value_size = 5000, .max_entries = 2};
        REQUIRE(ensure_map(big, pin.c_str()));
        big.max_entries = 3;
        int calls = 0;
        ensure_options short_of_room = migrate;
        short_of_room.fill = store_three;
        short_of_room.context = &calls;
        CHECK(ensure_map(big, pin.c_str(), short_of_room, &report).error().number == ENOBUFS);
        CHECK(report.step == BAREBPF_STEP_MIGRATE);
        CHECK(calls == 0); // before anything was made
        CHECK(report.scratch_needed == 5016);
        std::vector<char> scratch(5016);
        ensure_options how = migrate;
        how.scratch = scratch.data();
        how.scratch_size = scratch.size();
        CHECK(ensure_map(big, pin.c_str(), how, &report));
        CHECK(report.copied == 2);
    }
    CHECK(here.names() == std::vector<std::string>{"map"});
}

TEST_CASE("migrate: refuses what cannot be copied, and the pin stays")
{
    NEEDS_PLACE();
    const place here;
    const std::string pin = here.path("map");
    const map_spec queue = {.type = map_type::queue, .value_size = 8, .max_entries = 4};
    const bool from_queue = GENERATE(true, false);
    const fd_result old = ensure_map(from_queue ? queue : plain, pin.c_str());
    REQUIRE(old);
    ensure_report report;
    map_spec spec = from_queue ? queue : plain;
    if (from_queue)
        spec.max_entries = 5;
    else
        spec.value_size = 16;
    const auto refused = ensure_map(spec, pin.c_str(), {.different = exists::migrate}, &report).error();
    CHECK(refused.number == EOPNOTSUPP);
    CHECK(std::string(barebpf_map_field_name(report.uncopied)) == (from_queue ? "map_type" : "value_size"));
    CHECK(id_of_pin(pin) == id_of_map(old->get()));
    CHECK(here.names() == std::vector<std::string>{"map"});
}

TEST_CASE("ensure: a typed map is found, filled and checked")
{
    NEEDS_PLACE();
    const place here;
    const std::string pin = here.path("flows");
    using flows = map<uint32_t, uint64_t>;
    const map_spec spec = {.type = map_type::hash, .max_entries = 8};
    const auto made = flows::ensure(pin.c_str(), spec, [](flows &one) { return one.set(7, 70); });
    REQUIRE(made);
    CHECK(*made->get(7) == 70);
    ensure_report report;
    const auto again = flows::ensure(pin.c_str(), spec, {}, &report);
    REQUIRE(again);
    CHECK(report.what() == ensured::found);
    CHECK(*again->get(7) == 70);
    const auto failing = flows::ensure(here.path("other").c_str(), spec,
                                       [](flows &one) { return one.set(7, 70, when::if_present); });
    CHECK(failing.error().number == ENOENT);
    CHECK_FALSE(flows::ensure(pin.c_str(), {.type = map_type::hash, .value_size = 4, .max_entries = 8}));
}
