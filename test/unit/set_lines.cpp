// SPDX-License-Identifier: BSD-2-Clause
//
// There is a short way for `set` lines of two plain numbers, behind the first `set` line of a map. Line by
// line, with memory for each element, every line is the first: that is the long way. Both must read every
// line alike.
#include <cerrno>
#include <cinttypes>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <initializer_list>
#include <iterator>
#include <ostream>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "barebpf/apply.h"
#include "mapped_text.h"
#include "script.h"
#include "test/catch.h"

using namespace barebpf::test;
using namespace std::literals;

namespace
{

struct map_kind {
    const char *type;
    uint32_t key_size;
    uint32_t value_size;
    uint32_t entries;
    const char *first; // a right `set` line, after which the short way is tried
};
constexpr map_kind kinds[] = {
    {"hash", 4, 8, 9, "set 1 1"},         {"hash", 1, 2, 9, "set 1 1"},
    {"hash", 2, 1, 9, "set 1 1"},         {"hash", 8, 4, 9, "set 1 1"},
    {"array", 4, 8, 1, "set 0 1"},        {"array", 4, 4, 300, "set 0..1 1"},
    {"array", 1, 1, 300, "set 0 1"},      {"hash", 3, 4, 9, "set hex 000102 1"},
    {"hash", 4, 16, 9, "set 1 \"a\""},    {"array", 4, 4, 0, "set hex 00000000 1"},
    {"percpu_hash", 4, 4, 9, "set 1 1"},  {"queue", 0, 4, 9, "set 1"},
    {"bloom_filter", 0, 8, 9, "set 1"},   {"lpm_trie", 8, 8, 9, "set 1 1"},
    {"percpu_array", 4, 8, 7, "set 1 1"}, {"lru_hash", 4, 4, 9, "set key 1 value 1"},
};

std::string text_of(const map_kind &kind, const std::string &line)
{
    return "create /m type "s + kind.type + " key " + std::to_string(kind.key_size) + " value " +
           std::to_string(kind.value_size) + " entries " + std::to_string(kind.entries) + "\n" + kind.first +
           "\n" + line;
}

std::string hex(const void *bytes, size_t size)
{
    std::string text;
    for (size_t i = 0; i < size; i++)
        for (const int shift : {4, 0})
            text += "0123456789abcdef"[static_cast<const unsigned char *>(bytes)[i] >> shift & 15];
    return text;
}

// A text as it may be shown in a message.
std::string visible(const std::string &text)
{
    std::string shown;
    for (const char c : text)
        shown += c == '\n' || (c >= ' ' && c < 0x7f) ? std::string(1, c) : "\\x" + hex(&c, 1);
    return shown;
}

// A text that is read from behind its first line.
struct reader {
    mapped_text text;
    std::vector<char> room = std::vector<char>(BAREBPF_LINE_ROOM);
    barebpf_map_file file{};
    barebpf_map_line line{};
    barebpf_map_spec spec{};
    barebpf_policy policy{};
    unsigned char key[16] = "";
    unsigned char value[64] = "";

    explicit reader(const std::string &content) : text(content)
    {
        file.sz = sizeof(file);
        file.text = text.text;
        file.size = content.size();
        file.room = room.data();
        file.room_size = room.size();
        file.key_room = sizeof(key);
        file.value_room = sizeof(value);
        file.cpus = 3;
        line.sz = sizeof(line);
        spec.sz = sizeof(spec);
        policy.sz = sizeof(policy);
        line.spec = &spec;
        line.policy = &policy;
        REQUIRE(barebpf_map_file_next(&file, &line) == 1);
    }

    size_t value_bytes() const
    {
        const bool percpu =
            file.map_type == BAREBPF_MAP_TYPE_PERCPU_HASH || file.map_type == BAREBPF_MAP_TYPE_PERCPU_ARRAY;
        return percpu ? size_t{8} * file.cpus : file.value_size;
    }

