// SPDX-License-Identifier: BSD-2-Clause
//
// The life of the elements of every map type that the running kernel makes, lived twice, through barebpf and
// through libbpf: the kernel gives both the same results, errno values and bytes. For the types whose
// elements are plain bytes the results are also those that are written here.
#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/perf_event.h>
#include <linux/version.h>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <vector>

#include "barebpf/barebpf.hpp"
#include "test/catch.h"
#include "test/live/kernel.h"
#include "test/parity/life.h"

using namespace barebpf;
using namespace barebpf::test;
using parity::function;
using parity::life_call;

namespace
{

using library = int(const life_call &);
constexpr size_t most_bytes = 1 << 16; // of one value of a per-CPU map, or of a batch
using bytes = std::array<unsigned char, most_bytes>;

// What an element's value must be for the kernel to take it.
enum class content {
    plain,
    descriptor,     // of some kind of object
    key_descriptor, // and the value is plain
};

struct kind {
    map_spec spec;
    content holds = content::plain;
    int (*object)() = nullptr; // makes what a descriptor is of
};

// The first line in which two texts differ, with what comes before it.
std::string first_difference(const std::string &one, const std::string &other)
{
    std::istringstream first(one), second(other);
    std::string before, line, its_line;
    for (int number = 1; std::getline(first, line) && std::getline(second, its_line); number++) {
        if (line != its_line)
            return std::to_string(number) + ": " + line + "\n libbpf: " + its_line + "\n after " + before;
        before = line;
    }
    return one.size() == other.size() ? "" : "one is longer";
}

// The map, which every kernel makes.
fd made_always(const map_spec &spec)
{
    fd_result made = create_map(spec);
    REQUIRE(made);
    return *std::move(made);
}

int inner_map()
{
    return made_always({.type = map_type::array, .key_size = 4, .value_size = 4, .max_entries = 1}).release();
}

int stream_socket()
{
    return socket(AF_INET, SOCK_STREAM, 0);
}

int event()
{
    perf_event_attr attr;
    std::memset(&attr, 0, sizeof(attr));
    attr.size = sizeof(attr);
    attr.type = PERF_TYPE_SOFTWARE;
    attr.config = PERF_COUNT_SW_DUMMY;
    return static_cast<int>(syscall(__NR_perf_event_open, &attr, 0, -1, -1, 0));
}

int own_process()
{
    return static_cast<int>(syscall(434, getpid(), 0)); // pidfd_open, 5.3
}

int file()
{
    return open("/", O_RDONLY | O_CLOEXEC);
}

int loopback()
{
    return 1; // the index of that network device
}

int queue_length()
{
    return 192;
}

const std::vector<kind> &kinds()
{
    using enum map_type;
    const auto no_prealloc = map_flags::no_prealloc;
    static const std::vector<kind> all = {
        {{hash, 4, 8, 4}},
        {{array, 4, 8, 4}},
        {{percpu_hash, 4, 8, 4}},
        {{percpu_array, 4, 8, 4}},
        {{lru_hash, 4, 8, 64}},
        {{lru_percpu_hash, 4, 8, 64}},
        {{.type = lpm_trie, .key_size = 8, .value_size = 8, .max_entries = 4, .flags = no_prealloc}},
        {{queue, 0, 8, 4}},
        {{stack, 0, 8, 4}},
        {{.type = bloom_filter, .value_size = 8, .max_entries = 4}},
        {{.type = rhash, .key_size = 4, .value_size = 8, .max_entries = 4, .flags = no_prealloc}},
        {{prog_array, 4, 4, 4}, content::descriptor, file},
        {{perf_event_array, 4, 4, 4}, content::descriptor, event},
        {{stack_trace, 4, 80, 4}},
        {{cgroup_array, 4, 4, 4}, content::descriptor, file},
        {{array_of_maps, 4, 4, 4}, content::descriptor, inner_map},
        {{hash_of_maps, 4, 4, 4}, content::descriptor, inner_map},
        {{devmap, 4, 4, 4}, content::descriptor, loopback},
        {{devmap_hash, 4, 4, 4}, content::descriptor, loopback},
        {{sockmap, 4, 4, 4}, content::descriptor, stream_socket},
        {{sockhash, 4, 4, 4}, content::descriptor, stream_socket},
        {{cpumap, 4, 4, 1}, content::descriptor, queue_length},
        {{xskmap, 4, 4, 4}, content::descriptor, stream_socket},
        {{reuseport_sockarray, 4, 8, 4}, content::descriptor, stream_socket},
        {{cgroup_storage, 16, 8, 0}},
        {{percpu_cgroup_storage, 16, 8, 0}},
        {{ringbuf, 0, 0, 4096}},
        {{user_ringbuf, 0, 0, 4096}},
        {{.type = sk_storage, .key_size = 4, .value_size = 4, .flags = no_prealloc},
         content::key_descriptor,
         stream_socket},
        {{.type = inode_storage, .key_size = 4, .value_size = 4, .flags = no_prealloc},
         content::key_descriptor,
         file},
        {{.type = task_storage, .key_size = 4, .value_size = 4, .flags = no_prealloc},
         content::key_descriptor,
         own_process},
        {{.type = cgrp_storage, .key_size = 4, .value_size = 4, .flags = no_prealloc},
         content::key_descriptor,
         file},
        {{.type = arena, .max_entries = 1, .flags = map_flags::mmapable}},
        {{insn_array, 4, 16, 4}},
    };
    return all;
}

const char *type_name(const kind &one)
{
    return barebpf_map_type_name(static_cast<uint32_t>(one.spec.type));
}

// One life, and what was seen of it.
class life
{
public:
    life(library &by, int of, const kind &kind) : live(by), map(of), lived(kind)
    {
        object = kind.object ? kind.object() : -1;
    }
    ~life()
    {
        if (object > 2)
            close(object);
    }
    life(const life &) = delete;
    life &operator=(const life &) = delete;

