// SPDX-License-Identifier: BSD-2-Clause
//
// apply, diff, show and unpin on this kernel, in a bpffs of their own, with bpftool as the one who looks.
#include <cerrno>
#include <cstring>
#include <iterator>
#include <string>
#include <vector>

#include <fcntl.h>

#include "workshop.h"

using namespace barebpf::test;

namespace
{

// The JSON lines of a run.
std::vector<json> documents(const outcome &result)
{
    std::vector<json> all;
    for (size_t at = 0; at < result.out.size();) {
        const size_t end = result.out.find('\n', at);
        REQUIRE(end != std::string::npos);
        all.push_back(json::parse(result.out.substr(at, end - at)));
        at = end + 1;
    }
    return all;
}

std::vector<std::string> hex(const json &bytes)
{
    return bytes.get<std::vector<std::string>>();
}

} // namespace

TEST_CASE("apply: maps are made as the file says, and a second run changes nothing")
{
    NEEDS_MOUNTS();
    const workshop here;
    const std::string file = here.file("a.maps", R"(
mkdir @/net mode 0750 owner 0:997
map create @/net/limits type array key 4 value 2 entries 4 name limits mode 0640 owner 5:997 freeze
set 0..3 0x0102
set 2 hex ff 00
map create @/outer type hash_of_maps key 4 value 4 entries 8 inner_map @/template
map create @/template type lpm_trie key 8 value 4 entries 1K flags no_prealloc
map create @/queue type queue value 1 entries 4
set 5
set 6
)");
    const outcome planned = here.barebpf("apply --dry-run " + file);
    CHECK(planned.code == 0);
    CHECK(here.pins() == "");
    CHECK(planned.out == "~ directory " + here.bpffs + "/net\n  it does not exist\n+ create    " +
                             here.bpffs + "/net/limits\n+ create    " + here.bpffs +
                             "/template\n+ create    " + here.bpffs + "/outer\n+ create    " + here.bpffs +
                             "/queue\n4 maps: 4 create\n");
    CHECK(here.barebpf("diff " + file).code == 1);

    const outcome first = here.barebpf("apply " + file);
    INFO(first.err);
    CHECK(first.code == 0);
    CHECK(first.out.find("4 maps: 4 created\n") != std::string::npos);
    CHECK(here.pins() == "net outer queue template");
    CHECK((here.about("net").st_mode & 07777) == 0750);
    CHECK(here.about("net").st_gid == 997);
    CHECK((here.about("net/limits").st_mode & 07777) == 0640);
    CHECK(here.about("net/limits").st_uid == 5);
    CHECK(here.about("net/limits").st_gid == 997);
    const json limits = here.shown("net/limits");
    CHECK(limits["name"] == "limits");
    CHECK(limits["frozen"] == 1);
    const json elements = here.dumped("net/limits");
    REQUIRE(elements.size() == 4);
    const uint16_t number = 0x0102;
    unsigned char bytes[2];
    std::memcpy(bytes, &number, 2);
    CHECK(std::stoi(hex(elements[1]["value"])[0], nullptr, 16) == bytes[0]);
    CHECK(std::stoi(hex(elements[1]["value"])[1], nullptr, 16) == bytes[1]);
    CHECK(hex(elements[2]["value"]) == std::vector<std::string>{"0xff", "0x00"});
    CHECK(here.shown("template")["max_entries"] == 1024);
    CHECK(here.bpftool({"map", "pop", "pinned", here.bpffs + "/queue"})["value"] == json({"0x05"}));

    const uint32_t id = here.shown("template")["id"];
    const outcome second = here.barebpf("apply " + file);
    CHECK(second.code == 0);
    CHECK(second.err == "");
    CHECK(second.out == "4 maps: 4 unchanged; nothing was changed\n");
    CHECK(here.shown("template")["id"] == id);
    const outcome same = here.barebpf("diff " + file);
    CHECK(same.code == 0);
    CHECK(same.out == "4 maps: 4 unchanged; nothing to change\n");
}

