// SPDX-License-Identifier: BSD-2-Clause
#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <memory>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "barebpf/map_file.h"
#include "mapped_text.h"
#include "script.h"
#include "test/catch.h"

using barebpf::test::mapped_text;

namespace
{

constexpr uint32_t cpus = 3;
constexpr size_t key_room = 16;
constexpr size_t value_room = 64;

// A reader of a text, with the memory it needs.
struct reader {
    barebpf_map_file file;
    barebpf_map_line line;
    barebpf_map_spec spec;
    barebpf_policy policy;
    std::vector<char> room = std::vector<char>(BAREBPF_LINE_ROOM);
    unsigned char key[key_room];
    unsigned char value[value_room];

    reader(const char *text, size_t size)
    {
        std::memset(&file, 0, sizeof(file));
        std::memset(&line, 0, sizeof(line));
        std::memset(&spec, 0, sizeof(spec));
        std::memset(&policy, 0, sizeof(policy));
        file.sz = sizeof(file);
        line.sz = sizeof(line);
        spec.sz = sizeof(spec);
        policy.sz = sizeof(policy);
        file.text = text;
        file.size = size;
        file.room = room.data();
        file.room_size = room.size();
        file.key = key;
        file.value = value;
        file.key_room = sizeof(key);
        file.value_room = sizeof(value);
        file.page_size = 4096;
        file.cpus = cpus;
        line.spec = &spec;
        line.policy = &policy;
    }

    explicit reader(const std::string &text) : reader(text.data(), text.size()) {}
    explicit reader(std::string &&) = delete; // which would not outlive it

    // After the line that is wrong.
    std::string error() const
    {
        std::vector<char> text(1024);
        const int size = barebpf_map_line_text(&line, text.data(), text.size());
        CHECK(size > 0);
        CHECK(static_cast<size_t>(size) == std::strlen(text.data()) + 1);
        return std::to_string(line.wrong_line) + ":" + std::to_string(line.wrong_column) + ": " + text.data();
    }