    std::string account() const { return text.str(); }
    void whole();
    int update(uint32_t key, uint64_t flags);
    int lookup(uint32_t key, function which = function::lookup_elem, uint64_t flags = 0);
    int erase(uint32_t key);
    int walk();
    int freeze() { return record("freeze", make({.which = function::freeze, .fd = map})); }
    void batches();

private:
    int make(const life_call &made)
    {
        errno = 0;
        return live(made);
    }
    int record(const char *what, int result)
    {
        text << what << ": " << result << ", errno " << (result < 0 ? errno : 0) << '\n';
        return result;
    }
    void show(const char *what, const bytes &shown, size_t size);
    const void *key_of(uint32_t number);
    void fill_value(uint32_t number);
    void sort_keys(uint32_t count);
    size_t value_bytes() const;

    library &live;
    int map;
    int object;
    const kind &lived;
    uint32_t key_words[4];
    bytes value;
    bytes keys;
    std::ostringstream text;
};

size_t life::value_bytes() const
{
    const map_type type = lived.spec.type;
    const bool per_cpu = type == map_type::percpu_hash || type == map_type::percpu_array ||
                         type == map_type::lru_percpu_hash || type == map_type::percpu_cgroup_storage;
    return per_cpu
               ? (lived.spec.value_size + 7) / 8 * 8 * static_cast<size_t>(parity::possible_cpus_of_barebpf())
               : lived.spec.value_size;
}

void life::show(const char *what, const bytes &shown, size_t size)
{
    text << "  " << what << std::hex;
    for (size_t i = 0; i < size; i++)
        text << ' ' << static_cast<int>(shown[i]);
    text << std::dec << '\n';
}

// A trie's key begins with its length; that of a storage is a descriptor.
const void *life::key_of(uint32_t number)
{
    if (lived.spec.key_size == 0)
        return nullptr;
    std::memset(key_words, 0, sizeof(key_words));
    if (lived.spec.type == map_type::lpm_trie)
        key_words[0] = 32;
    key_words[lived.spec.type == map_type::lpm_trie] =
        lived.holds == content::key_descriptor && number == 1 ? static_cast<uint32_t>(object) : number;
    return key_words;
}

void life::fill_value(uint32_t number)
{
    value.fill(0);
    for (size_t i = 0; i < value_bytes(); i++)
        value[i] = static_cast<unsigned char>(number + i);
    if (lived.holds == content::descriptor) {
        value.fill(0);
        std::memcpy(value.data(), &object, sizeof(object));
    }
}

int life::update(uint32_t key, uint64_t flags)
{
    fill_value(key);
    return record("update", make({.which = function::update_elem,
                                  .fd = map,
                                  .flags = flags,
                                  .key = key_of(key),
                                  .value = value.data()}));
}

int life::lookup(uint32_t key, function which, uint64_t flags)
{
    value.fill(0xee);
    const int result =
        record("look up",
               make({.which = which, .fd = map, .flags = flags, .key = key_of(key), .value = value.data()}));
    const bool is_id =
        lived.spec.type == map_type::array_of_maps || lived.spec.type == map_type::hash_of_maps;
    if (!is_id) // of an inner map: each life has its own
        show("value", value, value_bytes() + 8);
    return result;
}

int life::erase(uint32_t key)
{
    return record("delete", make({.which = function::delete_elem, .fd = map, .key = key_of(key)}));
}

// Every key, as far as there are some; in the order of numbers, for a hash's own differs from map to map.
int life::walk()
{
    int result = 0;
    uint32_t at[4], next[4];
    const void *from = nullptr;
    std::multiset<std::pair<uint32_t, uint32_t>> seen;
    for (int i = 0; i < 100 && result == 0; i++) {
        std::memset(next, 0xee, sizeof(next));
        result =
            record("next key", make({.which = function::get_next_key, .fd = map, .key = from, .next = next}));
        std::memcpy(at, next, sizeof(at));
        from = at;
        if (result == 0 && lived.holds != content::key_descriptor)
            seen.emplace(next[0], next[1]);
    }
    for (const auto &[first, second] : seen)
        text << "  key " << first << ' ' << second << '\n';
    return result;
}

// The order of a hash's keys differs from map to map.
void life::sort_keys(uint32_t count)
{
    const size_t size = lived.spec.key_size;
    std::multiset<std::vector<unsigned char>> sorted;
    for (size_t i = 0; i < count; i++)
        sorted.emplace(keys.data() + i * size, keys.data() + (i + 1) * size);
    unsigned char *at = keys.data();
    for (const std::vector<unsigned char> &key : sorted)
        at = std::copy(key.begin(), key.end(), at);
}

void life::batches()
{
    uint32_t count = 2, place[4] = {};
    auto made = [&](const char *what, function which, const void *from) {
        const int result = record(what, make({.which = which,
                                              .fd = map,
                                              .key = from,
                                              .value = value.data(),
                                              .next = place,
                                              .count = &count}));
        text << "  count " << count << '\n';
        return result;
    };
    keys.fill(0);
    for (uint32_t i = 0; i < 2; i++)
        std::memcpy(keys.data() + i * lived.spec.key_size, key_of(i + 1), lived.spec.key_size);
    fill_value(1);
    for (size_t i = value_bytes(); i < 2 * value_bytes(); i++)
        value[i] = 9;
    made("update batch", function::update_batch, keys.data());
    count = 64;
    keys.fill(0xee);
    value.fill(0xee);
    made("look up a batch from nowhere", function::lookup_batch, keys.data());
    sort_keys(std::min<uint32_t>(count, 64));
    show("keys", keys, size_t{64} * lived.spec.key_size);
    count = 1;
    made("delete batch", function::delete_batch, keys.data());
    count = 64;
    made("take a batch", function::lookup_and_delete_batch, keys.data());
}

// Everything, in an order that makes each step's result depend on the kernel alone.
void life::whole()
{
    lookup(1);
    update(1, BPF_NOEXIST);
    update(1, BPF_NOEXIST);
    update(2, BPF_EXIST);
    update(2, BPF_ANY);
    update(3, 1 << 10);
    lookup(1);
    lookup(2, function::lookup_elem_flags);
    lookup(2, function::lookup_elem_flags, 1 << 10);
    lookup(77);
    walk();
    for (uint32_t key = 3; key < 8; key++)
        update(key, BPF_ANY);
    walk();
    erase(2);
    erase(2);
    lookup(1, function::lookup_and_delete_elem);
    lookup(1, function::lookup_and_delete_elem_flags);
    if (lived.spec.key_size && lived.spec.key_size <= 8 && lived.holds == content::plain)
        batches();
    freeze();
    freeze();
    update(1, BPF_ANY);
    lookup(1);
}

// A map of this kind, or why this kernel makes none.
fd_result made(const kind &one, const fd &btf, const fd &inner)
{
    map_spec spec = one.spec;
    if (one.holds == content::key_descriptor) {
        spec.btf_fd = static_cast<uint32_t>(btf.get());
        spec.btf_key_type_id = spec.btf_value_type_id = 1;
    }
    if (spec.type == map_type::array_of_maps || spec.type == map_type::hash_of_maps)
        spec.inner_map_fd = static_cast<uint32_t>(inner.get());
    return create_map(spec);
}

// The types that a kernel need not have been built with.
bool may_be_missing(map_type type)
{
    using enum map_type;
    for (const map_type always : {hash, array, percpu_hash, percpu_array, lru_hash, lru_percpu_hash, lpm_trie,
                                  array_of_maps, hash_of_maps, queue, stack})
        if (type == always)
            return false;
    return true;
}

std::string lived_through(library &by, const fd &map, const kind &one)
{
    life lived(by, map.get(), one);
    lived.whole();
    return lived.account();
}

} // namespace