TEST_CASE("apply: plain lines make what they say, in an empty directory and in one with pins")
{
    NEEDS_MOUNTS();
    const workshop here;
    const std::string file = here.file("a.maps", R"(
map create @/unnamed type array key 4 value 8 entries 3
map create @/longest type hash key 4 value 8 entries 3 name fifteen_letters flags no_prealloc
map create @/cut type hash key 4 value 8 entries 3 name sixteen__letters
create @/set t array k 4 v 8 e 3 name set
set 2 7
create "@/quoted" type queue value 4 entries 5 # with a comment
)");
    const std::string made = here.barebpf("apply " + file).out;
    CHECK(made.find("5 maps: 5 created\n") != std::string::npos);
    const auto check_maps = [&] {
        CHECK_FALSE(here.shown("unnamed").contains("name"));
        CHECK(here.shown("unnamed")["max_entries"] == 3);
        CHECK(here.shown("longest")["name"] == "fifteen_letters");
        CHECK(here.shown("longest")["flags"] == 1);
        CHECK(here.shown("cut")["name"] == "sixteen__letter");
        CHECK(here.shown("quoted")["type"] == "queue");
        CHECK(here.shown("quoted")["bytes_value"] == 4);
    };
    check_maps();
    CHECK(here.barebpf("apply " + file).out == "5 maps: 5 unchanged; nothing was changed\n");
    CHECK(here.barebpf("unpin " + here.bpffs + "/longest").code == 0);
    CHECK(here.barebpf("apply " + file).out.find("5 maps: 4 unchanged, 1 created\n") != std::string::npos);
    check_maps();
    CHECK(here.pins() == "cut longest quoted set unnamed");
}

TEST_CASE("apply: what differs is named, and the line says what becomes of it")
{
    NEEDS_MOUNTS();
    const workshop here;
    const std::string before = here.file("before.maps", "map create @/m type hash key 4 value 8 entries 16\n"
                                                        "set 1 2\nset 3 4\n");
    const std::string line = "map create @/m type hash key 4 value 8 entries 32 ";
    REQUIRE(here.barebpf("apply " + before).code == 0);
    const uint32_t id = here.shown("m")["id"];

    SECTION("fail")
    {
        const outcome result = here.barebpf("apply " + here.file("a.maps", line));
        CHECK(result.code == 1);
        CHECK(result.err.find("a.maps:1:1: '" + here.bpffs +
                              "/m': cannot use the pinned map, which differs: "
                              "EEXIST") != std::string::npos);
        CHECK(result.err.find("\n  entries is 16, not 32\n") != std::string::npos);
        CHECK(here.shown("m")["id"] == id);
    }
    SECTION("keep")
    {
        const std::string file = here.file("a.maps", line + "exists keep");
        CHECK(here.barebpf("apply " + file).code == 0);
        CHECK(here.barebpf("diff " + file).code == 1);
        CHECK(here.shown("m")["id"] == id);
    }
    SECTION("replace")
    {
        const std::string file = here.file("a.maps", line + "exists replace");
        const outcome planned = here.barebpf("diff " + file);
        CHECK(planned.code == 1);
        CHECK(planned.out == "~ replace   " + here.bpffs + "/m\n  entries is 16, not 32\n1 map: 1 replace\n");
        CHECK(here.shown("m")["id"] == id);
        CHECK(here.barebpf("apply " + file).code == 0);
        CHECK(here.shown("m")["max_entries"] == 32);
        CHECK(here.dumped("m").size() == 0);
        CHECK(here.barebpf("diff " + file).code == 0);
    }
    SECTION("migrate")
    {
        const outcome result = here.barebpf("-j apply " + here.file("a.maps", line + "exists migrate"));
        CHECK(result.code == 0);
        CHECK(documents(result)[0]["copied"] == 2);
        CHECK(here.shown("m")["max_entries"] == 32);
        CHECK(here.dumped("m").size() == 2);
    }
    SECTION("migrate, with values of any size over those of the file")
    {
        const std::string large = "map create @/large type array key 4 value 100000 exists migrate entries ";
        REQUIRE(here.barebpf("apply " + here.file("a.maps", large + "2\nset 1 \"old\"\n")).code == 0);
        const std::string file = here.file("a.maps", large + "3\nset 1 \"new\"\nset 2 \"only here\"\n");
        const outcome result = here.barebpf("-j apply " + file);
        CHECK(result.code == 0);
        CHECK(documents(result)[0]["copied"] == 2);
        CHECK(documents(result)[0]["elements"] == 2);
        const auto dumped = here.dumped("large");
        CHECK(dumped[1]["value"][0] == "0x6f");
        CHECK(dumped[2]["value"][0] == "0x6f");
        CHECK(dumped[2]["value"][1] == "0x6e");
    }
    SECTION("mode and owner alone are corrected")
    {
        const std::string file =
            here.file("a.maps", "map create @/m type hash key 4 value 8 entries 16 mode 0444 owner :7");
        const outcome planned = here.barebpf("diff " + file);
        CHECK(planned.code == 1);
        CHECK(planned.out == "~ change    " + here.bpffs +
                                 "/m\n  mode is 0600, not 0444\n  group is 0, not 7\n1 map: 1 change\n");
        CHECK(here.barebpf("apply " + file).code == 0);
        CHECK((here.about("m").st_mode & 07777) == 0444);
        CHECK(here.about("m").st_gid == 7);
        CHECK(here.shown("m")["id"] == id);
    }
}

