// SPDX-License-Identifier: BSD-2-Clause
#include <cerrno>
#include <cstring>
#include <cstdint>
#include <sstream>
#include <string>
#include <vector>

#include "barebpf/barebpf.h"
#include "script.h"
#include "test/catch.h"

namespace
{

// The result of parsing, with the words it points into.
struct reading {
    std::vector<std::string> words;
    barebpf_map_words read;
    barebpf_map_spec spec;
    int result = 0;

    explicit reading(std::vector<std::string> given, uint32_t page_size = 4096) : words(std::move(given))
    {
        std::vector<const char *> pointers;
        for (const std::string &word : words)
            pointers.push_back(word.c_str());
        // The whole of both: clang leaves the padding of a braced struct as it was.
        std::memset(&read, 0, sizeof(read));
        std::memset(&spec, 0, sizeof(spec));
        read.sz = sizeof(read);
        spec.sz = sizeof(spec);
        result = barebpf_map_words_parse(&read, &spec, pointers.data(), static_cast<uint32_t>(words.size()),
                                         page_size);
    }
};

std::vector<std::string> split(const std::string &line)
{
    std::istringstream stream(line);
    std::vector<std::string> words;
    for (std::string word; stream >> word;)
        words.push_back(word);
    return words;
}

reading read(const std::string &line)
{
    return reading(split(line));
}

std::string text(const char *pointer)
{
    return pointer ? pointer : "(null)";
}

const std::string hash = "type hash key 4 value 8 entries 16";

// A refusal as words: rule, index, keyword.
void check_refused(const reading &got, uint32_t rule, uint32_t wrong, const std::string &keyword)
{
    CHECK(got.result == -EINVAL);
    CHECK(got.read.rule == rule);
    CHECK(got.read.wrong == wrong);
    CHECK(text(got.read.keyword) == keyword);
}

} // namespace

TEST_CASE("words: a description becomes a spec, without a system call")
{
    barebpf::test::script({});
    const reading got = read("/sys/fs/bpf/m " + hash +
                             " name foo flags 0x1 extra 5 numa 1 inner_map /sys/fs/bpf/i offload_dev eth0");
    REQUIRE(got.result == 0);
    CHECK(got.read.rule == 0);
    CHECK(text(got.read.pin) == "/sys/fs/bpf/m");
    CHECK(text(got.read.inner_map) == "/sys/fs/bpf/i");
    CHECK(text(got.read.offload_dev) == "eth0");
    CHECK(got.read.pin == got.words[0].c_str());
    CHECK(text(got.spec.name) == "foo");
    CHECK(got.spec.map_type == BAREBPF_MAP_TYPE_HASH);
    CHECK(got.spec.key_size == 4);
    CHECK(got.spec.value_size == 8);
    CHECK(got.spec.max_entries == 16);
    CHECK(got.spec.map_flags == (BAREBPF_F_NO_PREALLOC | BAREBPF_F_NUMA_NODE));
    CHECK(got.spec.map_extra == 5);
    CHECK(got.spec.numa_node == 1);
    CHECK(barebpf::test::recorded_calls().empty());
}

TEST_CASE("words: any order will do")
{
    const reading got = read("entries 16 flags rdonly value 8 name foo key 4 type hash");
    REQUIRE(got.result == 0);
    CHECK(got.read.pin == nullptr);
    CHECK(got.spec.map_type == BAREBPF_MAP_TYPE_HASH);
    CHECK(got.spec.max_entries == 16);
    CHECK(got.spec.map_flags == BAREBPF_F_RDONLY);
}

TEST_CASE("words: members that no word names are left alone")
{
    barebpf_map_words out{};
    barebpf_map_spec spec{};
    out.sz = sizeof(out);
    spec.sz = sizeof(spec);
    spec.btf_fd = 7;
    spec.map_flags = BAREBPF_F_TOKEN_FD;
    const char *const words[] = {"type", "arena", "entries", "1", "flags", "mmapable"};
    REQUIRE(barebpf_map_words_parse(&out, &spec, words, 6, 4096) == 0);
    CHECK(spec.btf_fd == 7);
    CHECK(spec.map_flags == (BAREBPF_F_TOKEN_FD | BAREBPF_F_MMAPABLE));
}