TEST_CASE("life: every map type's elements live alike through barebpf and libbpf")
{
    if (const std::string missing = missing_permission(); !missing.empty())
        SKIP_BECAUSE(missing);
    const fd btf = int_btf();
    const fd inner(inner_map());
    unsigned int lived = 0;
    for (const kind &one : kinds()) {
        INFO(type_name(one));
        const fd_result first = made(one, btf, inner), second = made(one, btf, inner);
        CHECK((first || may_be_missing(one.spec.type)));
        if (!first || !second)
            continue;
        lived++;
        CHECK(first_difference(lived_through(parity::live_with_barebpf, *first, one),
                               lived_through(parity::live_with_libbpf, *second, one)) == "");
    }
    std::printf("%u map types lived alike\n", lived);
    CHECK(lived >= 20);
}

TEST_CASE("life: a hash's element is added, found, replaced and deleted")
{
    if (const std::string missing = missing_permission(); !missing.empty())
        SKIP_BECAUSE(missing);
    for (const kind &one : {kind{{map_type::hash, 4, 8, 4}}, kind{{map_type::percpu_hash, 4, 8, 4}}}) {
        const fd map = made_always(one.spec);
        life lived(parity::live_with_barebpf, map.get(), one);
        CHECK(lived.lookup(1) == -ENOENT);
        CHECK(lived.update(1, BPF_EXIST) == -ENOENT);
        CHECK(lived.update(1, BPF_NOEXIST) == 0);
        CHECK(lived.update(1, BPF_NOEXIST) == -EEXIST);
        CHECK(lived.update(1, BPF_EXIST) == 0);
        CHECK(lived.update(1, 1 << 10) == -EINVAL);
        CHECK(lived.lookup(1) == 0);
        for (uint32_t key = 2; key <= 4; key++)
            CHECK(lived.update(key, BPF_ANY) == 0);
        CHECK(lived.update(5, BPF_ANY) == -E2BIG);
        CHECK(lived.walk() == -ENOENT);
        CHECK(lived.erase(1) == 0);
        CHECK(lived.erase(1) == -ENOENT);
        CHECK(lived.freeze() == 0);
        CHECK(lived.freeze() == (running_kernel() < KERNEL_VERSION(6, 5, 0) ? -EBUSY : -EPERM));
        CHECK(lived.update(2, BPF_ANY) == -EPERM);
        CHECK(lived.lookup(2) == 0);
    }
}

