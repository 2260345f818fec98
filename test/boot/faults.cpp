// SPDX-License-Identifier: BSD-2-Clause
//
// barebpf_ensure_map() on the model kernel: each syscall fails with each errno, the process is killed before
// and after each, and others act in between. Expected states are stated here, from what boot.h promises.
#include <algorithm>
#include <cerrno>
#include <cstring>
#include <linux/bpf.h>

#include "barebpf/boot.hpp"
#include "model.h"
#include "test/catch.h"

using namespace barebpf;
using namespace barebpf::test;

namespace
{

constexpr const char *pin = "/bpf/maps/flows";
constexpr uint64_t mark = 0x77;
constexpr uint32_t filled = 2;
constexpr int errors[] = {EPERM,  EACCES, EINTR,  ENOMEM, EINVAL, ENOSYS,
                          ENOSPC, EEXIST, ENOENT, EBUSY,  EMFILE, EROFS};

std::string key_of(uint32_t key)
{
    return {reinterpret_cast<const char *>(&key), sizeof(key)};
}

std::string value_of(uint64_t value)
{
    return {reinterpret_cast<const char *>(&value), sizeof(value)};
}

int fill(int fd, void *)
{
    for (uint32_t key = 0; key < filled; key++)
        if (const int refused = barebpf_map_update_elem(fd, &key, &mark, 0))
            return refused;
    return 0;
}

// How the machine is before the call.
struct scenario {
    const char *name;
    bool has_directory, has_old, has_whole, has_leftover;
    exists different;
    bool plain = false;  // no elements, mode and owner are given: the map may be pinned at once
    bool is_new = false; // as the caller says
};
constexpr scenario scenarios[] = {
    {"nothing is there", true, false, false, false, exists::fail},
    {"the directory is missing", false, false, false, false, exists::fail},
    {"a dead caller left its map", true, false, false, true, exists::fail},
    {"the map is there", true, false, true, false, exists::fail},
    {"the map is there, and what a dead caller left", true, false, true, true, exists::fail},
    {"another map is replaced", true, true, false, false, exists::replace},
    {"another map is replaced, and what a dead caller left", true, true, false, true, exists::replace},
    {"another map is migrated", true, true, false, false, exists::migrate},
    {"nothing is there, for a plain map", true, false, false, false, exists::fail, true},
    {"the directory is missing, for a plain map", false, false, false, false, exists::fail, true},
    {"a dead caller left its map, for a plain map", true, false, false, true, exists::fail, true},
    {"another map is replaced by a plain one", true, true, false, false, exists::replace, true},
    {"nothing is there, as the caller knows", true, false, false, false, exists::fail, true, true},
    {"the directory is missing, as the caller knows", false, false, false, false, exists::fail, true, true},
    {"the map is there, unknown to the caller", true, false, true, false, exists::fail, true, true},
    {"another map is there, unknown to the caller", true, true, false, false, exists::replace, true, true},
    {"nothing is there, as the caller knows, for a map with elements", true, false, false, false,
     exists::fail, false, true},
};

constexpr map_spec spec = {
    .type = map_type::hash, .key_size = 4, .value_size = 8, .max_entries = 4, .name = "flows"};

ensure_options options(const scenario &of)
{
    if (of.plain)
        return {.different = of.different, .freeze = true, .make_directories = true, .is_new = of.is_new};
    return {.different = of.different,
            .freeze = true,
            .mode = 0640,
            .uid = 12,
            .gid = 34,
            .fill = fill,
            .make_directories = true,
            .is_new = of.is_new};
}

// The old map, with two elements of its own.
std::shared_ptr<model_map> old_map(boot_model *kernel)
{
    const auto map = kernel->new_map(BPF_MAP_TYPE_HASH, 4, 8, 3, "old");
    map->elements[key_of(1)] = value_of(0x11);
    map->elements[key_of(9)] = value_of(0x99);
    return map;
}

bool is_part_of(const std::map<std::string, std::string> &part, const std::map<std::string, std::string> &all)
{
    return std::all_of(part.begin(), part.end(), [&](const auto &one) { return all.contains(one.first); });
}

bool is_whole(const model_map &map, const scenario &of, bool may_be_nameless, bool may_lack_elements)
{
    const bool migrated = of.has_old && of.different == exists::migrate;
    std::map<std::string, std::string> elements;
    if (!of.plain)
        elements = {{key_of(0), value_of(mark)}, {key_of(1), value_of(mark)}};
    if (migrated) {
        elements[key_of(1)] = value_of(0x11);
        elements[key_of(9)] = value_of(0x99);
    }
    return map.type == BPF_MAP_TYPE_HASH && map.key_size == 4 && map.value_size == 8 &&
           map.max_entries == 4 && (map.name == "flows" || (may_be_nameless && map.name.empty())) &&
           map.frozen && (may_lack_elements ? is_part_of(map.elements, elements) : map.elements == elements);
}

bool has_attributes(const scenario &of, const model_file &file)
{
    if (of.plain)
        return file.mode == 0600 && file.uid == 0 && file.gid == 0;
    return file.mode == 0640 && file.uid == 12 && file.gid == 34;
}

struct machine {
    scenario of;
    boot_model kernel;
    std::shared_ptr<model_map> old;
    bool may_lack_elements = false; // an error counts as the end of the map, or as lack of room
    bool may_be_nameless = false;   // the default policy gives a name up
    uint32_t calls = 0;
    bool may_lack_attributes; // Linux 4.4: for a moment; or what is pinned already, until it is corrected