TEST_CASE("words: keywords are shortened as bpftool shortens them")
{
    const reading got = read("t hash k 4 v 8 e 16 n foo f 1 i /x d eth0 nu 2 ex 3");
    REQUIRE(got.result == 0);
    CHECK(got.spec.max_entries == 16);
    CHECK(text(got.spec.name) == "foo");
    CHECK(text(got.read.inner_map) == "/x");
    CHECK(text(got.read.offload_dev) == "eth0");
    CHECK(got.spec.numa_node == 2);
    CHECK(got.spec.map_extra == 3);
}

TEST_CASE("words: the first word is a pin")
{
    SECTION("when it has a slash")
    {
        CHECK(text(read("./type " + hash).read.pin) == "./type");
    }
    SECTION("when a keyword follows it")
    {
        CHECK(text(read("foo " + hash).read.pin) == "foo");
    }
    SECTION("even an empty one")
    {
        CHECK(text(reading({"", "type", "arena", "entries", "1"}).read.pin).empty());
    }
    SECTION("but not when it is a keyword itself")
    {
        CHECK(read(hash).read.pin == nullptr);
    }
    SECTION("but not when it is a keyword misspelt")
    {
        check_refused(read("tpye hash key 4 value 8 entries 1"), BAREBPF_WORD_KEYWORD, 0, "(null)");
    }
    SECTION("but not when it is all there is")
    {
        check_refused(read("foo"), BAREBPF_WORD_KEYWORD, 0, "(null)");
    }
    SECTION("and a pin alone lacks a type")
    {
        check_refused(read("/foo"), BAREBPF_WORD_NEEDED, 1, "type");
    }
}