TEST_CASE("life: an array's elements are there from the start, and stay")
{
    if (const std::string missing = missing_permission(); !missing.empty())
        SKIP_BECAUSE(missing);
    const kind one{{map_type::array, 4, 8, 4}};
    const fd map = made_always(one.spec);
    life lived(parity::live_with_barebpf, map.get(), one);
    CHECK(lived.lookup(3) == 0);
    CHECK(lived.lookup(4) == -ENOENT);
    CHECK(lived.update(3, BPF_NOEXIST) == -EEXIST);
    CHECK(lived.update(3, BPF_EXIST) == 0);
    CHECK(lived.update(4, BPF_ANY) == -E2BIG);
    CHECK(lived.erase(3) == -EINVAL);
}

TEST_CASE("life: a queue gives what came first, a stack what came last")
{
    if (const std::string missing = missing_permission(); !missing.empty())
        SKIP_BECAUSE(missing);
    for (const map_type type : {map_type::queue, map_type::stack}) {
        const kind one{{type, 0, 8, 4}};
        const fd map = made_always(one.spec);
        life lived(parity::live_with_barebpf, map.get(), one);
        CHECK(lived.lookup(0) == -ENOENT);
        for (uint32_t item = 1; item <= 4; item++)
            CHECK(lived.update(item, BPF_ANY) == 0);
        CHECK(lived.update(5, BPF_ANY) == -E2BIG);
        uint64_t item = 0;
        CHECK(barebpf_map_lookup_and_delete_elem(map.get(), nullptr, &item, 0) == 0);
        CHECK((item & 0xff) == (type == map_type::queue ? 1 : 4));
    }
}