    machine(const scenario &which, const abilities &able) : of(which), kernel(able)
    {
        may_lack_attributes = !able.rename || of.has_whole;
        if (of.has_directory)
            kernel.make_directory("/bpf/maps");
        if (of.has_old)
            kernel.pin(pin, old = old_map(&kernel));
        if (of.has_whole) {
            const auto whole = kernel.new_map(BPF_MAP_TYPE_HASH, 4, 8, 4, "flows");
            if (!of.plain)
                whole->elements = {{key_of(0), value_of(mark)}, {key_of(1), value_of(mark)}};
            whole->frozen = true;
            kernel.pin(pin, whole);
        }
        if (of.has_leftover) {
            kernel.make_directory(std::string(pin) + "~barebpf");
            kernel.pin(std::string(pin) + "~barebpf/map",
                       kernel.new_map(BPF_MAP_TYPE_HASH, 4, 8, 4, "flows"));
        }
        kernel.watch([this] { look(); });
    }

    // At any moment the pin is none, the old map, or a finished one.
    void look()
    {
        const auto file = kernel.at(pin);
        if (!file || file->map == old)
            return;
        CHECK(is_whole(*file->map, of, may_be_nameless, may_lack_elements));
        CHECK((may_lack_attributes || has_attributes(of, *file)));
    }

    int run(ensure_report *report = nullptr)
    {
        const ensure_options how = options(of);
        of.is_new = false; // what a caller knew before the first call
        fd_result map = ensure_map(spec, pin, how, report);
        calls = kernel.calls();
        if (!map)
            return -map.error().number;
        const int fd = (*map).release();
        const auto file = kernel.at(pin);
        CHECK(fd >= 3);
        CHECK(file);
        CHECK((file && file->map == kernel.map_of(fd)));
        CHECK((file && has_attributes(of, *file)));
        kernel.drop(fd);
        return 0;
    }

    // What must be so after a call that nothing disturbs.
    void check_final()
    {
        CHECK(kernel.names() == std::vector<std::string>{"maps", "maps/flows"});
        const auto file = kernel.at(pin);
        REQUIRE(file);
        CHECK(is_whole(*file->map, of, may_be_nameless, may_lack_elements));
        CHECK(has_attributes(of, *file));
        CHECK(kernel.open_count() == 0);
    }

    bool has_staging() const { return kernel.at(std::string(pin) + "~barebpf") != nullptr; }
};

// Linux 4.4 cannot replace a pin in one step.
bool is_possible(const scenario &of, const abilities &able)
{
    return able.rename || !of.has_old;
}

uint32_t calls_of(const scenario &of, const abilities &able)
{
    machine undisturbed(of, able);
    CHECK(undisturbed.run() == 0);
    undisturbed.check_final();
    return undisturbed.calls;
}

} // namespace

