// SPDX-License-Identifier: BSD-2-Clause
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string>
#include <vector>

#include <dirent.h>
#include <linux/version.h>

#include "barebpf/apply.h"
#include "lib/boot/bpffs_sys.h"
#include "lib/calls/attr.h"
#include "lib/explain/calls.h"
#include "script.h"
#include "test/catch.h"

using namespace barebpf::test;

namespace
{

// A reader behind the first line of a text, which is a map's.
struct read_map {
    std::string text;
    std::vector<char> room = std::vector<char>(BAREBPF_LINE_ROOM);
    barebpf_map_file file{};
    barebpf_map_line line{};
    barebpf_map_spec spec{};
    barebpf_policy policy{};
    std::vector<char> scratch;
    barebpf_map_filling filling{};

    explicit read_map(std::string what, size_t scratch_size = 4096)
        : text(std::move(what)), scratch(scratch_size)
    {
        file.sz = sizeof(file);
        file.text = text.data();
        file.size = text.size();
        file.room = room.data();
        file.room_size = room.size();
        file.key_room = file.value_room = 4096;
        file.cpus = 3;
        line.sz = sizeof(line);
        spec.sz = sizeof(spec);
        policy.sz = sizeof(policy);
        line.spec = &spec;
        line.policy = &policy;
        REQUIRE(barebpf_map_file_next(&file, &line) == 1);
        REQUIRE(line.kind == BAREBPF_LINE_MAP);
        filling.sz = sizeof(filling);
        filling.file = &file;
        filling.line = &line;
        filling.scratch = scratch.data();
        filling.scratch_size = scratch.size();
    }

    int fill() { return barebpf_map_fill(7, &filling); }
};

constexpr long update_elem = 2, update_batch = 26; // of bpf(2)

// The attr of a call that writes elements, as the kernel reads it.
struct batch_attr {
    uint64_t in, out, keys, values;
    uint32_t count, fd;
};
struct elem_attr {
    uint32_t fd, padding;
    uint64_t key, value;
};

template <typename T> const T &pointed_at(uint64_t address)
{
    return *reinterpret_cast<const T *>(static_cast<uintptr_t>(address));
}

// What an update of the kernel's map received: "1=10 2=20".
std::string received;

template <typename K, typename V> answer takes_batch(long value = 0, uint32_t done = UINT32_MAX)
{
    return [=](const system_call &call) {
        REQUIRE(call.arguments[0] == update_batch);
        auto *attr = reinterpret_cast<batch_attr *>(call.arguments[1]);
        CHECK(attr->fd == 7);
        attr->count = std::min(attr->count, done);
        for (uint32_t i = 0; i < attr->count; i++)
            received += std::to_string(pointed_at<K>(attr->keys + i * sizeof(K))) + "=" +
                        std::to_string(pointed_at<V>(attr->values + i * sizeof(V))) + " ";
        return value;
    };
}

template <typename K, typename V> answer takes_element(long value = 0)
{
    return [=](const system_call &call) {
        REQUIRE(call.arguments[0] == update_elem);
        const auto *attr = reinterpret_cast<const elem_attr *>(call.arguments[1]);
        CHECK(attr->fd == 7);
        if (value == 0)
            received += (attr->key ? std::to_string(pointed_at<K>(attr->key)) : "") + "=" +
                        std::to_string(pointed_at<V>(attr->value)) + " ";
        return value;
    };
}

const std::string hash = "create /m type hash key 4 value 8 entries 9\n";

// A record of getdents64(2). A name that ends with a slash is a directory's.
std::string record(std::string name)
{
    const bool is_directory = name.back() == '/';
    if (is_directory)
        name.pop_back();
    std::string bytes(19 + name.size() + 1, '\0');
    while (bytes.size() % 8)
        bytes += '\0';
    const auto size = static_cast<uint16_t>(bytes.size());
    std::memcpy(bytes.data() + 16, &size, 2);
    bytes[18] = is_directory ? DT_DIR : DT_REG;
    std::memcpy(bytes.data() + 19, name.data(), name.size());
    return bytes;
}

// Directories, by path, which are opened, read and closed. A missing one is ENOENT.
answer directories(const std::vector<std::pair<std::string, std::vector<std::string>>> &all)
{
    struct reading {
        size_t open = 0;
        bool at_end = false;
    };
    const auto state = std::make_shared<reading>();
    return [=](const system_call &call) -> long {
        if (call.nr == __NR_openat) {
            const std::string path = reinterpret_cast<const char *>(call.arguments[1]);
            *state = reading();
            while (state->open < all.size() && all[state->open].first != path)
                state->open++;
            return state->open < all.size() ? 9 : -ENOENT;
        }
        if (call.nr != __NR_getdents64 || state->at_end)
            return 0;
        state->at_end = true;
        std::string bytes;
        for (const std::string &name : all[state->open].second)
            bytes += record(name);
        REQUIRE(bytes.size() <= static_cast<size_t>(call.arguments[2]));
        std::memcpy(reinterpret_cast<void *>(call.arguments[1]), bytes.data(), bytes.size());
        return static_cast<long>(bytes.size());
    };
}

std::string all_files(barebpf_map_files *files)
{
    std::string found;
    int result = 0;
    while ((result = barebpf_map_files_next(files)) == 1)
        found += std::string(barebpf_map_files_path(files, files->directory)) + "/" + files->name + " ";
    CHECK(result == 0);
    return found;
}

// A directory of this mode and owner, for which each syscall but the one numbered `nr` succeeds.
answer has_directory(uint16_t mode, uint32_t uid, uint32_t gid, long nr = -1, long refused = 0)
{
    return [=](const system_call &call) -> long {
        if (call.nr == nr)
            return refused;
        if (call.nr == __NR_statx) {
            auto *about = reinterpret_cast<barebpf::sys::file_status *>(call.arguments[4]);
            about->mode = static_cast<uint16_t>(040000 | mode);
            about->uid = uid;
            about->gid = gid;
        }
        return call.nr == __NR_openat ? 9 : 0;
    };
}

barebpf_directory wanted_directory(const char *path)
{
    barebpf_directory wanted{};
    wanted.sz = sizeof(wanted);
    wanted.path = path;
    wanted.mode = 0750;
    wanted.owner = 3;
    wanted.group = BAREBPF_LINE_UNSET;
    return wanted;
}

long count_calls(long nr)
{
    long count = 0;
    for (const system_call &call : recorded_calls())
        count += call.nr == nr;
    return count;
}

} // namespace