TEST_CASE("apply: a line that fails stops only those that need it")
{
    NEEDS_MOUNTS();
    const workshop here;
    const std::string file = here.file("a.maps", R"(map create @/a type hasch key 4 value 4 entries 1
map create @/b type hash key 4 value 4 entries 1
set 1 x
map create @/c type ringbuf entries 5000
map create @/d type array_of_maps key 4 value 4 entries 1 inner_map @/b
map create @/e type ringbuf entries 5000 optional
map create @/f type hash key 4 value 4 entries 1 since 99.0
map create @/g type hash key 4 value 4 entries 1
map create @/g type hash key 4 value 4 entries 2
map create @/h type array_of_maps key 4 value 4 entries 1 inner_map @/i
map create @/i type array_of_maps key 4 value 4 entries 1 inner_map @/h
map create @/k type hash key 4 value 4 entries 1
set 1 1
set 2 2
include missing.maps
map create @/z type hash key 4 value 4 entries 1
)");
    const outcome result = here.barebpf("apply " + file);
    INFO(result.err);
    CHECK(result.code == 1);
    CHECK(here.pins() == "g z");
    const auto says = [&](const std::string &text) {
        return result.err.find(file + text) != std::string::npos;
    };
    CHECK(result.err.find("type: 'hasch' is not a map type: a name") != std::string::npos);
    CHECK(says(":3:7: value: 'x' is not a number"));
    CHECK(says(":4:1: '" + here.bpffs + "/c': this kernel would refuse the map (EINVAL)"));
    CHECK(says(":4:1: '" + here.bpffs + "/c': the kernel refused the map (EINVAL)"));
    CHECK(says(":5:1: '" + here.bpffs + "/d': not made: its inner map '" + here.bpffs + "/b' is missing"));
    CHECK(says(":6:1: skipped   " + here.bpffs + "/e"));
    CHECK(says(":7:1: skipped   " + here.bpffs + "/f\n  it is for Linux 99.0 and newer"));
    CHECK(says(":9:1: '" + here.bpffs + "/g' is pinned by an earlier line too"));
    CHECK(says(":10:1: '" + here.bpffs + "/i' needs this map to be made first"));
    CHECK(says(":11:1: '" + here.bpffs + "/h' needs this map to be made first"));
    CHECK(says(":12:1: '" + here.bpffs +
               "/k': cannot fill the map: E2BIG (7): Argument list too long (line 14)"));
    CHECK(says(":15:1: cannot read '" + here.root + "/missing.maps': ENOENT (2): No such file or directory"));
    CHECK(result.out.find("2 created") != std::string::npos);
}