TEST_CASE("ensure: a plain map is made by four syscalls if it is small, and under a lock if it is large")
{
    const uint32_t max_entries = GENERATE(3276, 3277); // of 20 bytes, as boot.md counts them: 64 KiB, or more
    boot_model kernel(all_abilities[3]);
    kernel.make_directory("/bpf/maps");
    bool has_lock = false;
    kernel.watch([&] { has_lock |= kernel.at(std::string(pin) + "~barebpf") != nullptr; });
    map_spec sized = spec;
    sized.max_entries = max_entries;
    const fd_result made = ensure_map(sized, pin);
    REQUIRE(made);
    CHECK(has_lock == (max_entries == 3277));
    CHECK((kernel.calls() == 4) == (max_entries == 3276));
    CHECK(kernel.names() == std::vector<std::string>{"maps", "maps/flows"});
}

TEST_CASE("ensure: a small map that is known to be new takes two syscalls, and is found if it is there")
{
    boot_model kernel(all_abilities[3]);
    kernel.make_directory("/bpf/maps");
    const fd_result made = ensure_map(spec, pin, {.is_new = true});
    REQUIRE(made);
    CHECK(kernel.calls() == 2);
    ensure_report report;
    const fd_result found = ensure_map(spec, pin, {.is_new = true}, &report);
    REQUIRE(found);
    CHECK(report.what() == ensured::found);
    CHECK(kernel.map_of((*found).get()) == kernel.map_of((*made).get()));
    map_spec other = spec;
    other.value_size = 16;
    CHECK(ensure_map(other, pin, {.is_new = true}, &report).error().number == EEXIST);
    CHECK(report.step == BAREBPF_STEP_VERIFY);
    CHECK(kernel.names() == std::vector<std::string>{"maps", "maps/flows"});
}

TEST_CASE("ensure: a map that is found takes four syscalls, and one more for its attributes")
{
    boot_model kernel(all_abilities[3]);
    kernel.make_directory("/bpf/maps");
    const fd_result made = ensure_map(spec, pin);
    REQUIRE(made);
    uint32_t before = kernel.calls();
    const fd_result found = ensure_map(spec, pin);
    CHECK(found);
    CHECK(kernel.calls() - before == 4);
    before = kernel.calls();
    const fd_result with_mode = ensure_map(spec, pin, {.mode = 0600});
    CHECK(with_mode);
    CHECK(kernel.calls() - before == 5);
}

TEST_CASE("faults: whichever syscall fails, nothing half-made is seen or left, and the next call succeeds")
{
    const scenario &of = scenarios[GENERATE(range(size_t{0}, std::size(scenarios)))];
    const abilities &able = all_abilities[GENERATE(range(size_t{0}, std::size(all_abilities)))];
    INFO(of.name << ", " << able.name);
    if (!is_possible(of, able))
        return;
    const uint32_t calls = calls_of(of, able);
    uint32_t failed = 0;
    for (uint32_t nth = 1; nth <= calls; nth++) {
        for (const int error : errors) {
            INFO("syscall " << nth << " of " << calls << " fails with " << barebpf_errno_name(error));
            machine here(of, able);
            here.may_lack_attributes |= error == EPERM; // taken for a bpffs without rename
            here.may_lack_elements = of.different == exists::migrate && (error == ENOENT || error == ENOSPC);
            here.may_be_nameless = error == EINVAL;
            here.kernel.fails(nth, error);
            ensure_report report;
            const int result = here.run(&report);
            failed += result != 0;
            CHECK((result == 0) == (report.step == 0));
            CHECK(here.kernel.open_count() == 0);
            // What is left is a reserved name, if it could not be locked or removed.
            if (report.step != BAREBPF_STEP_LOCK && !here.kernel.did_fail_cleaning() && report.step != 0 &&
                !of.has_leftover)
                CHECK_FALSE(here.has_staging());
            CHECK(here.run() == 0);
            here.check_final();
        }
    }
    CHECK(failed > (of.has_whole ? 0 : calls));
}

TEST_CASE(
    "faults: killed before or after any syscall, nothing half-made is seen, and the next call converges")
{
    const scenario &of = scenarios[GENERATE(range(size_t{0}, std::size(scenarios)))];
    const abilities &able = all_abilities[GENERATE(range(size_t{0}, std::size(all_abilities)))];
    INFO(of.name << ", " << able.name);
    if (!is_possible(of, able))
        return;
    const uint32_t calls = calls_of(of, able);
    for (uint32_t nth = 1; nth <= calls; nth++) {
        for (const bool after : {false, true}) {
            INFO("killed " << (after ? "after" : "before") << " syscall " << nth << " of " << calls);
            machine here(of, able);
            here.kernel.kills(nth, after);
            CHECK_THROWS_AS(here.run(), killed);
            here.kernel.bury();
            for (const std::string &name : here.kernel.names())
                CHECK((name == "maps" || name == "maps/flows" || name == "maps/flows~barebpf" ||
                       name == "maps/flows~barebpf/map"));
            CHECK(here.run() == 0);
            here.check_final();
        }
    }
}