TEST_CASE("fill: elements are set in one batch, and the same again in another map", "[apply]")
{
    read_map of(hash + "set 1 10\n# two more\nset 2..3 20\nmkdir /next\n");
    received = "";
    script({takes_batch<uint32_t, uint64_t>()});
    CHECK(of.fill() == 0);
    CHECK(received == "1=10 2=20 3=20 ");
    CHECK(of.filling.elements == 3);
    CHECK(of.filling.failed_line == 0);
    received = "";
    script({takes_batch<uint32_t, uint64_t>()});
    CHECK(of.fill() == 0);
    CHECK(received == "1=10 2=20 3=20 ");
    CHECK(of.file.at == hash.size());
    CHECK(of.file.line == 1);
    REQUIRE(barebpf_map_file_next(&of.file, &of.line) == 1);
    CHECK(of.line.kind == BAREBPF_LINE_MKDIR);
    CHECK(of.line.line == 5);
}

TEST_CASE("fill: what the line was used for before does not matter", "[apply]")
{
    read_map of(hash + "set 1..2 10\n");
    received = "";
    of.line.wrong = BAREBPF_WRONG_MODE;
    script({takes_batch<uint32_t, uint64_t>()});
    CHECK(of.fill() == 0);
    CHECK(received == "1=10 2=10 ");
}

TEST_CASE("fill: a map without elements needs no scratch and no syscall", "[apply]")
{
    read_map of(hash + "create /other type hash key 4 value 8 entries 9\nset 1 1\n", 0);
    script({});
    CHECK(of.fill() == 0);
    CHECK(of.filling.elements == 0);
    CHECK(of.file.line == 1);
}

TEST_CASE("fill: where there are no batches elements are set one by one", "[apply]")
{
    read_map of(hash + "set 1 10\nset 2 20\n");
    received = "";
    const long without = GENERATE(-EINVAL, -EOPNOTSUPP, -524);
    script({result(without), takes_element<uint32_t, uint64_t>(), takes_element<uint32_t, uint64_t>()});
    CHECK(of.fill() == 0);
    CHECK(received == "1=10 2=20 ");
    CHECK(of.filling.elements == 2);
}

TEST_CASE("fill: a batch that fails without a count has set nothing", "[apply]")
{
    read_map of(hash + "set 1 10\nset 2 20\n");
    received = "";
    script({result(-ENOMEM), takes_element<uint32_t, uint64_t>(), takes_element<uint32_t, uint64_t>()});
    CHECK(of.fill() == 0);
    CHECK(received == "1=10 2=20 ");
    CHECK(of.filling.elements == 2);
}