TEST_CASE("apply: directories are read by name, and a name in an earlier one hides the same in a later one")
{
    NEEDS_MOUNTS();
    const workshop here;
    const std::string hash = " type hash key 4 value 4 entries 1\n";
    here.file("etc/20.maps", "map create @/etc20" + hash);
    here.file("etc/30.maps", "# hides\n");
    here.file("etc/other.txt", "nonsense\n");
    here.file("lib/10.maps", "map create @/lib10" + hash + "include deeper/in.maps\n");
    here.file("lib/20.maps", "map create @/lib20" + hash);
    here.file("lib/30.maps", "map create @/lib30" + hash);
    here.file("lib/deeper/in.maps", "map create @/deeper" + hash);
    const outcome result = here.barebpf("-j apply " + here.root + "/etc " + here.root + "/lib");
    INFO(result.out << result.err);
    CHECK(result.code == 0);
    CHECK(here.pins() == "deeper etc20 lib10");
    const std::vector<json> all = documents(result);
    REQUIRE(all.size() == 4);
    CHECK(all[0]["path"] == here.bpffs + "/lib10");
    CHECK(all[1]["path"] == here.bpffs + "/deeper");
    CHECK(all[2]["path"] == here.bpffs + "/etc20");
    CHECK(all[3]["created"] == 3);
}

TEST_CASE("apply: includes that never end, and those that are too deep, are errors")
{
    NEEDS_MOUNTS();
    const workshop here;
    const std::string a =
        here.file("a.maps", "include b.maps\nmap create @/a type hash key 4 value 4 entries 1\n");
    here.file("b.maps", "include sub/../a.maps\n");
    fs::create_directory(here.root + "/sub");
    const outcome cycle = here.barebpf("apply " + a);
    CHECK(cycle.code == 1);
    CHECK(cycle.err.find("b.maps:1:1: cannot read '" + here.root +
                         "/sub/../a.maps': it is being read already") != std::string::npos);
    CHECK(here.pins() == "a");
    for (int i = 0; i < 20; i++)
        here.file("d" + std::to_string(i), "include d" + std::to_string(i + 1) + "\n");
    const outcome deep = here.barebpf("apply " + here.root + "/d0");
    CHECK(deep.code == 1);
    CHECK(deep.err.find("/d16:1:1: cannot read '" + here.root +
                        "/d17': files are included at most 16 deep") != std::string::npos);
}

TEST_CASE("apply: a bpffs is mounted where there is none, and directories are not made through links")
{
    NEEDS_MOUNTS();
    const workshop here(false);
    const std::string file =
        here.file("a.maps", "mount @ mode 0711\nmkdir @/sub/deep\nmap create @/sub/deep/m type hash key 4 "
                            "value 4 entries 1\n");
    CHECK(here.barebpf("apply --dry-run " + file).out.find("~ bpffs     " + here.bpffs) != std::string::npos);
    const outcome first = here.barebpf("apply " + file);
    INFO(first.err);
    CHECK(first.code == 0);
    CHECK((here.about("").st_mode & 0777) == 0711);
    CHECK(here.shown("sub/deep/m")["max_entries"] == 1);
    CHECK(here.barebpf("apply " + file).out == "1 map: 1 unchanged; nothing was changed\n");

    REQUIRE(symlink("/etc", (here.root + "/link").c_str()) == 0);
    const std::string linked =
        here.file("b.maps", "mkdir " + here.root + "/link mode 0777\nmap create " + here.root +
                                "/link/m type hash key 4 value 4 entries 1\n");
    const outcome refused = here.barebpf("apply " + linked);
    CHECK(refused.code == 1);
    CHECK(refused.err.find("cannot use the directory '" + here.root + "/link'") != std::string::npos);
    CHECK(refused.err.find("not made: '" + here.root + "/link' is missing") != std::string::npos);
}

TEST_CASE("apply: types of BTF are given by name or by id, as to create")
{
    NEEDS_MOUNTS();
    const workshop here;
    const std::string btf = here.btf_file();
    const std::string map = "map create @/m type hash key 4 value 16 entries 4 btf " + btf;
    const std::string types =
        GENERATE(as<std::string>(), "key_type int value_type flow", "value_type 3 key_type 1");
    const std::string file =
        here.file("a.maps", map + " " + types + "\nset 7 hex 0b000000000000000000000000000000\n");
    CHECK(here.barebpf("diff " + file).out == "+ create    " + here.bpffs + "/m\n1 map: 1 create\n");
    const outcome first = here.barebpf("apply " + file);
    INFO(first.err);
    CHECK(first.code == 0);
    CHECK(first.err == "");
    REQUIRE(here.pins() == "m");
    CHECK(here.dumped("m")[0]["formatted"]["key"] == 7);
    CHECK(here.barebpf("apply " + file).out == "1 map: 1 unchanged; nothing was changed\n");
    const outcome plain =
        here.barebpf("diff " + here.file("b.maps", "map create @/m type hash key 4 value 16 entries 4\n"));
    CHECK(plain.code == 1);
    CHECK(plain.err.find("\n  the map has BTF types, and should not\n") != std::string::npos);
}