    int next() { return barebpf_map_file_next(&file, &line); }
};

// A case of map_file.txt.
struct example {
    int place = 0; // line of the table
    std::string text;
    std::vector<std::string> items;
    std::vector<std::string> errors;
};

int hex_digit(char c)
{
    return c >= 'a' ? c - 'a' + 10 : c - '0';
}

// A line of the table as it is in the file: \0, \r and \xNN are bytes.
std::string unescaped(const std::string &line)
{
    std::string text;
    for (size_t i = 0; i < line.size(); i++) {
        const char next = line[i] == '\\' && i + 1 < line.size() ? line[i + 1] : ' ';
        if (next == 'x') {
            text += static_cast<char>(hex_digit(line[i + 2]) * 16 + hex_digit(line[i + 3]));
            i += 3;
        } else if (next == '0' || next == 'r') {
            text += next == 'r' ? '\r' : '\0';
            i++;
        } else {
            text += line[i];
        }
    }
    return text;
}

std::vector<example> examples()
{
    std::ifstream table(BAREBPF_MAP_FILE_TABLE);
    std::vector<example> all;
    bool inside = false;
    int number = 0;
    for (std::string line; std::getline(table, line);) {
        number++;
        if (line.empty() || line[0] == '#') {
            inside = false;
            continue;
        }
        if (!inside)
            all.emplace_back().place = number;
        const std::string rest = line.size() > 2 ? line.substr(2) : "";
        if (line[0] == '|')
            all.back().text += (inside ? "\n" : "") + unescaped(rest);
        else
            (line[0] == '=' ? all.back().items : all.back().errors).push_back(rest);
        inside = true;
    }
    return all;
}

void add(std::string *text, const char *name, uint64_t number, uint64_t usual = 0)
{
    if (number != usual)
        *text += std::string(" ") + name + " " + std::to_string(number);
}

void add(std::string *text, const char *name, const char *string)
{
    if (string)
        *text += std::string(" ") + name + " " + string;
}

std::string formatted(const char *form, unsigned int number)
{
    char text[32];
    std::snprintf(text, sizeof(text), form, number);
    return text;
}

void add_place(std::string *text, const barebpf_map_line &line)
{
    if (line.mode != BAREBPF_LINE_UNSET)
        *text += formatted(" mode %04o", line.mode);
    add(text, "owner", line.owner, BAREBPF_LINE_UNSET);
    add(text, "group", line.group, BAREBPF_LINE_UNSET);
}

void add_policy(std::string *text, const barebpf_policy &policy)
{
    if (policy.give_up != (BAREBPF_GIVE_UP_NAME | BAREBPF_GIVE_UP_NAME_END))
        *text += formatted(" give_up 0x%x", policy.give_up);
    add(text, "memlock", policy.memlock, BAREBPF_MEMLOCK_WHEN_NEEDED);
    add(text, "most", policy.memlock_most);
    add(text, "backoff", policy.backoff_ms);
}

std::string map_text(const barebpf_map_line &line)
{
    const barebpf_map_spec &spec = *line.spec;
    std::string text = line.pin;
    text += " type " + std::to_string(spec.map_type);
    add(&text, "key", spec.key_size);
    add(&text, "value", spec.value_size);
    add(&text, "entries", spec.max_entries);
    if (spec.map_flags)
        text += formatted(" flags 0x%x", spec.map_flags);
    add(&text, "name", spec.name);
    add(&text, "numa", spec.numa_node);
    add(&text, "extra", spec.map_extra);
    add(&text, "inner_map", line.inner_map);
    add(&text, "offload_dev", line.offload_dev);
    add_place(&text, line);
    if (line.freeze)
        text += " freeze";
    add(&text, "exists", line.exists);
    add(&text, "btf", line.btf);
    add(&text, "key_type", line.key_type);
    add(&text, "key_type", spec.btf_key_type_id);
    add(&text, "value_type", line.value_type);
    add(&text, "value_type", spec.btf_value_type_id);
    add(&text, "vmlinux_value_type", spec.btf_vmlinux_value_type_id);
    add(&text, "token", line.token);
    add_policy(&text, *line.policy);
    if (line.since)
        text += formatted(" since %u", line.since >> 16) + formatted(".%u", line.since >> 8 & 255) +
                formatted(".%u", line.since & 255);
    return text + (line.optional ? " optional" : "");
}

std::string hex(const void *bytes, size_t size)
{
    std::string text;
    for (size_t i = 0; i < size; i++)
        text += formatted("%02x", static_cast<const unsigned char *>(bytes)[i]);
    return text.empty() ? "-" : text;
}

bool has_values_per_cpu(uint32_t type)
{
    return type == BAREBPF_MAP_TYPE_PERCPU_HASH || type == BAREBPF_MAP_TYPE_PERCPU_ARRAY ||
           type == BAREBPF_MAP_TYPE_LRU_PERCPU_HASH;
}

std::string set_text(const reader &r)
{
    const size_t size =
        has_values_per_cpu(r.file.map_type) ? (r.file.value_size + 7) / 8 * 8 * cpus : r.file.value_size;
    return hex(r.key, r.file.key_size) + " " + hex(r.value, size);
}

std::string item_text(const reader &r)
{
    const barebpf_map_line &line = r.line;
    const std::string place = " " + std::to_string(line.line) + ":" + std::to_string(line.column) + " ";
    std::string text;
    switch (line.kind) {
    case BAREBPF_LINE_MAP:
        return "map" + place + map_text(line);
    case BAREBPF_LINE_SET:
        return "set" + place + set_text(r);
    case BAREBPF_LINE_MOUNT:
        text = "mount";
        break;
    case BAREBPF_LINE_MKDIR:
        text = "mkdir";
        break;
    default:
        text = "include";
    }
    text += place + line.path;
    add_place(&text, line);
    return text;
}

// "n4:7" and the like as the bytes of a number of this machine, commas left out.
std::string with_bytes(const std::string &item)
{
    if (item.rfind("set ", 0) != 0)
        return item;
    std::string text;
    for (size_t at = 0; at < item.size();) {
        if (item[at] == 'n') {
            const auto number = std::stoull(item.substr(at + 3));
            const auto narrow = static_cast<uint32_t>(number);
            const auto narrower = static_cast<uint16_t>(number);
            text += item[at + 1] == '8'   ? hex(&number, 8)
                    : item[at + 1] == '4' ? hex(&narrow, 4)
                                          : hex(&narrower, 2);
            at = std::min(item.find_first_of(", ", at), item.size());
        } else {
            text += item[at] == ',' ? "" : std::string(1, item[at]);
            at++;
        }
    }
    return text;
}

// What reading gives, to the end.
struct outcome {
    std::vector<std::string> items;
    std::vector<std::string> errors;
    std::set<uint32_t> rules;
};

outcome read_all(reader *r)
{
    outcome found;
    for (int result; (result = r->next()) != 0;) {
        if (result == 1) {
            found.items.push_back(item_text(*r));
            continue;
        }
        REQUIRE(result == -EINVAL);
        REQUIRE(r->line.wrong != 0);
        found.rules.insert(r->line.wrong);
        found.errors.push_back(r->error());
    }
    return found;
}

const std::string hash_line = "map create /p type hash key 4 value 8 entries 16";

} // namespace