TEST_CASE("fill: it is needed where `set` lines may follow", "[apply]")
{
    const auto is_needed = [](const std::string &behind) {
        const read_map of(hash + behind);
        return barebpf_map_fill_is_needed(&of.file);
    };
    CHECK(is_needed("set 1 10\n") == 1);
    CHECK(is_needed("\n # a comment\nset 1 10\n") == 1);
    CHECK(is_needed("\"set\" 1 10\n") == 1);
    CHECK(is_needed("'set' 1 10\n") == 1);
    CHECK(is_needed("mkdir /next\n") == 0);
    CHECK(is_needed("") == 0);
    CHECK(barebpf_map_fill_is_needed(nullptr) == 0);
}

TEST_CASE("fill: after a batch that ended early the refused element is known", "[apply]")
{
    read_map of(hash + "set 1 10\nset 2 20\n\nset 3 30\n");
    received = "";
    script({takes_batch<uint32_t, uint64_t>(-E2BIG, 1), takes_element<uint32_t, uint64_t>(),
            takes_element<uint32_t, uint64_t>(-E2BIG)});
    CHECK(of.fill() == -E2BIG);
    CHECK(received == "1=10 2=20 ");
    CHECK(of.filling.elements == 2);
    CHECK(of.filling.failed_line == 5);
}

TEST_CASE("fill: one that failed within a range begins with its first element again", "[apply]")
{
    read_map of(hash + "set 1..4 1\n", 2 * (4 + 4 + 8));
    const barebpf_map_file before = of.file;
    received = "";
    script({takes_batch<uint32_t, uint64_t>(), takes_batch<uint32_t, uint64_t>(-E2BIG, 0),
            takes_element<uint32_t, uint64_t>(-E2BIG)});
    CHECK(of.fill() == -E2BIG);
    CHECK(received == "1=1 2=1 ");
    CHECK(std::memcmp(&before, &of.file, sizeof(before)) == 0);
    received = "";
    script({takes_batch<uint32_t, uint64_t>(), takes_batch<uint32_t, uint64_t>()});
    CHECK(of.fill() == 0);
    CHECK(received == "1=1 2=1 3=1 4=1 ");
}

TEST_CASE("fill: the scratch decides how many are set at once", "[apply]")
{
    constexpr size_t each = 4 + 4 + 8;
    read_map of(hash + "set 1..5 1\n", 2 * each);
    received = "";
    script({takes_batch<uint32_t, uint64_t>(), takes_batch<uint32_t, uint64_t>(),
            takes_element<uint32_t, uint64_t>()});
    CHECK(of.fill() == 0);
    CHECK(received == "1=1 2=1 3=1 4=1 5=1 ");
}

TEST_CASE("fill: too little scratch is refused before anything is read or set", "[apply]")
{
    read_map of("create /m type percpu_hash key 4 value 4 entries 9\nset 1 1\n", 31);
    script({});
    CHECK(of.fill() == -ENOBUFS);
    CHECK(of.filling.scratch_needed == 4 + 4 + 3 * 8); // of three CPUs
    CHECK(of.file.line == 1);
}

TEST_CASE("fill: a queue has no keys, and no batches", "[apply]")
{
    read_map of("create /m type queue value 4 entries 9\nset 5\nset 6\n");
    received = "";
    script({takes_element<uint32_t, uint32_t>(), takes_element<uint32_t, uint32_t>()});
    CHECK(of.fill() == 0);
    CHECK(received == "=5 =6 ");
}

TEST_CASE("fill: a wrong set line ends it", "[apply]")
{
    read_map of(hash + "set 1 10\nset 2 x\n");
    script({takes_element<uint32_t, uint64_t>()});
    CHECK(of.fill() == -EINVAL);
    CHECK(of.line.wrong == BAREBPF_WRONG_DATA);
    CHECK(of.filling.elements == 1);
}

TEST_CASE("fill: broken arguments", "[apply]")
{
    read_map of(hash + "set 1 10\n");
    script({});
    CHECK(barebpf_map_fill(7, nullptr) == -EINVAL);
    of.filling.line = nullptr;
    CHECK(of.fill() == -EINVAL);
    of.filling.line = &of.line;
    of.filling.file = nullptr;
    CHECK(of.fill() == -EINVAL);
    of.filling.file = &of.file;
    of.filling.sz = 0;
    CHECK(of.fill() == -EINVAL);
}