TEST_CASE("apply: objects that are not there, or that a file cannot name, are said")
{
    NEEDS_MOUNTS();
    struct row {
        std::string words, message;
    };
    const row one = GENERATE(values<row>({
        {"btf FILE key_type int value_type flw",
         "a.maps:1:1: 'PIN': value_type: 'FILE' has no type 'flw' (did you mean flow?)"},
        {"btf FILE key_type int value_type twice", "a.maps:1:1: 'PIN': value_type: 'FILE' has 2 types "
                                                   "'twice': struct 5, typedef 6; give one by its id"},
        {"btf /none key_type 1 value_type 3",
         "a.maps:1:1: 'PIN': btf: cannot open '/none': ENOENT (2): No such file or directory"},
        {"btf /dev/zero key_type 1 value_type 3",
         "a.maps:1:1: 'PIN': btf: cannot read '/dev/zero': it is not a regular file"},
        {"btf FILE key_type 1", "a.maps:1:1: value_type is missing"},
        {"token /tmp",
         "a.maps:1:1: 'PIN': token: cannot make one from '/tmp': EINVAL (22): Invalid argument; it "
         "is not the root directory of a bpffs, or this kernel is older than Linux 6.9"},
        {"token fd 3", "token: 'fd' is not supported; give the directory where a bpffs is mounted"},
        {"inner_map id 3", "inner_map: 'id' is not supported; give the path of a pinned map"},
        {"inner_map name a", "inner_map: 'name' is not supported; give the path of a pinned map"},
    }));
    const workshop here;
    const std::string btf = here.btf_file();
    const auto filled = [&](std::string text) {
        for (const auto &[name, with] : {std::pair("FILE", btf), std::pair("PIN", here.bpffs + "/m")})
            if (const size_t at = text.find(name); at != text.npos)
                text.replace(at, std::strlen(name), with);
        return text;
    };
    const outcome result = here.barebpf(
        "apply " +
        here.file("a.maps", filled("map create @/m type hash key 4 value 16 entries 4 " + one.words)));
    CHECK(result.code == 1);
    INFO(result.err);
    CHECK(result.err.find(filled(one.message) + "\n") != std::string::npos);
    CHECK(here.pins() == "");
}

TEST_CASE("apply: a batch file of bpftool makes the same maps")
{
    NEEDS_MOUNTS();
    const workshop here;
    const std::string text =
        "# maps\nmap create @/a type hash key 4 value 8 entries 16 name a flags 1\n"
        "map create @/b type array key 4 value 8 entries 0x10 name 'b' # one\n"
        "m c @/c t lru_hash k 4 v 8 e 16 n c\n"
        "map create @/d type percpu_array \\\n  key 4 value 8 entries 3 name d\n"
        "map create @/e type array_of_maps key 4 value 4 entries 2 name e inner_map pinned @/a\n";
    const std::string file = here.file("batch", text);
    REQUIRE(run({"bpftool", "batch", "file", file}).code == 0);
    std::vector<json> theirs;
    for (const char *pin : {"a", "b", "c", "d", "e"})
        theirs.push_back(here.shown(pin));
    REQUIRE(here.barebpf("diff " + file).code == 0);
    REQUIRE(here.barebpf("unpin @/a @/b @/c @/d @/e").code == 0);
    CHECK(here.pins() == "");
    REQUIRE(here.barebpf("apply " + file).code == 0);
    for (json &their : theirs) {
        json ours = here.shown(their["name"].get<std::string>());
        for (const char *own : {"id", "pids", "bytes_memlock"})
            ours.erase(own), their.erase(own);
        CHECK(ours == their);
    }
}