#define BAREBPF_CHECKED(upper, lower, number) \
    CHECK(read("type " #lower " key 4 value 4 entries 1").spec.map_type == BAREBPF_MAP_TYPE_##upper);
TEST_CASE("words: every map type is read by its name"){BAREBPF_MAP_TYPES(BAREBPF_CHECKED)}
#undef BAREBPF_CHECKED

TEST_CASE("words: a size takes a number and a unit")
{
    using row = std::pair<const char *, uint32_t>;
    const auto [written, size] = GENERATE(values<row>({
        {"0", 0},
        {"00", 0},
        {"12", 12},
        {"010", 8},
        {"0x10", 16},
        {"0XfF", 255},
        {"4294967295", UINT32_MAX},
        {"0xffffffff", UINT32_MAX},
        {"037777777777", UINT32_MAX},
        {"00000000000000000000000000001", 1},
        {"64K", 64 << 10},
        {"64k", 64 << 10},
        {"1M", 1 << 20},
        {"1m", 1 << 20},
        {"3G", 3u << 30},
        {"3g", 3u << 30},
        {"0G", 0},
        {"0x10K", 16 << 10},
        {"4194303K", 0xfffffc00},
        {"4B", 4},
        {"0x4B", 75},
        {"64KiB", 64 << 10},
        {"64kiB", 64 << 10},
        {"2MiB", 2 << 20},
        {"3GiB", 3u << 30},
        {"page", 4096},
        {"4page", 4 * 4096},
        {"0x10page", 16 * 4096},
    }));
    CAPTURE(written);
    const reading got =
        read(std::string("type hash key ") + written + " value " + written + " entries " + written);
    CHECK(got.result == 0);
    CHECK(got.spec.key_size == size);
    CHECK(got.spec.value_size == size);
    CHECK(got.spec.max_entries == size);
}

TEST_CASE("words: an invalid size is refused")
{
    const char *written =
        GENERATE("x", "-1", "+1", "0x", "0xg", "08", "4z", "4 ", "4.", "4KB", "4Kk", "4T", "K", "pages",
                 "4pages", "4,", "4b", "4Ki", "4KIB", "4KiBx", "4iB", "KiB", "4BiB", "1e6");
    CAPTURE(written);
    check_refused(reading({"type", "hash", "value", "8", "entries", "1", "key", written}),
                  BAREBPF_WORD_NUMBER, 7, "key");
    check_refused(reading({"type", "hash", "value", "8", "entries", written}), BAREBPF_WORD_NUMBER, 5,
                  "entries");
    check_refused(reading({"value", written}), BAREBPF_WORD_NUMBER, 1, "value");
}

TEST_CASE("words: an empty size is refused")
{
    check_refused(reading({"type", "hash", "key", ""}), BAREBPF_WORD_NUMBER, 3, "key");
}

TEST_CASE("words: a page of unknown size is refused")
{
    check_refused(reading({"key", "page"}, 0), BAREBPF_WORD_NUMBER, 1, "key");
    check_refused(reading({"key", "4page"}, 0), BAREBPF_WORD_NUMBER, 1, "key");
}

TEST_CASE("words: a page has the size the caller says")
{
    CHECK(reading(split("type arena entries 2page"), 65536).spec.max_entries == 131072);
}

TEST_CASE("words: a size beyond 32 bits is refused")
{
    const char *written =
        GENERATE("4294967296", "0x100000000", "040000000000", "4194304K", "4G", "1048576page",
                 "18446744073709551616", "0xffffffffffffffffffff", "99999999999999999999999999");
    CAPTURE(written);
    check_refused(reading({"type", "hash", "entries", written}), BAREBPF_WORD_RANGE, 3, "entries");
}

TEST_CASE("words: extra is a number of 64 bits without a unit")
{
    CHECK(read(hash + " extra 18446744073709551615").spec.map_extra == UINT64_MAX);
    CHECK(read(hash + " extra 0xffffffffffffffff").spec.map_extra == UINT64_MAX);
    CHECK(read(hash + " extra 01777777777777777777777").spec.map_extra == UINT64_MAX);
    CHECK(read(hash + " extra 10000000000000000000").spec.map_extra == 10000000000000000000u);
    check_refused(read("extra 18446744073709551616"), BAREBPF_WORD_RANGE, 1, "extra");
    check_refused(read("extra 0x10000000000000000"), BAREBPF_WORD_RANGE, 1, "extra");
    check_refused(read("extra 02000000000000000000000"), BAREBPF_WORD_RANGE, 1, "extra");
    check_refused(read("extra 4K"), BAREBPF_WORD_NUMBER, 1, "extra");
    check_refused(read("extra page"), BAREBPF_WORD_NUMBER, 1, "extra");
}

TEST_CASE("words: numa is a number of 32 bits that sets its flag")
{
    const reading got = read(hash + " numa 0");
    CHECK(got.spec.numa_node == 0);
    CHECK(got.spec.map_flags == BAREBPF_F_NUMA_NODE);
    CHECK(read(hash + " numa 4294967295").spec.numa_node == UINT32_MAX);
    check_refused(read("numa 4294967296"), BAREBPF_WORD_RANGE, 1, "numa");
    check_refused(read("numa 1K"), BAREBPF_WORD_NUMBER, 1, "numa");
    check_refused(read("numa x"), BAREBPF_WORD_NUMBER, 1, "numa");
}

TEST_CASE("words: flags are numbers and names")
{
    using row = std::pair<const char *, uint32_t>;
    const auto [written, bits] = GENERATE(values<row>({
        {"0", 0},
        {"0x480", BAREBPF_F_MMAPABLE | BAREBPF_F_RDONLY_PROG},
        {"4294967295", UINT32_MAX},
        {"rdonly", BAREBPF_F_RDONLY},
        {"RdOnly", BAREBPF_F_RDONLY},
        {"BPF_F_RDONLY", BAREBPF_F_RDONLY},
        {"bpf_f_rdonly", BAREBPF_F_RDONLY},
        {"BPF_F_VTYPE_BTF_OBJ_FD", BAREBPF_F_VTYPE_BTF_OBJ_FD},
        {"rdonly,rdonly", BAREBPF_F_RDONLY},
        {"rdonly,0x40000000,BPF_F_ZERO_SEED,2", 0x4000004a},
    }));
    CAPTURE(written);
    const reading got = read(hash + " flags " + written);
    CHECK(got.result == 0);
    CHECK(got.spec.map_flags == bits);
}

#define BAREBPF_CHECKED(upper, lower, number) \
    CHECK(read(hash + " flags " #lower).spec.map_flags == uint32_t{BAREBPF_F_##upper}); \
    CHECK(read(hash + " flags BPF_F_" #upper).spec.map_flags == uint32_t{BAREBPF_F_##upper});
TEST_CASE("words: every flag is read by its name"){BAREBPF_MAP_FLAGS(BAREBPF_CHECKED)}
#undef BAREBPF_CHECKED

TEST_CASE("words: a wrong flag is found within its word")
{
    struct row {
        const char *written;
        uint32_t rule;
        uint32_t offset;
    };
    const row one = GENERATE(values<row>({
        {"", BAREBPF_WORD_FLAG, 0},
        {",", BAREBPF_WORD_FLAG, 0},
        {"rdonly,", BAREBPF_WORD_FLAG, 7},
        {"rdonly,,wronly", BAREBPF_WORD_FLAG, 7},
        {"rdonl", BAREBPF_WORD_FLAG, 0},
        {"bpf_f_", BAREBPF_WORD_FLAG, 0},
        {"bpf_f_bpf_f_rdonly", BAREBPF_WORD_FLAG, 0},
        {"1,path_fd", BAREBPF_WORD_FLAG, 2},
        {"rdonly,a_name_longer_than_any_flag_there_is", BAREBPF_WORD_FLAG, 7},
        {"-1", BAREBPF_WORD_FLAG, 0},
        {"wronly,4K", BAREBPF_WORD_NUMBER, 7},
        {"0x", BAREBPF_WORD_NUMBER, 0},
        {"1,0x100000000", BAREBPF_WORD_RANGE, 2},
        {"18446744073709551616", BAREBPF_WORD_RANGE, 0},
    }));
    CAPTURE(one.written);
    const reading got({"type", "hash", "flags", one.written});
    check_refused(got, one.rule, 3, "flags");
    CHECK(got.read.offset == one.offset);
}

TEST_CASE("words: a type may be written as in C, or as a number")
{
    const auto type_of = [](const std::string &written) {
        const reading got = reading({"key", "4", "value", "4", "entries", "1", "type", written});
        CHECK(got.result == 0);
        return got.spec.map_type;
    };
    CHECK(type_of("HASH") == 1);
    CHECK(type_of("BPF_MAP_TYPE_HASH") == 1);
    CHECK(type_of("bpf_map_type_hash") == 1);
    CHECK(type_of("BPF_MAP_TYPE_PERCPU_CGROUP_STORAGE") == 21);
    CHECK(type_of("1") == 1);
    CHECK(type_of("0x10") == 16);
    CHECK(type_of("36") == 36);
    CHECK(type_of("4294967295") == 4294967295);
    check_refused(reading({"type", "4294967296"}), BAREBPF_WORD_RANGE, 1, "type");
}

TEST_CASE("words: an unknown type is refused")
{
    const std::string written =
        GENERATE(as<std::string>(), "", "has", "hashes", "unknown", "hash,", "hash,array", "bpf_f_hash", "1x",
                 "0x", "08", "-1", "BPF_MAP_TYPE_", "BPF_MAP_TYPE_1", std::string(200, 'a'));
    CAPTURE(written);
    check_refused(reading({"/pin", "key", "4", "type", written}), BAREBPF_WORD_TYPE, 4, "type");
}

TEST_CASE("words: an unknown keyword is refused")
{
    const char *written = GENERATE("", "typ_", "types", "device", "offload_devs", "Type", "4", "pinned");
    CAPTURE(written);
    check_refused(reading({"type", "hash", written, "4"}), BAREBPF_WORD_KEYWORD, 2, "(null)");
}

TEST_CASE("words: a keyword is given once")
{
    const char *keyword = GENERATE("type", "name", "key", "value", "entries", "flags", "inner_map", "numa",
                                   "extra", "offload_dev", "btf", "key_type", "value_type", "token");
    CAPTURE(keyword);
    const std::string given = keyword == std::string("type") ? "hash" : "0";
    check_refused(reading({"/pin", keyword, given, keyword, given}), BAREBPF_WORD_ONCE, 3, keyword);
}

TEST_CASE("words: two spellings are one keyword")
{
    check_refused(read("key 0 k 8"), BAREBPF_WORD_ONCE, 2, "key");
    check_refused(read("dev lo offload_dev lo"), BAREBPF_WORD_ONCE, 2, "offload_dev");
}

TEST_CASE("words: a keyword has a value")
{
    const char *keyword = GENERATE("type", "name", "key", "value", "entries", "flags", "inner_map", "numa",
                                   "extra", "offload_dev", "btf", "key_type", "value_type", "token");
    CAPTURE(keyword);
    check_refused(reading({"/pin", keyword}), BAREBPF_WORD_VALUE, 1, keyword);
}

TEST_CASE("words: an inner map is given by its pin, its id or its name")
{
    CHECK(text(read(hash + " inner_map pinned /x").read.inner_map) == "/x");
    CHECK(text(read(hash + " inner_map ./id").read.inner_map) == "./id");
    CHECK(text(read(hash + " inner_map name id").read.inner_map_name) == "id");
    CHECK(text(read(hash + " inner_map name id").read.inner_map) == "(null)");
    CHECK(read(hash + " inner_map id 4294967295").read.inner_map_id == UINT32_MAX);
    CHECK(text(read(hash + " inner_map id 7").read.inner_map) == "(null)");
    const char *how = GENERATE("pinned", "id", "name");
    check_refused(read(std::string("type hash inner_map ") + how), BAREBPF_WORD_VALUE, 3, "inner_map");
    check_refused(read("type hash inner_map id x"), BAREBPF_WORD_NUMBER, 4, "inner_map");
    check_refused(read("type hash inner_map id 0"), BAREBPF_WORD_NUMBER, 4, "inner_map");
    check_refused(read("type hash inner_map id 4294967296"), BAREBPF_WORD_RANGE, 4, "inner_map");
}

TEST_CASE("words: types of key and value are given by id or by name, with their BTF")
{
    const reading ids = read(hash + " btf /b key_type 3 value_type 0x10");
    CHECK(text(ids.read.btf) == "/b");
    CHECK(ids.spec.btf_key_type_id == 3);
    CHECK(ids.spec.btf_value_type_id == 16);
    CHECK(text(ids.read.key_type) == "(null)");
    CHECK(text(ids.read.value_type) == "(null)");
    const reading names = read(hash + " value_type flow key_type key b /b");
    CHECK(names.result == 0);
    CHECK(text(names.read.btf) == "/b");
    CHECK(text(names.read.key_type) == "key");
    CHECK(text(names.read.value_type) == "flow");
    CHECK(names.spec.btf_key_type_id == 0);
    CHECK(names.spec.btf_value_type_id == 0);
    CHECK(read(hash + " btf /b value_type flow").result == 0);
    check_refused(read(hash + " btf /b"), BAREBPF_WORD_NEEDED, 10, "value_type");
    check_refused(read(hash + " btf /b key_type 1"), BAREBPF_WORD_NEEDED, 12, "value_type");
    check_refused(read(hash + " key_type 1"), BAREBPF_WORD_NEEDED, 10, "btf");
    check_refused(read(hash + " value_type flow"), BAREBPF_WORD_NEEDED, 10, "btf");
    check_refused(read("type hash btf /b key_type 1x"), BAREBPF_WORD_NUMBER, 5, "key_type");
    check_refused(read("type hash value_type 4294967296"), BAREBPF_WORD_RANGE, 3, "value_type");
}

TEST_CASE("words: the value of a struct_ops map is a type of the kernel")
{
    const std::string ops = "type struct_ops key 4 value 64 entries 1";
    CHECK(read(ops + " btf /b value_type 77").spec.btf_vmlinux_value_type_id == 77);
    CHECK(read(ops + " btf /b value_type 77").spec.btf_value_type_id == 0);
    CHECK(text(read(ops + " btf /b value_type bpf_struct_ops_x").read.value_type) == "bpf_struct_ops_x");
    check_refused(read(ops + " value_type 77"), BAREBPF_WORD_NEEDED, 10, "btf");
}

TEST_CASE("words: a token is a directory or a descriptor")
{
    CHECK(text(read(hash + " token /sys/fs/bpf").read.token) == "/sys/fs/bpf");
    CHECK(read(hash + " token /sys/fs/bpf").spec.map_flags == 0);
    CHECK(read(hash + " flags mmapable token fd 9").spec.token_fd == 9);
    CHECK(read(hash + " token fd 0").spec.map_flags == BAREBPF_F_TOKEN_FD);
    CHECK(text(read(hash + " token fd 9").read.token) == "(null)");
    check_refused(read("type hash token fd"), BAREBPF_WORD_VALUE, 3, "token");
    check_refused(read("type hash token fd x"), BAREBPF_WORD_NUMBER, 4, "token");
}

TEST_CASE("words: nothing that the type needs may be left out")
{
    check_refused(reading({}), BAREBPF_WORD_NEEDED, 0, "type");
    check_refused(read("key 4 value 8 entries 16"), BAREBPF_WORD_NEEDED, 6, "type");
    check_refused(read("type hash value 8 entries 16"), BAREBPF_WORD_NEEDED, 6, "key");
    check_refused(read("type hash key 4 entries 16"), BAREBPF_WORD_NEEDED, 6, "value");
    check_refused(read("type hash key 4 value 8"), BAREBPF_WORD_NEEDED, 6, "entries");
}

TEST_CASE("words: what the type requires to be zero may be left out")
{
    const char *line = GENERATE(
        "type queue value 4 entries 1", "type stack value 4 entries 1", "type bloom_filter value 4 entries 1",
        "type ringbuf entries page", "type user_ringbuf entries page", "type arena entries 1",
        "type cgroup_storage key 16 value 4", "type percpu_cgroup_storage key 16 value 4",
        "type sk_storage key 4 value 4", "type inode_storage key 4 value 4",
        "type task_storage key 4 value 4", "type cgrp_storage key 4 value 4");
    CAPTURE(line);
    CHECK(read(line).result == 0);
    const std::vector<std::string> words = split(line);
    SECTION("but nothing else")
    {
        const std::vector<std::string> fewer(words.begin(), words.end() - 2);
        check_refused(reading(fewer), BAREBPF_WORD_NEEDED, static_cast<uint32_t>(fewer.size()),
                      words[words.size() - 2]);
    }
}

TEST_CASE("words: the name is the caller's, whatever its length")
{
    CHECK(text(read(hash + " name a_name_of_more_than_fifteen_bytes").spec.name) ==
          "a_name_of_more_than_fifteen_bytes");
    CHECK(text(read(hash + " name key").spec.name) == "key");
    CHECK(text(reading({"type", "arena", "entries", "1", "name", ""}).spec.name).empty());
}

TEST_CASE("words: a struct older than 0.1.0 is refused without a rule")
{
    barebpf_map_words out{};
    barebpf_map_spec spec{};
    out.sz = sizeof(out);
    spec.sz = sizeof(spec);
    (GENERATE(true, false) ? out.sz : spec.sz) -= 8;
    const char *const words[] = {"type", "arena", "entries", "1"};
    CHECK(barebpf_map_words_parse(&out, &spec, words, 4, 4096) == -EINVAL);
    CHECK(out.rule == 0);
    CHECK(spec.map_type == 0);
}

TEST_CASE("words: errno is set by a refusal and left alone otherwise")
{
    errno = 77;
    CHECK(read(hash + " flags rdonly,wronly").result == 0);
    CHECK(errno == 77);
    CHECK(read("type nothing").result == -EINVAL);
    CHECK(errno == EINVAL);
}

TEST_CASE("words: a first word is a pin if a keyword follows, even without a value")
{
    check_refused(read("foo type"), BAREBPF_WORD_VALUE, 1, "type");
    CHECK(text(read("foo type").read.pin) == "foo");
    CHECK(read("foo bar").read.pin == nullptr);
    check_refused(read("foo bar"), BAREBPF_WORD_KEYWORD, 0, "(null)");
}

TEST_CASE("words: what an earlier description left behind is forgotten")
{
    barebpf_map_words out{};
    barebpf_map_spec spec{};
    out.sz = sizeof(out);
    spec.sz = sizeof(spec);
    out.pin = out.inner_map = out.offload_dev = "stale";
    out.inner_map_name = out.btf = out.key_type = out.value_type = out.token = "stale";
    out.inner_map_id = 7;
    out.rule = BAREBPF_WORD_RANGE;
    const char *const words[] = {"type", "arena", "entries", "1"};
    REQUIRE(barebpf_map_words_parse(&out, &spec, words, 4, 4096) == 0);
    CHECK(out.pin == nullptr);
    CHECK(out.inner_map == nullptr);
    CHECK(out.offload_dev == nullptr);
    for (const char *word : {out.inner_map_name, out.btf, out.key_type, out.value_type, out.token})
        CHECK(word == nullptr);
    CHECK(out.inner_map_id == 0);
    CHECK(out.rule == 0);
}

TEST_CASE("words: a newer caller's longer structs are accepted")
{
    struct {
        barebpf_map_words read;
        char rest[8];
    } out;
    struct {
        barebpf_map_spec spec;
        char rest[8];
    } given;
    std::memset(&out, 0, sizeof(out));
    std::memset(&given, 0, sizeof(given));
    out.read.sz = sizeof(out);
    given.spec.sz = sizeof(given);
    const char *const words[] = {"type", "arena", "entries", "1"};
    CHECK(barebpf_map_words_parse(&out.read, &given.spec, words, 4, 4096) == 0);
    CHECK(given.spec.map_type == BAREBPF_MAP_TYPE_ARENA);
}

TEST_CASE("words: each base has its digits and no others")
{
    for (int character = 1; character < 256; character++) {
        const char c = static_cast<char>(character);
        const std::string digits = "0123456789abcdef";
        const bool upper = c >= 'A' && c <= 'F';
        const size_t value = digits.find(upper ? static_cast<char>(c + 32) : c);
        const auto read_as = [c](const std::string &start) {
            return reading({"type", "arena", "entries", "1", "extra", start + c});
        };
        CAPTURE(character);
        const reading hexadecimal = read_as("0x1"), decimal = read_as("1"), octal = read_as("01");
        CHECK((hexadecimal.result == 0) == (value < 16));
        CHECK((decimal.result == 0) == (value < 10));
        CHECK((octal.result == 0) == (value < 8));
        if (value < 16)
            CHECK(hexadecimal.spec.map_extra == 16 + value);
        if (value < 10)
            CHECK(decimal.spec.map_extra == 10 + value);
        if (value < 8)
            CHECK(octal.spec.map_extra == 8 + value);
    }
}

TEST_CASE("words: every other character is no unit")
{
    const std::string units = "0123456789BkKmMgG";
    for (int character = 1; character < 256; character++) {
        const std::string written = {'1', static_cast<char>(character)};
        CAPTURE(character);
        CHECK((reading({"type", "arena", "entries", written}).result == 0) ==
              (units.find(written[1]) != std::string::npos));
    }
}

TEST_CASE("words: a flag's name is read in either case, and by its letters alone")
{
    CHECK(read(hash + " flags ZERO_SEED").spec.map_flags == BAREBPF_F_ZERO_SEED);
    CHECK(read(hash + " flags zero_seed").spec.map_flags == BAREBPF_F_ZERO_SEED);
    CHECK(read(hash + " flags NO_COMMON_LRU").spec.map_flags == BAREBPF_F_NO_COMMON_LRU);
    CHECK(read(hash + " flags MMAPABLE").spec.map_flags == BAREBPF_F_MMAPABLE);
    const char *written =
        GENERATE("zero[seed", "zero@seed", "zero\x7fseed", "zero?seed", "rdonl9", "rdonl\x99");
    CAPTURE(written);
    check_refused(reading({"type", "hash", "flags", written}), BAREBPF_WORD_FLAG, 3, "flags");
}

TEST_CASE("words: a flag is a number if it begins with a decimal digit")
{
    check_refused(read("type hash flags a"), BAREBPF_WORD_FLAG, 3, "flags");
    check_refused(read("type hash flags 9z"), BAREBPF_WORD_NUMBER, 3, "flags");
    CHECK(read(hash + " flags 9").spec.map_flags == 9);
    CHECK(read(hash + " flags 0").spec.map_flags == 0);
}

TEST_CASE("words: the longest name of a flag is read with its prefix")
{
    std::string longest;
    for (uint32_t bit = 0; bit < 32; bit++)
        if (const char *name = barebpf_map_flag_name(bit))
            longest = std::string(name).size() > longest.size() ? name : longest;
    CHECK(read(hash + " flags bpf_f_" + longest).result == 0);
    for (size_t more = 1; more < 20; more++) {
        const std::string written = "bpf_f_" + longest + std::string(more, 'x');
        check_refused(reading({"type", "hash", "flags", written}), BAREBPF_WORD_FLAG, 3, "flags");
    }
}

TEST_CASE("words: a refusal names the word it is about, after a pin too")
{
    check_refused(read("/pin type hash key 4 value 8 entries 1 bogus"), BAREBPF_WORD_KEYWORD, 9, "(null)");
    check_refused(read("/pin type hash flags rdonly flags wronly"), BAREBPF_WORD_ONCE, 5, "flags");
    check_refused(read("type hash inner_map pinned"), BAREBPF_WORD_VALUE, 3, "inner_map");
    check_refused(read("type hash inner_map pinned /x key z"), BAREBPF_WORD_NUMBER, 6, "key");
    check_refused(read("type hash numa 0x"), BAREBPF_WORD_NUMBER, 3, "numa");
    check_refused(read("type hash extra"), BAREBPF_WORD_VALUE, 2, "extra");
}

TEST_CASE("words: sizes are read up to the largest of 32 bits, with a unit too")
{
    CHECK(read("type arena entries 4294967295").spec.max_entries == UINT32_MAX);
    CHECK(read("type arena entries 4095M").spec.max_entries == 4095u << 20);
    CHECK(read("type arena entries 1048575page").spec.max_entries == 1048575u * 4096);
    check_refused(read("type arena entries 4096M"), BAREBPF_WORD_RANGE, 3, "entries");
    check_refused(read("type arena entries 8589934592"), BAREBPF_WORD_RANGE, 3, "entries");
}
