// SPDX-License-Identifier: BSD-2-Clause
#include "check.h"

#include <filesystem>
#include <fstream>

#include <linux/seccomp.h>
#include <unistd.h>

#include "program.h"
#include "test/catch.h"

using namespace barebpf::test;
using barebpf::tool::failure;
using barebpf::tool::json;
using barebpf::tool::words_of_line;

namespace
{

using list = std::vector<std::string>;

// No kernel is asked: a call of bpf(2) would end the program.
outcome check(const std::string &line)
{
    return run_filtered(line, any_command, SECCOMP_RET_KILL_PROCESS);
}

class batch_file
{
public:
    explicit batch_file(const std::string &text) { std::ofstream(path) << text; }
    ~batch_file() { std::filesystem::remove(path); }
    batch_file(const batch_file &) = delete;
    batch_file &operator=(const batch_file &) = delete;

    const std::string path = "/tmp/barebpf-test-maps." + std::to_string(getpid());
};

} // namespace

TEST_CASE("barebpf check: a map is taken from the release on that has all of it")
{
    struct row {
        const char *words, *since;
    };
    // As the kernel's history has it.
    const row one = GENERATE(values<row>({
        {"type ringbuf entries 4096", "5.8"},
        {"type array key 4 value 8 entries 4 flags mmapable", "5.5"},
        {"type hash key 4 value 8 entries 4 flags no_prealloc", "4.6"},
        {"type hash key 4 value 8 entries 4 name foo", "4.15"},
        {"type hash key 4 value 8 entries 4 name a.b", "5.2"},
        {"type array_of_maps key 4 value 4 entries 4 inner_map /nowhere", "4.12"},
        {"type sk_storage key 4 value 8 flags no_prealloc", "5.2"},
        {"type arena entries 4 flags mmapable", "6.9"},
        {"type rhash key 4 value 8 entries 4 flags no_prealloc", "7.2"},
        {"type hash key 4 value 8 entries 4", "4.4"},
    }));
    CAPTURE(one.words);
    const outcome got = check(std::string("-j check ") + one.words);
    CHECK(got.code == 0);
    const json printed = json::parse(got.out);
    REQUIRE(printed["maps"].size() == 1);
    CHECK(printed["maps"][0]["since"] == one.since);
    CHECK(printed["maps"][0]["ranges"].back()["to"] == "7.3");
    CHECK(printed["maps"][0]["taken"] == (one.since == std::string("4.4")));
}

TEST_CASE("barebpf check: a release that refuses a map says why, and what to try")
{
    const outcome got = check("check type ringbuf entries 5000");
    CHECK(got.code == 1);
    CHECK(got.err.empty());
    CHECK(got.out ==
          "ringbuf: refused\n"
          "  4.4 to 5.7    EINVAL: ringbuf maps came with Linux 5.8; this kernel is 5.7\n"
          "                try: use Linux 5.8 or newer\n"
          "  5.8 to 7.3    EINVAL: the entries of a ringbuf are its size in bytes: a power of two and a "
          "multiple of the page size (4096 bytes); entries is 5000\n"
          "                try: entries 8192, or --give-up=size\n");
    const outcome later = check("check type ringbuf entries 4K");
    CHECK(later.code == 0);
    CHECK(later.out.starts_with("ringbuf: taken from Linux 5.8 on\n"));
    CHECK(later.out.ends_with("\n  5.8 to 7.3    taken\n"));
}

TEST_CASE("barebpf check: only the releases given decide")
{
    struct row {
        const char *options;
        int code;
    };
    const row one = GENERATE(values<row>({
        {"--kernel 5.7", 1},
        {"--kernel=5.8", 0},
        {"--kernel 5.10.200", 0},
        {"--kernels 5.8..7.2", 0},
        {"--kernels=5.7..7.2", 1},
        {"--kernels=4.19..5.7", 1},
        {"", 0},
    }));
    CAPTURE(one.options);
    const std::string line = "check " + std::string(one.options) + " type ringbuf entries 4096";
    CHECK(check(line).code == one.code);
    CHECK(json::parse(check("-j " + line).out)["taken"] == (one.code == 0));
}