TEST_CASE("apply: --kmsg writes to the kernel's log")
{
    NEEDS_MOUNTS();
    const workshop here;
    const int log = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    if (log < 0)
        SKIP_BECAUSE("/dev/kmsg cannot be read");
    lseek(log, 0, SEEK_END);
    const std::string file =
        here.file("a.maps", "map create @/a type hash key 4 value 4 entries 1\nnonsense\n");
    const outcome result = here.barebpf("apply --kmsg " + file);
    CHECK(result.code == 1);
    CHECK(result.out + result.err == "");
    std::string found;
    char record[8192];
    for (ssize_t size; (size = read(log, record, sizeof(record))) > 0 || errno == EPIPE;)
        found += size > 0 ? std::string(record, static_cast<size_t>(size)) : "";
    close(log);
    // The facility of user space is 1: the level is in the lower three bits of 8 + level.
    CHECK(found.find("11,") != std::string::npos);
    CHECK(found.find(";barebpf: " + file + ":2:1: 'nonsense' is not a command") != std::string::npos);
    CHECK(found.find(";barebpf: created   " + here.bpffs + "/a") != std::string::npos);
}

TEST_CASE("apply: --kmsg loses no record, however many there are")
{
    NEEDS_MOUNTS();
    const workshop here;
    const int log = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    if (log < 0)
        SKIP_BECAUSE("/dev/kmsg cannot be read");
    lseek(log, 0, SEEK_END);
    std::string text;
    for (int i = 0; i < 40; i++)
        text += "map create @/m" + std::to_string(i) + " type array key 4 value 4 entries 1\n";
    CHECK(here.barebpf("apply --kmsg " + here.file("a.maps", text)).code == 0);
    size_t found = 0;
    char record[8192];
    for (ssize_t size; (size = read(log, record, sizeof(record))) > 0 || errno == EPIPE;)
        found +=
            size > 0 &&
            std::string(record, static_cast<size_t>(size)).find(";barebpf: created   " + here.bpffs + "/m") !=
                std::string::npos;
    close(log);
    CHECK(found == 40);
}

TEST_CASE("apply: many elements are set, the last of them too")
{
    NEEDS_MOUNTS();
    const workshop here;
    constexpr uint32_t count = 200000; // of several batches, the last one not full
    std::string text = "map create @/big type hash key 4 value 8 entries 200K\n";
    for (uint32_t i = 0; i < count; i++)
        text += "set " + std::to_string(i) + " " + std::to_string(7 * i) + "\n";
    const outcome result = here.barebpf("-j apply " + here.file("big.maps", text));
    CHECK(result.code == 0);
    CHECK(documents(result)[0]["elements"] == count);
    for (const uint32_t key : {uint32_t{0}, uint32_t{8192}, count - 1}) {
        unsigned char bytes[4];
        std::memcpy(bytes, &key, sizeof(bytes));
        std::vector<std::string> words = {"map", "lookup", "pinned", here.bpffs + "/big", "key"};
        for (const unsigned char byte : bytes)
            words.push_back(std::to_string(byte));
        const std::vector<std::string> found = hex(here.bpftool(words)["value"]);
        unsigned char value[8];
        for (size_t i = 0; i < sizeof(value); i++)
            value[i] = static_cast<unsigned char>(std::stoi(found[i], nullptr, 16));
        uint64_t number = 0;
        std::memcpy(&number, value, sizeof(number));
        CHECK(number == uint64_t{7} * key);
    }
}

TEST_CASE("show: an account of pinned maps, with their elements")
{
    NEEDS_MOUNTS();
    const workshop here;
    REQUIRE(
        here.barebpf("apply " + here.file("a.maps", "map create @/m type hash key 2 value 3 entries 4 name m "
                                                    "mode 0640 owner 1:2\nset hex 0102 hex 0a0b0c\n"))
            .code == 0);
    const outcome text = here.barebpf("show --elements @/m");
    CHECK(text.code == 0);
    CHECK(text.out.find(": hash  name m  flags 0x0\n\tkey 2B  value 3B  max_entries 4") != std::string::npos);
    CHECK(text.out.find("\tmode 0640  owner 1:2\n\tkey: 01 02  value: 0a 0b 0c\n") != std::string::npos);
    const json document = json::parse(here.barebpf("-j show --elements @/m").out);
    CHECK(document[0]["id"] == here.shown("m")["id"]);
    CHECK(document[0]["elements"] == here.dumped("m"));
    const outcome missing = here.barebpf("show @/nothing @/m");
    CHECK(missing.code == 1);
    CHECK(missing.err.find("nothing is pinned there") != std::string::npos);
    CHECK(missing.out.find("name m") != std::string::npos);
}