    // What is wrong with a line, with everything that is known about it.
    std::string error() const
    {
        std::string said = std::to_string(line.wrong) + " at " + std::to_string(line.wrong_line) + ":" +
                           std::to_string(line.wrong_column) + " of " + std::to_string(line.line) + ":" +
                           std::to_string(line.column) + " from " + std::to_string(line.at) + " given " +
                           std::to_string(line.given) + " allowed " + std::to_string(line.allowed);
        if (line.wrong_word)
            said += " word " + visible(std::string(line.wrong_word, line.wrong_size));
        return said;
    }
};

// Bytes of the elements up to the first error, and the error.
struct finding {
    std::string elements;
    std::string error;
};
bool operator==(const finding &a, const finding &b)
{
    return a.elements == b.elements && a.error == b.error;
}
std::ostream &operator<<(std::ostream &to, const finding &what)
{
    return to << what.elements << what.error;
}

finding read_by_line(const std::string &content)
{
    reader r(content);
    r.file.key = r.key;
    r.file.value = r.value;
    finding found;
    int result = 0;
    while ((result = barebpf_map_file_next(&r.file, &r.line)) == 1 && r.line.kind == BAREBPF_LINE_SET)
        found.elements += hex(r.key, r.file.key_size) + "=" + hex(r.value, r.value_bytes()) + " ";
    if (result < 0 && r.line.kind == BAREBPF_LINE_SET)
        found.error = r.error();
    return found;
}

constexpr long update_elem = 2, update_batch = 26; // of bpf(2)

// Takes elements as the kernel would.
answer takes_elements(const reader &r, std::string *elements)
{
    struct batch_attr {
        uint64_t in, out, keys, values;
        uint32_t count, fd;
    };
    struct elem_attr {
        uint32_t fd, padding;
        uint64_t key, value;
    };
    return [elements, &r](const system_call &call) -> long {
        const auto take = [&](uint64_t key, uint64_t value) {
            *elements +=
                hex(reinterpret_cast<const void *>(static_cast<uintptr_t>(key)), r.file.key_size) + "=" +
                hex(reinterpret_cast<const void *>(static_cast<uintptr_t>(value)), r.value_bytes()) + " ";
        };
        if (call.arguments[0] == update_elem) {
            const auto *attr = reinterpret_cast<const elem_attr *>(call.arguments[1]);
            take(attr->key, attr->value);
            return 0;
        }
        REQUIRE(call.arguments[0] == update_batch);
        const auto *attr = reinterpret_cast<const batch_attr *>(call.arguments[1]);
        for (uint32_t i = 0; i < attr->count; i++)
            take(attr->keys + i * r.file.key_size, attr->values + i * r.value_bytes());
        return 0;
    };
}

finding read_by_fill(const std::string &content)
{
    reader r(content);
    const barebpf_map_file before = r.file;
    std::vector<char> scratch(4096);
    barebpf_map_filling filling{};
    filling.sz = sizeof(filling);
    filling.file = &r.file;
    filling.line = &r.line;
    filling.scratch = scratch.data();
    filling.scratch_size = scratch.size();
    finding found;
    script_all(takes_elements(r, &found.elements));
    const int result = barebpf_map_fill(7, &filling);
    CHECK((result == 0 || result == -EINVAL));
    if (result < 0)
        found.error = r.error();
    CHECK(std::memcmp(&before, &r.file, sizeof(before)) == 0);
    return found;
}

// The first error of a `set` line when the text is only checked.
std::string check_by_line(const std::string &content)
{
    reader r(content);
    const int result = barebpf_map_file_next(&r.file, &r.line);
    CHECK((result != 1 || r.line.kind != BAREBPF_LINE_SET));
    return result < 0 && r.line.kind == BAREBPF_LINE_SET ? r.error() : "";
}

// Reads a line behind the first in each way, and returns what was found in all of them.
finding read_line(const map_kind &kind, const std::string &line)
{
    const std::string content = text_of(kind, line);
    INFO(visible(content));
    const finding found = read_by_line(content);
    CHECK(read_by_fill(content) == found);
    CHECK(check_by_line(content) == found.error);
    return found;
}

std::string bytes_of(uint64_t number, uint32_t width)
{
    const auto byte = static_cast<uint8_t>(number);
    const auto half = static_cast<uint16_t>(number);
    const auto word = static_cast<uint32_t>(number);
    return width == 1   ? hex(&byte, 1)
           : width == 2 ? hex(&half, 2)
           : width == 4 ? hex(&word, 4)
                        : hex(&number, 8);
}

std::string spelled(const char *form, uint64_t number)
{
    char text[40];
    std::snprintf(text, sizeof(text), form, number);
    return text;
}

// Around the powers of two and ten, where widths, digits and words end.
std::vector<uint64_t> edge_numbers()
{
    std::vector<uint64_t> all;
    const auto add_around = [&](uint64_t number) { all.insert(all.end(), {number - 1, number, number + 1}); };
    for (int bit = 0; bit < 64; bit++)
        add_around(uint64_t{1} << bit);
    for (uint64_t ten = 10, last = 1; ten / 10 == last; last = ten, ten *= 10)
        add_around(ten);
    all.insert(all.end(), {UINT64_MAX - 1, UINT64_MAX});
    return all;
}

// Lines of pieces, each of which is mostly right.
class line_maker
{
public:
    explicit line_maker(unsigned int seed) : random(seed) {}

    std::string line()
    {
        std::string text =
            either("set", {" set", "\tset", "\r set", "sett", "se", "'set'", "SET", "# set", "", "mkdir"});
        const unsigned int words = random() % 16 ? 2 : random() % 4;
        for (unsigned int i = 0; i < words; i++)
            text += either(" ", {"  ", "\t", " \t ", "\r", "", "\\", " \\\n", " \\\r\n\t", "\n", "\v", "\f",
                                 "\0"sv, "#", "\xa0", " key ", " value ", "\x1f"}) +
                    datum();
        return text +
               either("",
                      {" ", "\t", "\r", " \t\r ", " # 5", "#5", "\\", " \\", "\0"sv, " \0"sv, ".", "\v"}) +
               either("\n", {"\r\n", "", "\n\n", "\n# end", "\nmkdir /b\n", "\\\n5", " \\\n\n", " \\\r\n"});
    }

private:
    std::string one_of(const std::vector<std::string_view> &all)
    {
        return std::string(all[random() % all.size()]);
    }

