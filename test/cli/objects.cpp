// SPDX-License-Identifier: BSD-2-Clause
// The objects that a map's description names: BTF with its types, inner maps, tokens.
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <fcntl.h>
#include <linux/version.h>
#include <unistd.h>

#include "barebpf/barebpf.hpp"
#include "barebpf/bpf.h"
#include "btf_writer.h"
#include "program.h"
#include "test/catch.h"
#include "test/uname.h"

using namespace barebpf::test;

namespace
{

using Catch::Matchers::ContainsSubstring;
using Catch::Matchers::StartsWith;

constexpr const char *root_only = "needs root: CAP_BPF to make maps";

// A file that is removed again.
struct temporary {
    explicit temporary(const std::string &bytes)
        : path("/tmp/barebpf-test-" + std::to_string(getpid()) + ".btf")
    {
        std::ofstream(path, std::ios::binary) << bytes;
    }
    ~temporary() { unlink(path.c_str()); }
    temporary(const temporary &) = delete;
    temporary &operator=(const temporary &) = delete;

    std::string path;
};

barebpf::fd named_array(const std::string &name)
{
    return barebpf::fd(bpf_map_create(BPF_MAP_TYPE_ARRAY, name.c_str(), 4, 4, 1, nullptr));
}

bpf_map_info info_of(const barebpf::fd &map)
{
    bpf_map_info info{};
    __u32 size = sizeof(info);
    REQUIRE(bpf_map_get_info_by_fd(map.get(), &info, &size) == 0);
    return info;
}

} // namespace

TEST_CASE("barebpf create: the types of key and value are given by name or id, with their BTF")
{
    if (geteuid() != 0)
        SKIP_BECAUSE(root_only);
    const temporary file(small_btf());
    const std::string pin = "/sys/fs/bpf/barebpf_btf_" + std::to_string(getpid());
    const auto [types, value] = GENERATE(table<std::string, uint32_t>({{"key_type int value_type flow", 3},
                                                                       {"value_type flow_t key_type int", 4},
                                                                       {"key_type 1 value_type 4", 4}}));
    const outcome made =
        run_barebpf("create " + pin + " type hash key 4 value 16 entries 4 btf " + file.path + " " + types);
    INFO(made.err);
    REQUIRE(made.code == 0);
    const barebpf::fd map(barebpf_obj_get(pin.c_str()));
    unlink(pin.c_str());
    REQUIRE(map);
    CHECK(info_of(map).btf_key_type_id == 1);
    CHECK(info_of(map).btf_value_type_id == value);
}

TEST_CASE("barebpf create: a type that needs BTF is made with it")
{
    if (geteuid() != 0)
        SKIP_BECAUSE(root_only);
    const temporary file(small_btf());
    const outcome made = run_barebpf("create type sk_storage key 4 value 16 flags no_prealloc btf " +
                                     file.path + " key_type int value_type flow");
    INFO(made.err);
    CHECK(made.code == 0);
}

TEST_CASE("barebpf create: of BTF that does not fit the map the member is named, and what fits")
{
    if (geteuid() != 0)
        SKIP_BECAUSE(root_only);
    const temporary file(small_btf());
    const std::string with = " entries 4 btf " + file.path;
    const outcome small =
        run_barebpf("create type hash key 4 value 12" + with + " key_type int value_type flow");
    CHECK(small.code == 1);
    CHECK_THAT(small.err, ContainsSubstring("(EINVAL)") && ContainsSubstring("why: ") &&
                              ContainsSubstring("16") && ContainsSubstring("12"));
    const outcome keyless = run_barebpf("explain type hash key 4 value 16" + with + " value_type flow");
    CHECK(keyless.code == 1);
    CHECK_THAT(keyless.out, ContainsSubstring("give key_type too, or leave btf out"));
}