TEST_CASE("map file: every line of the table gives what it says, without a system call")
{
    barebpf::test::script({});
    const std::vector<example> all = examples();
    REQUIRE(all.size() > 20);
    for (const example &one : all) {
        INFO("map_file.txt:" << one.place);
        const mapped_text text(one.text);
        reader r(text.text, one.text.size());
        const outcome found = read_all(&r);
        std::vector<std::string> expected;
        for (const std::string &item : one.items)
            expected.push_back(with_bytes(item));
        CHECK(found.items == expected);
        CHECK(found.errors == one.errors);
        CHECK(r.file.at == r.file.size);
    }
    CHECK(barebpf::test::recorded_calls().empty());
}

TEST_CASE("map file: the table has every rule of a line and every word")
{
    std::set<uint32_t> rules;
    std::string everything;
    for (const example &one : examples()) {
        reader r(one.text);
        for (int result; (result = r.next()) != 0;)
            if (result < 0)
                rules.insert(r.line.wrong);
        everything += one.text + "\n";
    }
    for (uint32_t rule = 1; rule < BAREBPF_WRONG_PINNED_TWICE; rule++) {
        INFO("BAREBPF_WRONG number " << rule);
        // These two need another room and another number of CPUs.
        CHECK((rules.count(rule) || rule == BAREBPF_WRONG_ROOM || rule == BAREBPF_WRONG_WORDS ||
               rule == BAREBPF_WRONG_CPUS));
    }
    for (uint32_t i = 0; barebpf_map_file_word(i); i++) {
        INFO(barebpf_map_file_word(i));
        CHECK(everything.find(barebpf_map_file_word(i)) != std::string::npos);
    }
}

TEST_CASE("map file: the pages about the format have every word of it")
{
    const char *const page = GENERATE(BAREBPF_MAP_FILE_PAGE, BAREBPF_MAP_FILE_MANUAL);
    std::ifstream file(page);
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    uint32_t count = 0;
    for (; barebpf_map_file_word(count); count++) {
        INFO(page << ": " << barebpf_map_file_word(count));
        CHECK(text.find(barebpf_map_file_word(count)) != std::string::npos);
    }
    CHECK(count > 30);
}

TEST_CASE("map file: without memory for elements, `set` lines are checked and not returned")
{
    const std::string text =
        hash_line + "\nset 0..4294967295 1\nset 0..4294967296 1\nset 1 2\nset 3 4\nmkdir /a\n";
    reader r(text);
    r.file.key = r.file.value = nullptr;
    CHECK(r.next() == 1);
    CHECK(r.next() == -EINVAL);
    CHECK(r.line.kind == BAREBPF_LINE_SET);
    CHECK(r.line.line == 3);
    CHECK(r.line.wrong == BAREBPF_WRONG_FIT);
    CHECK(r.next() == 1);
    CHECK(item_text(r) == "mkdir 6:1 /a");
    CHECK(r.line.elements == 0);
    CHECK(r.next() == 0);
    CHECK(r.next() == 0);
}

TEST_CASE("map file: without memory for elements, everything else of the table is the same")
{
    const auto is_of_element = [](const std::string &item) { return item.rfind("set ", 0) == 0; };
    for (const example &one : examples()) {
        INFO("map_file.txt:" << one.place);
        const mapped_text text(one.text);
        reader r(text.text, one.text.size());
        r.file.key = r.file.value = nullptr;
        const outcome found = read_all(&r);
        std::vector<std::string> expected = one.items;
        expected.erase(std::remove_if(expected.begin(), expected.end(), is_of_element), expected.end());
        CHECK(found.items == expected);
        CHECK(found.errors == one.errors);
    }
}

TEST_CASE("map file: a copy of the state is read on from where it was made")
{
    const std::string text = "mkdir /a\n" + hash_line + "\nset 1..3 5\nmkdir /b\n";
    reader r(text);
    CHECK(r.next() == 1);
    CHECK(r.next() == 1);
    const barebpf_map_file at_elements = r.file;
    const std::vector<std::string> once = read_all(&r).items;
    r.file = at_elements;
    CHECK(read_all(&r).items == once);
    CHECK(once.size() == 4);
}

TEST_CASE("map file: a line is read again from its place")
{
    const std::string text = "# comment\n\\\n  mkdir /a\n\n" + hash_line + " mode 9\n";
    reader r(text);
    CHECK(r.next() == 1);
    CHECK(r.line.at == text.find("  mkdir"));
    const std::string once = item_text(r);
    r.file.at = r.line.at;
    r.file.line = r.line.line - 1;
    CHECK(r.next() == 1);
    CHECK(item_text(r) == once);
    CHECK(once == "mkdir 3:3 /a");
    CHECK(r.next() == -EINVAL);
    CHECK(r.line.at == text.find("map create"));
}