TEST_CASE("faults: another caller's whole call before any syscall ends with the same map for both")
{
    const scenario &of = scenarios[GENERATE(range(size_t{0}, std::size(scenarios)))];
    const abilities &able = all_abilities[GENERATE(range(size_t{0}, std::size(all_abilities)))];
    INFO(of.name << ", " << able.name);
    if (!is_possible(of, able))
        return;
    const uint32_t calls = calls_of(of, able);
    for (uint32_t nth = 1; nth <= calls; nth++) {
        INFO("before syscall " << nth << " of " << calls);
        machine here(of, able);
        std::shared_ptr<model_map> others;
        int other = 1;
        here.kernel.interrupts(nth, [&] {
            other = here.kernel.as_other([&] { return here.run(); });
            others = other == 0 ? here.kernel.at(pin)->map : nullptr;
        });
        CHECK(here.run() == 0);
        CHECK((other == 0 || other == -EINTR)); // EINTR: it would have waited
        CHECK((!others || others == here.kernel.at(pin)->map));
        here.check_final();
    }
}

TEST_CASE("faults: another caller who fails before any syscall does not disturb")
{
    const scenario &of = scenarios[GENERATE(range(size_t{0}, std::size(scenarios)))];
    const abilities &able = all_abilities[GENERATE(range(size_t{0}, std::size(all_abilities)))];
    INFO(of.name << ", " << able.name);
    if (!is_possible(of, able))
        return;
    const uint32_t calls = calls_of(of, able);
    for (uint32_t nth = 1; nth <= calls; nth++) {
        INFO("before syscall " << nth << " of " << calls);
        machine here(of, able);
        here.kernel.interrupts(nth, [&] {
            here.kernel.as_other([&] {
                ensure_options how = options(of);
                how.fill = [](int, void *) { return -EPROTO; };
                return ensure_map(spec, pin, how) ? 0 : 1;
            });
        });
        CHECK(here.run() == 0);
        here.check_final();
    }
}

TEST_CASE("faults: a stranger who pins or removes a map meanwhile is not overwritten unless replacing")
{
    const abilities &able = all_abilities[GENERATE(range(size_t{0}, std::size(all_abilities)))];
    const bool pins = GENERATE(true, false);
    const scenario &of = scenarios[pins ? 0 : 5];
    INFO(of.name << ", " << able.name);
    if (!is_possible(of, able))
        return;
    const uint32_t calls = calls_of(of, able);
    for (uint32_t nth = 1; nth <= calls; nth++) {
        INFO("before syscall " << nth << " of " << calls);
        machine here(of, able);
        here.kernel.interrupts(nth, [&] {
            if (pins && !here.kernel.at(pin))
                here.kernel.pin(pin, here.old = old_map(&here.kernel));
            if (!pins && here.kernel.at(pin) && here.kernel.at(pin)->map == here.old)
                here.kernel.remove(pin);
        });
        ensure_report report;
        if (!pins) {
            CHECK(here.run() == 0);
            here.check_final();
            continue;
        }
        const int result = here.run(&report);
        CHECK(result == (here.old ? -EEXIST : 0));
        if (here.old) {
            CHECK(report.step == BAREBPF_STEP_VERIFY);
            CHECK(here.kernel.at(pin)->map == here.old);
        }
        CHECK_FALSE(here.has_staging());
        CHECK(here.kernel.open_count() == 0);
    }
}

TEST_CASE("faults: where a pin cannot be replaced in one step it stays as it is")
{
    for (const scenario &of : scenarios) {
        if (!of.has_old)
            continue;
        machine here(of, all_abilities[0]);
        ensure_report report;
        CHECK(here.run(&report) == -EPERM);
        CHECK(report.step == BAREBPF_STEP_RENAME);
        CHECK(here.kernel.at(pin)->map == here.old);
        CHECK_FALSE(here.has_staging());
        CHECK(here.kernel.open_count() == 0);
    }
}