TEST_CASE("line: what it says becomes options", "[apply]")
{
    read_map of("create /m type hash key 4 value 4 entries 1 mode 0640 owner :7 freeze exists migrate\n");
    barebpf_ensure_opts opts{};
    opts.sz = sizeof(opts);
    opts.set = BAREBPF_ENSURE_UID;
    CHECK(barebpf_map_line_opts(&of.line, &opts) == 0);
    CHECK(opts.policy == &of.policy);
    CHECK(opts.exists == BAREBPF_EXISTS_MIGRATE);
    CHECK(opts.freeze == 1);
    CHECK(opts.set == (BAREBPF_ENSURE_MODE | BAREBPF_ENSURE_GID));
    CHECK(opts.mode == 0640);
    CHECK(opts.gid == 7);
    of.line.kind = BAREBPF_LINE_MKDIR;
    CHECK(barebpf_map_line_opts(&of.line, &opts) == -EINVAL);
    CHECK(barebpf_map_line_opts(nullptr, &opts) == -EINVAL);
}

TEST_CASE("line: its map may be missing on older kernels, or where the kernel does not make it", "[apply]")
{
    read_map since("create /m type hash key 4 value 4 entries 1 since 5.8\n");
    CHECK(barebpf_map_line_is_left_out(&since.line, KERNEL_VERSION(5, 7, 255), nullptr) == 1);
    CHECK(barebpf_map_line_is_left_out(&since.line, KERNEL_VERSION(5, 8, 0), nullptr) == 0);
    CHECK(barebpf_map_line_is_left_out(&since.line, 0, nullptr) == 1);

    read_map optional("create /m type hash key 4 value 4 entries 1 optional\n");
    barebpf_ensure_report report{};
    report.sz = sizeof(report);
    report.step = BAREBPF_STEP_CREATE;
    CHECK(barebpf_map_line_is_left_out(&optional.line, 0, nullptr) == 0);
    CHECK(barebpf_map_line_is_left_out(&optional.line, 0, &report) == 1);
    CHECK(barebpf_map_line_is_left_out(&since.line, KERNEL_VERSION(6, 0, 0), &report) == 0);
    report.difference_count = 1; // the map of an earlier boot is there
    CHECK(barebpf_map_line_is_left_out(&optional.line, 0, &report) == 0);
    report.difference_count = 0;
    report.step = BAREBPF_STEP_FILL;
    CHECK(barebpf_map_line_is_left_out(&optional.line, 0, &report) == 0);
}

namespace
{

// A plan of maps with these pins.
struct planned_maps {
    std::vector<std::unique_ptr<read_map>> lines;
    std::vector<barebpf_map_plan_entry> entries;
    barebpf_map_plan plan{};

    explicit planned_maps(const std::vector<std::string> &pins) : entries(pins.size())
    {
        plan.sz = sizeof(plan);
        plan.entries = entries.data();
        plan.room = static_cast<uint32_t>(pins.size());
        for (const std::string &pin : pins) {
            lines.push_back(
                std::make_unique<read_map>("create " + pin + " type hash key 4 value 4 entries 1"));
            REQUIRE(barebpf_map_plan_add(&plan, &lines.back()->line, 0) >= 0);
        }
        REQUIRE(barebpf_map_plan_order(&plan) == 0);
    }

    // Of each entry 1 or 0.
    std::string are_new()
    {
        std::string all;
        for (uint32_t i = 0; i < plan.count; i++)
            all += static_cast<char>('0' + barebpf_map_plan_is_new(&plan, i));
        return all;
    }
};

} // namespace

TEST_CASE("plan: maps are new where nothing is pinned", "[apply]")
{
    script_all(directories({{"/b", {".", "..", "maps.debug", "net/"}}}));
    planned_maps four({"/b/a", "/b/b", "/b/c", "/b/d"});
    CHECK(four.are_new() == "1111");
    CHECK(count_calls(__NR_openat) == 1);
    CHECK(count_calls(__NR_close) == 1);
    CHECK(planned_maps({"/b/a", "/b/b", "/b/c"}).are_new() == "000"); // a look at each costs no more
    CHECK(count_calls(__NR_openat) == 1);
    CHECK(planned_maps({"/b/a", "/b/b", "/c", "/b/c", "/b/d"}).are_new() == "00000");
    CHECK(planned_maps({"/x/a", "/b/a", "/b/b", "/b/c", "/b/d", "/b/n/e"}).are_new() == "011110");
    CHECK(barebpf_map_plan_is_new(nullptr, 0) == 0);
    CHECK(barebpf_map_plan_is_new(&four.plan, 4) == 0);
    four.plan.sz = 1;
    CHECK(barebpf_map_plan_is_new(&four.plan, 0) == 0);
}