TEST_CASE("map file: what the machine is like must be known where it matters")
{
    SECTION("the page size")
    {
        const std::string text = "map create /p type array key 4 value page entries 1\n";
        reader r(text);
        r.file.page_size = 0;
        CHECK(r.next() == -EINVAL);
        CHECK(r.line.wrong == BAREBPF_WRONG_NUMBER);
    }
    SECTION("the number of CPUs")
    {
        const std::string text = hash_line + "\nset 1 nr_cpus\nmap create /q type percpu_hash key 4 value 4 "
                                             "entries 9\nset 1 2\n";
        reader r(text);
        r.file.cpus = 0;
        const outcome found = read_all(&r);
        CHECK(found.errors ==
              std::vector<std::string>{"2:7: value: the number of possible CPUs is not known",
                                       "4:1: value: the number of possible CPUs is not known"});
    }
    SECTION("a number of CPUs that does not fit")
    {
        const std::string text = "map create /p type array key 4 value 1 entries 9\nset 1 nr_cpus\n";
        reader r(text);
        r.file.cpus = 256;
        CHECK(read_all(&r).errors ==
              std::vector<std::string>{"2:7: value: 'nr_cpus' does not fit into 1 byte"});
    }
}

TEST_CASE("map file: lines have a limit, and the next line is read all the same")
{
    SECTION("of words")
    {
        std::string text = "mkdir /a";
        for (int i = 0; i < 64; i++)
            text += " x";
        text += "\nmkdir /b\n";
        reader r(text);
        const outcome found = read_all(&r);
        CHECK(found.errors ==
              std::vector<std::string>{"1:136: a line has at most 64 words behind its command"});
        CHECK(found.items == std::vector<std::string>{"mkdir 2:1 /b"});
    }
    SECTION("of bytes")
    {
        const std::string text = "mkdir /" + std::string(40, 'a') + "\nmkdir /b\n";
        reader r(text);
        SECTION("that is not enough for the word and its end")
        {
            r.file.room_size = 41;
            const outcome found = read_all(&r);
            CHECK(found.errors ==
                  std::vector<std::string>{"1:7: the words of this line take more than 41 bytes"});
            CHECK(found.items == std::vector<std::string>{"mkdir 2:1 /b"});
        }
        SECTION("that is just enough")
        {
            r.file.room_size = 42;
            CHECK(read_all(&r).errors.empty());
        }
    }
    SECTION("of many megabytes")
    {
        const std::string text = "mkdir /" + std::string(64 << 20, 'a') + "\nmkdir /b\n# " +
                                 std::string(64 << 20, '#') + "\nmkdir /c\n";
        reader r(text);
        const outcome found = read_all(&r);
        CHECK(found.errors ==
              std::vector<std::string>{"1:7: the words of this line take more than 20480 bytes"});
        CHECK(found.items == std::vector<std::string>{"mkdir 2:1 /b", "mkdir 4:1 /c"});
    }
}

TEST_CASE("map file: a long wrong word is cut")
{
    const std::string text(100, 'x');
    reader r(text);
    CHECK(r.next() == -EINVAL);
    CHECK(r.error().find("'" + std::string(64, 'x') + "...' is not a command") != std::string::npos);
}

TEST_CASE("map file: a sentence that does not fit is cut, and its length is told")
{
    const std::string line = "mkdir";
    reader r(line);
    REQUIRE(r.next() == -EINVAL);
    char text[6] = "zzzzz";
    CHECK(barebpf_map_line_text(&r.line, text, sizeof(text)) == 19);
    CHECK(std::string(text) == "mkdir");
    CHECK(barebpf_map_line_text(&r.line, nullptr, 0) == 19);
    REQUIRE(r.next() == 0);
    CHECK(barebpf_map_line_text(&r.line, text, sizeof(text)) == -EINVAL);
}

TEST_CASE("map file: an unusable argument is EINVAL without a rule")
{
    const std::string text = "mkdir /a";
    reader r(text);
    SECTION("no memory for words")
    {
        r.file.room = nullptr;
    }
    SECTION("memory for keys but not for values")
    {
        r.file.value = nullptr;
    }
    SECTION("no spec")
    {
        r.line.spec = nullptr;
    }
    SECTION("no policy")
    {
        r.line.policy = nullptr;
    }
    SECTION("a spec without sz")
    {
        r.spec.sz = 0;
    }
    SECTION("a policy without sz")
    {
        r.policy.sz = 0;
    }
    SECTION("no text")
    {
        r.file.text = nullptr;
    }
    SECTION("a place beyond the text")
    {
        r.file.at = 9;
    }
    CHECK(r.next() == -EINVAL);
    CHECK(r.line.wrong == 0);
}

TEST_CASE("map file: each line's spec and policy are its own")
{
    const std::string text =
        "map create /p type array key 4 value 4 entries 1 name a flags 1 extra 2 give_up size memlock never\n"
        "map create /q type queue value 4 entries 1\n";
    reader r(text);
    CHECK(r.next() == 1);
    CHECK(r.next() == 1);
    CHECK(item_text(r) == "map 2:1 /q type 22 value 4 entries 1");
}