TEST_CASE("barebpf check: the caller's capabilities decide")
{
    struct row {
        const char *options;
        int code;
    };
    const row one = GENERATE(values<row>({
        {"--kernel 5.10 --as root type stack_trace key 4 value 8 entries 4", 0},
        {"--kernel 5.10 --as user type stack_trace key 4 value 8 entries 4", 1},
        {"--kernel 5.10 --as cap_bpf type stack_trace key 4 value 8 entries 4", 0},
        {"--kernel 5.7 --as cap_bpf type stack_trace key 4 value 8 entries 4", 1},
        {"--kernel 5.7 --as cap_sys_admin type stack_trace key 4 value 8 entries 4", 0},
        {"--kernel 6.1 --as cap_bpf type devmap key 4 value 4 entries 4", 1},
        {"--kernel 6.1 --as cap_net_admin,cap_bpf type devmap key 4 value 4 entries 4", 0},
        {"--kernel 5.15 --as user type array key 4 value 4 entries 4", 0},
        {"--kernel 5.16 --as user type array key 4 value 4 entries 4", 1},
    }));
    CAPTURE(one.options);
    CHECK(check(std::string("check ") + one.options).code == one.code);
}

TEST_CASE("barebpf check: every map of a batch file, by its line")
{
    const batch_file file("# maps of ours\n"
                          "map create /sys/fs/bpf/a type hash key 4 value 4 \\\n"
                          "    entries 5 name first # the first\n"
                          "\n"
                          "create type ringbuf entries 4096\n"
                          "type array key 4 value 4 entries 1 name 'a.b'\n");
    const outcome got = check("check --kernel 5.1 " + file.path);
    CHECK(got.code == 1);
    CHECK(got.out == file.path + ":3: hash 'first': taken\n  5.1           taken\n" + file.path +
                         ":5: ringbuf: refused\n"
                         "  5.1           EINVAL: ringbuf maps came with Linux 5.8; this kernel is 5.1\n"
                         "                try: use Linux 5.8 or newer\n" +
                         file.path +
                         ":6: array 'a.b': refused\n"
                         "  5.1           EINVAL: a name has no dot before Linux 5.2\n"
                         "                try: name a_b, or --give-up=name_chars\n");
    CHECK(check("check --kernel 5.8 " + file.path).code == 0);
    const json printed = json::parse(check("-j check --kernel 5.8 " + file.path).out);
    CHECK(printed["taken"] == true);
    REQUIRE(printed["maps"].size() == 3);
    CHECK(printed["maps"][0]["place"] == file.path + ":3");
    CHECK(printed["maps"][2]["name"] == "a.b");
}

TEST_CASE("barebpf check: a file that is wrong is refused with its line")
{
    struct row {
        const char *text, *message;
    };
    const row one = GENERATE(values<row>({
        {"type ringbuf entries 4096\nmap show\n", ":2: only lines with `map create` can be checked"},
        {"\n\ntype hsah\n", ":3: type: unknown map type 'hsah' (did you mean hash?); see barebpf help types"},
        {"map create type hash name 'x\n", ":1: the quote '\\'x' does not end"},
        {"map create\n", ":1: type is missing"},
        {"create\n", ":1: type is missing"},
    }));
    CAPTURE(one.text);
    const batch_file file(one.text);
    const outcome got = check("check " + file.path);
    CHECK(got.code == 2);
    CHECK(got.out.empty());
    if (std::string(one.text).find('\'') == std::string::npos)
        CHECK(got.err == "barebpf: " + file.path + one.message + "\n");
}

TEST_CASE("barebpf check: a file without a map is refused")
{
    const batch_file file("# nothing\n");
    CHECK(check("check " + file.path).code == 2);
    CHECK(check("check " + file.path).err == "barebpf: check: '" + file.path + "' has no map\n");
    CHECK(check("check /dev/null").err == "barebpf: check: cannot read '/dev/null': it is empty\n");
}

TEST_CASE("check: the words of a line are those of a bpftool batch")
{
    CHECK(words_of_line("").empty());
    CHECK(words_of_line("  \t# all of it").empty());
    CHECK(words_of_line("map create\t/a type hash\r") == list{"map", "create", "/a", "type", "hash"});
    CHECK(words_of_line("name 'a b' \"c d\"# e") == list{"name", "a b", "c d"});
    CHECK(words_of_line("a#b") == list{"a"});
    CHECK_THROWS_AS(words_of_line("name 'a"), failure);
}