TEST_CASE("plan: maps are not new where a pin is, or what a killed process left", "[apply]")
{
    const std::string name = GENERATE("z", "a~barebpf/", "x~y/");
    script_all(directories({{"/b", {".", "..", "net/", name}}}));
    CHECK(planned_maps({"/b/a", "/b/b", "/b/c", "/b/d"}).are_new() == "0000");
    CHECK(planned_maps({"/gone/a", "/gone/b", "/gone/c", "/gone/d"}).are_new() == "0000");
}

TEST_CASE("plan: pins without a directory, or below the root, are in one too", "[apply]")
{
    script_all(directories({{".", {"..", "."}}, {"/", {".", ".."}}}));
    CHECK(planned_maps({"w", "x", "y", "z"}).are_new() == "1111");
    CHECK(planned_maps({"/a", "/b", "/c", "/d"}).are_new() == "1111");
    const std::string deep(BAREBPF_LINE_ROOM / 4, '/'); // longer than any path
    CHECK(planned_maps({deep + "a", deep + "b", deep + "c", deep + "d"}).are_new() == "0000");
}

TEST_CASE("files: the next is the first by name, of the first directory that has it", "[apply]")
{
    const char *paths[] = {"/etc/x", "/lib/x"};
    barebpf_map_files files{};
    files.sz = sizeof(files);
    files.directories = paths;
    files.count = 2;
    script_all(directories({{"/etc/x", {"..", "b.maps", ".a.maps", "c.map", ".maps"}},
                            {"/lib/x", {"\xff.maps", "b.maps", "a.maps", "aa.maps"}}}));
    CHECK(all_files(&files) == "/lib/x/a.maps /lib/x/aa.maps /etc/x/b.maps /lib/x/\xff.maps ");
    CHECK(count_calls(__NR_openat) == count_calls(__NR_close));
}

TEST_CASE("files: behind the end of a name there are zeros, and nothing of the stack", "[apply]")
{
    const char *path = "/etc/x";
    barebpf_map_files files{};
    files.sz = sizeof(files);
    files.directories = &path;
    files.count = 1;
    script_all(directories({{"/etc/x", {"a.maps"}}}));
    REQUIRE(barebpf_map_files_next(&files) == 1);
    const std::string name(files.name, sizeof(files.name));
    CHECK(name == "a.maps" + std::string(sizeof(files.name) - std::strlen("a.maps"), '\0'));
}

TEST_CASE("files: a usual directory may be missing, another may not", "[apply]")
{
    barebpf_map_files files{};
    files.sz = sizeof(files);
    script_all(directories({{"/usr/lib/barebpf.d", {"a.maps"}}, {"/etc/barebpf.d", {"b.maps"}}}));
    CHECK(all_files(&files) == "/usr/lib/barebpf.d/a.maps /etc/barebpf.d/b.maps ");

    const char *paths[] = {"/etc/barebpf.d", "/nowhere"};
    barebpf_map_files named{};
    named.sz = sizeof(named);
    named.directories = paths;
    named.count = 2;
    CHECK(barebpf_map_files_next(&named) == -ENOENT);
    CHECK(named.directory == 1);
    CHECK(barebpf_map_files_path(&named, 2) == nullptr);
    CHECK(barebpf_map_files_next(nullptr) == -EINVAL);
}

TEST_CASE("directory: one that is as wanted is only looked at", "[apply]")
{
    barebpf_directory wanted = wanted_directory("/a/b");
    script_all(has_directory(0750, 3, 55));
    CHECK(barebpf_directory_ensure(&wanted) == 0);
    CHECK(wanted.made == 0);
    CHECK(wanted.changed == 0);
    CHECK(recorded_calls().size() == 3); // open, status, close
}

