// SPDX-License-Identifier: BSD-2-Clause
#include <filesystem>
#include <fstream>

#include <linux/seccomp.h>
#include <unistd.h>

#include "output.h"
#include "program.h"
#include "test/catch.h"

using namespace barebpf::test;
using barebpf::tool::json;

namespace
{

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

TEST_CASE("barebpf check: every map of a file, by its line")
{
    const batch_file file("# maps of ours\n"
                          "mkdir /sys/fs/bpf/sub mode 0700\n"
                          "map create /sys/fs/bpf/a type hash key 4 value 4 \\\n"
                          "    entries 5 name first # the first\n"
                          "set 1 2\n"
                          "\n"
                          "m c /b type ringbuf entries 4096\n"
                          "create /c type array key 4 value 4 entries 1 name 'a.b'\n");
    const outcome got = check("check --kernel 5.1 " + file.path);
    CHECK(got.code == 1);
    CHECK(got.out == file.path + ":3:1: hash 'first': taken\n  5.1           taken\n" + file.path +
                         ":7:1: ringbuf: refused\n"
                         "  5.1           EINVAL: ringbuf maps came with Linux 5.8; this kernel is 5.1\n"
                         "                try: use Linux 5.8 or newer\n" +
                         file.path +
                         ":8:1: array 'a.b': refused\n"
                         "  5.1           EINVAL: a name has no dot before Linux 5.2\n"
                         "                try: name a_b, or --give-up=name_chars\n");
    CHECK(check("check --kernel 5.8 " + file.path).code == 0);
    const json printed = json::parse(check("-j check --kernel 5.8 " + file.path).out);
    CHECK(printed["taken"] == true);
    REQUIRE(printed["maps"].size() == 3);
    CHECK(printed["maps"][0]["place"] == file.path + ":3:1");
    CHECK(printed["maps"][2]["name"] == "a.b");
}

TEST_CASE("barebpf check: what a line leaves out on old kernels is not refused")
{
    const batch_file file("map create /a type ringbuf entries 4096 since 5.8\n"
                          "map create /b type ringbuf entries 4096 optional\n"
                          "map create /c type sk_storage key 4 value 8 flags no_prealloc since 5.2 btf /none "
                          "key_type int value_type flow\n");
    const outcome got = check("check --kernels 5.7..5.8 " + file.path);
    CHECK(got.code == 0);
    CHECK(got.out == file.path +
                         ":1:1: ringbuf: taken from Linux 5.8 on\n"
                         "  5.7           left out: since 5.8\n"
                         "  5.8           taken\n" +
                         file.path +
                         ":2:1: ringbuf: taken from Linux 5.8 on\n"
                         "  5.7           left out: EINVAL: ringbuf maps came with Linux 5.8; this kernel is "
                         "5.7\n"
                         "                try: use Linux 5.8 or newer\n"
                         "  5.8           taken\n" +
                         file.path + ":3:1: sk_storage: taken\n  5.7 to 5.8    taken\n");
    const json printed = json::parse(check("-j check --kernel 5.1 " + file.path).out);
    CHECK(printed["taken"] == true);
    for (const json &one : printed["maps"])
        CHECK(one["ranges"][0]["left_out"] == true);
    CHECK(check("check --kernel 5.1 " + file.path).out.starts_with(file.path + ":1:1: ringbuf: left out\n"));
}

TEST_CASE("barebpf check: a file that is wrong is refused with all its wrong lines")
{
    struct row {
        const char *text, *message;
    };
    const row one = GENERATE(values<row>({
        {"map create /a type ringbuf entries 4096\nmap show\n",
         "@:2:5: 'show': of bpftool's commands a map file has only map create"},
        {"\n\ncreate /a type hsah\n",
         "@:3:16: type: 'hsah' is not a map type: a name that `barebpf help types` lists, or a number"},
        {"map create /a type hash name 'x\n",
         "@:1:30: a quote begins before 'x' and does not end on this line"},
        {"map create\ncreate\n", "@:1:1: a map line needs a PIN, its path in a bpffs, before the keywords\n"
                                 "  @:2:1: a map line needs a PIN, its path in a bpffs, before the keywords"},
        {"type ringbuf entries 4096\n", "@:1:1: 'type' is not a command; a line begins with map create, set, "
                                        "mount, mkdir or include"},
        {"create /a type hash key 4 value 4 entries 1 dev eth0\n",
         "@:1:1: offload_dev: what a device takes depends on its driver and cannot be checked"},
        {"include @\n", "@:1:1: cannot read '@': it is being read already, so that the include would never "
                        "end"},
    }));
    CAPTURE(one.text);
    const auto with_path = [&](std::string text, const std::string &path) {
        for (size_t at; (at = text.find('@')) != text.npos;)
            text.replace(at, 1, path);
        return text;
    };
    const std::string path = "/tmp/barebpf-test-maps." + std::to_string(getpid());
    const batch_file file(with_path(one.text, path));
    const outcome got = check("check " + file.path);
    CHECK(got.code == 2);
    CHECK(got.out.empty());
    CHECK(got.err == "barebpf: " + with_path(one.message, file.path) + "\n");
}

TEST_CASE("barebpf check: a file without a map, or that cannot be read, is refused")
{
    const batch_file file("# nothing\n");
    CHECK(check("check " + file.path).code == 2);
    CHECK(check("check " + file.path).err == "barebpf: check: '" + file.path + "' has no map\n");
    CHECK(check("check /dev/null").err == "barebpf: check: '/dev/null' has no map\n");
    const outcome missing = check("check /nonexistent");
    CHECK(missing.code == 2);
    CHECK(missing.err ==
          "barebpf: check: cannot read '/nonexistent': ENOENT (2): No such file or directory\n");
}