TEST_CASE("barebpf create: what is wrong with a file of BTF, or with a name in it")
{
    struct row {
        std::string bytes, words, message;
    };
    const row one = GENERATE(values<row>({
        {small_btf(), "key_type int value_type flw",
         "value_type: FILE has no type 'flw' (did you mean flow?)"},
        {small_btf(), "key_type char value_type flow", "key_type: FILE has no type 'char'"},
        {small_btf(), "key_type int value_type twice",
         "value_type: FILE has 2 types 'twice': struct 5, typedef 6; give one by its id"},
        {"\x7f"
         "ELF and more than a header",
         "key_type int value_type flow",
         "btf: FILE is an ELF file; llvm-objcopy --dump-section .BTF=FILE writes the BTF in it to FILE"},
        {"", "key_type int value_type flow",
         "btf: FILE is not raw BTF of this machine's byte order, such as pahole --btf_encode_detached "
         "writes"},
        {small_btf().substr(0, 40), "key_type int value_type flow",
         "btf: FILE is not raw BTF of this machine's byte order, such as pahole --btf_encode_detached "
         "writes"},
    }));
    const temporary file(one.bytes);
    const outcome got =
        run_barebpf("create type hash key 4 value 16 entries 4 btf " + file.path + " " + one.words);
    std::string message = one.message;
    for (size_t at; (at = message.find("FILE")) != message.npos && message[at - 1] != '=';)
        message.replace(at, 4, "'" + file.path + "'");
    CHECK(got.code == 1);
    CHECK(got.err == "barebpf: " + message + "\n");
}

TEST_CASE("barebpf create: BTF that the kernel refuses is shown with the kernel's message")
{
    if (geteuid() != 0)
        SKIP_BECAUSE(root_only);
    btf_writer btf;
    btf.add_type("loop", BTF_KIND_TYPEDEF, 0, 1);
    const temporary file(btf.text());
    const outcome got =
        run_barebpf("create type hash key 4 value 4 entries 4 btf " + file.path + " key_type 1 value_type 1");
    CHECK(got.code == 1);
    CHECK_THAT(got.err, StartsWith("barebpf: btf: the kernel refused '" + file.path + "': E") &&
                            ContainsSubstring("; it says '"));
}

TEST_CASE("barebpf create: an inner map is found by its id or its name")
{
    if (geteuid() != 0)
        SKIP_BECAUSE(root_only);
    const std::string name = "bb_in_" + std::to_string(getpid() % 100000);
    const std::string words = "create type array_of_maps key 4 value 4 entries 2 inner_map ";
    const barebpf::fd inner = named_array(name);
    REQUIRE(inner);
    const std::string id = std::to_string(info_of(inner).id);
    CHECK(run_barebpf(words + "id " + id).code == 0);
    CHECK(run_barebpf(words + "name " + name).code == 0);
    CHECK(run_barebpf("explain" + words.substr(6) + "name " + name).code == 0);
    const outcome missing = run_barebpf(words + "name no_such_map_");
    CHECK(missing.code == 1);
    CHECK(missing.err == "barebpf: inner_map: no map has the name 'no_such_map_'\n");
    CHECK(run_barebpf(words + "id 4294967295").err == "barebpf: inner_map: no map has the id 4294967295\n");
    const barebpf::fd second = named_array(name);
    const std::string other = std::to_string(info_of(second).id);
    CHECK(run_barebpf(words + "name " + name).err == "barebpf: inner_map: 2 maps have the name '" + name +
                                                         "': give one by its id, " + id + ", " + other +
                                                         "\n");
}

TEST_CASE("barebpf create: a token that cannot be had is refused with the reason")
{
    if (geteuid() != 0)
        SKIP_BECAUSE(root_only);
    const std::string words = "create type hash key 4 value 4 entries 4 token ";
    CHECK(run_barebpf(words + "/nowhere").err ==
          "barebpf: token: cannot open '/nowhere': ENOENT (2): No such file or directory\n");
    CHECK(run_barebpf(words + "/tmp").err == "barebpf: token: cannot make one from '/tmp': EINVAL (22): "
                                             "Invalid argument; it is not the root directory of "
                                             "a bpffs, or this kernel is older than Linux 6.9\n");
    const release_numbers running = running_release_numbers();
    const bool has_tokens = KERNEL_VERSION(running.major, running.minor, 0) >= KERNEL_VERSION(6, 9, 0);
    const outcome closed = run_barebpf(words + "fd 77");
    CHECK(closed.code == 1);
    CHECK_THAT(closed.err,
               ContainsSubstring(has_tokens ? "token_fd 77 is not an open descriptor" : "Linux 6.9"));
}