TEST_CASE("show: elements are decoded by the map's BTF, as bpftool does")
{
    NEEDS_MOUNTS();
    const workshop here;
    const std::string btf = here.btf_file();
    const std::string with = " entries 4 btf " + btf + " key_type int value_type ";
    const std::string file = here.file("a.maps", "map create @/h type hash key 4 value 16" + with +
                                                     "flow\nset -7 hex 0b000000000000000c00000000000000\n"
                                                     "map create @/p type percpu_array key 4 value 8" +
                                                     with + "long\nset 1 percpu -5\n");
    const outcome made = here.barebpf("apply " + file);
    INFO(made.err);
    REQUIRE(made.code == 0);
    for (const char *pin : {"h", "p"})
        CHECK(json::parse(here.barebpf(std::string("-j show --elements @/") + pin).out)[0]["elements"] ==
              here.dumped(pin));
    uint32_t a = 0;
    uint64_t b = 0;
    const unsigned char bytes[16] = {11, 0, 0, 0, 0, 0, 0, 0, 12};
    std::memcpy(&a, bytes, sizeof(a));
    std::memcpy(&b, bytes + 8, sizeof(b));
    CHECK(here.barebpf("show --elements @/h")
              .out.find("\tkey: -7  value: {\"a\":" + std::to_string(a) + ",\"b\":" + std::to_string(b) +
                        "}\n") != std::string::npos);
    CHECK(here.barebpf("show --elements @/p").out.find("\tkey: 0\n\t  cpu 0: 0\n") != std::string::npos);
    CHECK(here.barebpf("show --elements @/p").out.find("\tkey: 1\n\t  cpu 0: -5\n") != std::string::npos);
}

TEST_CASE("show: values of each CPU are shown by themselves")
{
    NEEDS_MOUNTS();
    const workshop here;
    REQUIRE(here.barebpf("apply " + here.file("a.maps",
                                              "map create @/m type percpu_hash key 2 value 3 entries 4\n"
                                              "set hex 0102 percpu hex 0a0b0c\n"))
                .code == 0);
    CHECK(here.barebpf("show --elements @/m").out.find("\tkey: 01 02\n\t  cpu 0: 0a 0b 0c\n") !=
          std::string::npos);
    CHECK(json::parse(here.barebpf("-j show --elements @/m").out)[0]["elements"] == here.dumped("m"));
}

TEST_CASE("unpin: pins of maps are removed, and nothing else")
{
    NEEDS_MOUNTS();
    const workshop here;
    REQUIRE(here.barebpf("create @/a type hash key 4 value 4 entries 1").code == 0);
    REQUIRE(mkdir((here.bpffs + "/dir").c_str(), 0700) == 0);
    const std::string file = here.file("plain", "text");
    const outcome result = here.barebpf("unpin @/dir " + file + " @/a");
    CHECK(result.code == 1);
    CHECK(result.err.find("it is a directory") != std::string::npos);
    CHECK(result.err.find("it is not a pinned map") != std::string::npos);
    CHECK(here.pins() == "dir");
    CHECK(fs::exists(file));
}

TEST_CASE("apply, diff, show, unpin: what the command line lacks is said")
{
    const auto error = [](const std::string &line) {
        const outcome result = run_barebpf(line);
        CHECK(result.code == 2);
        return result.err;
    };
    CHECK(error("show") == "barebpf: show: give the path of a pinned map\n");
    CHECK(error("unpin") == "barebpf: unpin: give the path of a pinned map\n");
    CHECK(error("diff --kmsg /tmp") == "barebpf: '--kmsg' applies to apply only\n");
    CHECK(error("apply --elements") == "barebpf: '--elements' applies to show only\n");
    CHECK(error("diff --dry-run") == "barebpf: '--dry-run' applies to create and apply only\n");
    CHECK(run_barebpf("apply /nonexistent").code == 1);
}