TEST_CASE("directory: another mode and owner are corrected, the owner first", "[apply]")
{
    barebpf_directory wanted = wanted_directory("/a/b");
    script_all(has_directory(0755, 4, 55));
    CHECK(barebpf_directory_ensure(&wanted) == 0);
    CHECK(wanted.changed == (BAREBPF_ENSURE_MODE | BAREBPF_ENSURE_UID));
    CHECK(wanted.was_mode == 0755);
    CHECK(wanted.was_owner == 4);
    CHECK(wanted.was_group == 55);
    REQUIRE(recorded_calls().size() == 5);
    CHECK(recorded_calls()[2].nr == __NR_fchownat);
    CHECK(recorded_calls()[2].arguments[2] == 3);
    CHECK(recorded_calls()[2].arguments[3] == -1);
    CHECK(recorded_calls()[3].nr == __NR_fchmod);
    CHECK(recorded_calls()[3].arguments[1] == 0750);
}

TEST_CASE("directory: a missing one is made, with those above it", "[apply]")
{
    barebpf_directory wanted = wanted_directory("/a/b");
    std::vector<std::string> made;
    bool there = false;
    const auto make = [&](const std::string &path) -> long {
        made.push_back(path);
        there = path == "/a/b" && made.size() > 1;
        return path == "/a/b" && !there ? -ENOENT : 0;
    };
    script_all([&](const system_call &call) -> long {
        if (call.nr == __NR_mkdirat)
            return make(reinterpret_cast<const char *>(call.arguments[1]));
        return call.nr == __NR_openat ? (there ? 9 : -ENOENT) : 0;
    });
    CHECK(barebpf_directory_ensure(&wanted) == 0);
    CHECK(made == std::vector<std::string>{"/a/b", "/a", "/a/b"});
    CHECK(wanted.made == 1);
    CHECK(wanted.changed == 0);
}

TEST_CASE("directory: a failure names its step", "[apply]")
{
    const auto fails = [](long nr, long error, uint32_t step) {
        barebpf_directory wanted = wanted_directory("/a/b");
        script_all(has_directory(0755, 4, 55, nr, error));
        CHECK(barebpf_directory_ensure(&wanted) == error);
        CHECK(wanted.step == step);
        CHECK(count_calls(__NR_close) == (nr == __NR_openat ? 0 : 1));
    };
    fails(__NR_openat, -ENOTDIR, BAREBPF_DIRECTORY_OPEN);
    fails(__NR_fchownat, -EPERM, BAREBPF_DIRECTORY_OWNER);
    fails(__NR_fchmod, -EROFS, BAREBPF_DIRECTORY_MODE);

    barebpf_directory wanted = wanted_directory("/a/b");
    script_all([](const system_call &call) -> long {
        if (call.nr == __NR_mkdirat)
            return std::strcmp(reinterpret_cast<const char *>(call.arguments[1]), "/a") == 0 ? -EROFS
                                                                                             : -ENOENT;
        return -ENOENT;
    });
    CHECK(barebpf_directory_ensure(&wanted) == -EROFS);
    CHECK(wanted.step == BAREBPF_DIRECTORY_MAKE);
    CHECK(wanted.failed_at == 2);

    script({});
    wanted.path = "";
    CHECK(barebpf_directory_ensure(&wanted) == -EINVAL);
    CHECK(wanted.step == BAREBPF_DIRECTORY_CHECK);
    wanted.path = "/a";
    wanted.mode = 010000;
    CHECK(barebpf_directory_ensure(&wanted) == -EINVAL);
    CHECK(barebpf_directory_ensure(nullptr) == -EINVAL);
}

TEST_CASE("directory: before statx(2) mode and owner are set without looking", "[apply]")
{
    barebpf_directory wanted = wanted_directory("/a/b");
    script_all(has_directory(0750, 3, 55, __NR_statx, -ENOSYS));
    CHECK(barebpf_directory_ensure(&wanted) == 0);
    CHECK(count_calls(__NR_fchmod) == 1);
    CHECK(count_calls(__NR_fchownat) == 1);
    CHECK(wanted.changed == 0);
}

TEST_CASE("release: that of the kernel, as KERNEL_VERSION() has it", "[apply]")
{
    const auto release_of = [](const char *text) {
        script({[=](const system_call &call) -> long {
            REQUIRE(call.nr == __NR_uname);
            std::strcpy(reinterpret_cast<barebpf::sys::system_name *>(call.arguments[0])->release, text);
            return 0;
        }});
        return barebpf_kernel_release();
    };
    CHECK(release_of("5.10.0-28-amd64") == KERNEL_VERSION(5, 10, 0));
    CHECK(release_of("4.19.325") == KERNEL_VERSION(4, 19, 255));
    CHECK(release_of("7.2+deb14") == KERNEL_VERSION(7, 2, 0));
    script({result(-EFAULT)});
    CHECK(barebpf_kernel_release() == 0);
}