    std::string either(std::string_view right, const std::vector<std::string_view> &others)
    {
        return random() % 8 ? std::string(right) : one_of(others);
    }

    std::string datum()
    {
        if (random() % 16 == 0)
            return one_of({"-",           "--1",     "+1",         "0x",    "0xg", "0X1F",
                           "0xfF",        "08",      "00",         "007",   "0b1", "1_0",
                           "1..2",        "0..3",    "..",         "1.",    "hex", "hex 01020304",
                           "hex 0 1 2 3", "nr_cpus", "percpu 1 2", "\"1\"", "'1'"});
        if (random() % 16 == 0)
            return one_of({"\"a", "1\"2\"", "1'", "1e3", "18446744073709551616", "99999999999999999999",
                           "one", "", "00000000000000000000000000001", "0x00000000000000000000001",
                           "0x10000000000000000", "1\0002"sv, "\xff", "1\xff"});
        const uint64_t number = random() % 8 ? random() % 200 : edges[random() % edges.size()];
        return spelled(either("%" PRIu64, {"0x%" PRIx64, "0X%" PRIX64, "0%" PRIo64, "-%" PRIu64}).c_str(),
                       number);
    }

    std::mt19937 random;
    const std::vector<uint64_t> edges = edge_numbers();
};

} // namespace

TEST_CASE("set lines: numbers of each width are the same bytes in every way of reading", "[apply]")
{
    const map_kind &kind = kinds[GENERATE(range(0u, 4u))];
    const bool is_key = GENERATE(true, false);
    const uint32_t width = is_key ? kind.key_size : kind.value_size;
    const std::string one_key = bytes_of(1, kind.key_size), one_value = bytes_of(1, kind.value_size);
    for (const uint64_t number : edge_numbers())
        for (const char *form : {"%" PRIu64, "0x%" PRIx64, "0X%" PRIX64, "0%" PRIo64}) {
            const std::string word = spelled(form, number);
            const finding found = read_line(kind, is_key ? "set " + word + " 1\n" : "set 1 " + word + "\n");
            const std::string bytes = bytes_of(number, width);
            INFO(word);
            if (width == 8 || number < uint64_t{1} << 8 * width)
                CHECK(found.elements == one_key + "=" + one_value + " " + (is_key ? bytes : one_key) + "=" +
                                            (is_key ? one_value : bytes) + " ");
            else
                CHECK(found.error.rfind(std::to_string(BAREBPF_WRONG_FIT) + " at 3:", 0) == 0);
        }
}

TEST_CASE("set lines: an index beyond the end of an array is found in every way of reading", "[apply]")
{
    const map_kind &kind = kinds[5];
    CHECK(read_line(kind, "set 299 1\n").error.empty());
    CHECK(read_line(kind, "set 300 1\n").error ==
          std::to_string(BAREBPF_WRONG_INDEX) + " at 3:5 of 3:1 from " +
              std::to_string(text_of(kind, "").size()) + " given 300 allowed 300 word 300");
}

TEST_CASE("set lines: a line that is continued, and what follows it, keep their numbers", "[apply]")
{
    const finding found = read_line(kinds[0], "set 2 2\n\nset 3 \\\n 3\n  set 4 4\n set 5 5 5\n");
    CHECK(found.error == std::to_string(BAREBPF_WRONG_MORE) + " at 8:10 of 8:2 from " +
                             std::to_string(text_of(kinds[0], "").size() + 30) + " given 0 allowed 0 word 5");
    CHECK(read_by_fill(text_of(kinds[0], "set 2 2\n\nset 3 \\\n 3\n  set 4 4\n")).elements ==
          "01000000=0100000000000000 02000000=0200000000000000 03000000=0300000000000000 "
          "04000000=0400000000000000 ");
}

TEST_CASE("set lines: a text may end anywhere", "[apply]")
{
    const std::string line =
        GENERATE("set 1 2", "\t set\t0x12  0x34 \r\n", "set 010 08\n", "set 3 0x\n", "set 4 0\n");
    for (size_t size = 0; size <= line.size(); size++)
        read_line(kinds[0], line.substr(0, size));
    CHECK(read_line(kinds[0], line).error.empty() ==
          (line.find("08") + line.find("0x\n") == 2 * std::string::npos));
}

TEST_CASE("set lines: random ones are the same in every way of reading", "[apply]")
{
    const size_t which = GENERATE(range(size_t{0}, std::size(kinds)));
    line_maker made(static_cast<unsigned int>(which));
    size_t right = 0, wrong = 0;
    for (int i = 0; i < 1000; i++) {
        const finding found = read_line(kinds[which], made.line() + made.line());
        (found.error.empty() ? right : wrong)++;
    }
    CHECK(right > 80);
    CHECK(wrong > 300);
}