TEST_CASE("life: batches do what single calls do, from 5.6 on")
{
    if (const std::string missing = missing_permission(); !missing.empty())
        SKIP_BECAUSE(missing);
    const fd map = made_always({.type = map_type::hash, .key_size = 4, .value_size = 8, .max_entries = 64});
    uint32_t keys[64], count = 64, cursor = 0;
    uint64_t values[64];
    for (uint32_t i = 0; i < 64; i++) {
        keys[i] = i;
        values[i] = 10 * i;
    }
    const int result = barebpf_map_update_batch(map.get(), keys, values, &count, 0);
    if (running_kernel() < KERNEL_VERSION(5, 6, 0)) {
        CHECK(result == -EINVAL);
        return;
    }
    REQUIRE(result == 0);
    CHECK(count == 64);
    count = 64;
    CHECK(barebpf_map_update_batch(map.get(), keys, values, &count, BPF_NOEXIST) == -EINVAL);
    count = 64;
    CHECK(barebpf_map_lookup_batch(map.get(), nullptr, &cursor, keys, values, &count, 0) == -ENOENT);
    CHECK(count == 64);
    for (uint32_t i = 0; i < 64; i++)
        CHECK(values[i] == 10 * keys[i]);
    count = 10;
    CHECK(barebpf_map_delete_batch(map.get(), keys, &count, 0) == 0);
    CHECK(count == 10);
    count = 64;
    CHECK(barebpf_map_lookup_and_delete_batch(map.get(), nullptr, &cursor, keys, values, &count, 0) ==
          -ENOENT);
    CHECK(count == 54);
    CHECK(barebpf_map_get_next_key(map.get(), nullptr, keys) == -ENOENT);
}

TEST_CASE("life: a per-CPU value has the possible CPUs' values, with and without /sys")
{
    if (const std::string missing = missing_permission(); !missing.empty())
        SKIP_BECAUSE(missing);
    const int cpus = barebpf_possible_cpus();
    if (access("/sys/devices/system/cpu/possible", R_OK) == 0)
        CHECK(cpus == parity::possible_cpus_of_libbpf());
    REQUIRE(cpus > 0);
    const fd map =
        made_always({.type = map_type::percpu_array, .key_size = 4, .value_size = 4, .max_entries = 1});
    std::vector<uint64_t> values(static_cast<size_t>(cpus) + 1, UINT64_MAX);
    const uint32_t key = 0;
    CHECK(barebpf_map_lookup_elem(map.get(), &key, values.data(), 0) == 0);
    CHECK(values[static_cast<size_t>(cpus) - 1] == 0);
    CHECK(values[static_cast<size_t>(cpus)] == UINT64_MAX);
}

TEST_CASE("life: bpftool reads what was written")
{
    if (const std::string missing = missing_permission(); !missing.empty())
        SKIP_BECAUSE(missing);
    const std::string pin = "/sys/fs/bpf/barebpf_life_" + std::to_string(getpid());
    FILE *version = popen("bpftool version >/dev/null 2>&1", "r");
    const bool has_bpftool = version && pclose(version) == 0;
    if (!has_bpftool) {
        CHECK(getppid() <= 1); // a virtual machine has none, this machine must
        return;
    }
    const fd map = made_always({.type = map_type::hash, .key_size = 4, .value_size = 8, .max_entries = 4});
    const uint32_t keys[] = {0x01020304, 5};
    const uint64_t values[] = {0x1112131415161718, 6};
    for (int i = 0; i < 2; i++)
        CHECK(barebpf_map_update_elem(map.get(), &keys[i], &values[i], BPF_NOEXIST) == 0);
    REQUIRE(barebpf_obj_pin(map.get(), pin.c_str()) == 0);
    FILE *dump = popen(("bpftool -j map dump pinned " + pin).c_str(), "r");
    std::string text;
    for (int c; (c = std::fgetc(dump)) != EOF;)
        text += static_cast<char>(c);
    pclose(dump);
    unlink(pin.c_str());
    const auto rows = nlohmann::json::parse(text);
    REQUIRE(rows.size() == 2);
    for (const auto &row : rows) {
        uint64_t key = 0, value = 0;
        for (size_t i = 0; i < 4; i++)
            key |= std::stoull(row["key"][i].get<std::string>(), nullptr, 16) << 8 * i;
        for (size_t i = 0; i < 8; i++)
            value |= std::stoull(row["value"][i].get<std::string>(), nullptr, 16) << 8 * i;
        CHECK(value == (key == keys[0] ? values[0] : values[1]));
        CHECK((key == keys[0] || key == keys[1]));
    }
}
