// SPDX-License-Identifier: BSD-2-Clause
#include "output.h"
#include "program.h"
#include "test/catch.h"
#include "test/numbers.h"

using namespace barebpf::test;
using barebpf::tool::json;

namespace
{

json member(const std::string &line, const std::string &name)
{
    const outcome got = run_barebpf("-j attr " + line);
    REQUIRE(got.code == 0);
    const json document = json::parse(got.out);
    for (const json &one : document["members"])
        if (one["member"] == name)
            return one;
    FAIL("no member " << name);
    return {};
}

const std::string hash = "type hash key 4 value 8 entries 16 ";

} // namespace

TEST_CASE("barebpf attr: the bytes by offset and every member")
{
    const outcome got =
        run_barebpf("attr /pin " + hash + "name foo flags rdonly,0x40000000 extra 0x100 numa 3");
    CHECK(got.code == 0);
    CHECK(got.err.empty());
    const uint32_t one = 1;
    if (*reinterpret_cast<const char *>(&one) == 1)
        CHECK(got.out.find("   0:  01 .. .. ..  04 .. .. ..  08 .. .. ..  10 .. .. ..\n"
                           "  16:  0c .. .. 40  .. .. .. ..  03 .. .. ..  66 6f 6f ..\n") !=
              std::string::npos);
    for (const char *line :
         {"bpf(BPF_MAP_CREATE, attr, 92)\n\n", //
          "\n     0     4  map_type                   1  hash\n",
          "\n    16     4  map_flags                  0x4000000c  numa_node,rdonly,0x40000000\n",
          "\n    20     4  inner_map_fd               0\n",
          "\n    28    16  map_name                   \"foo\"\n",
          "\n    64     8  map_extra                  0x100\n",
          "\n    88     4  excl_prog_hash_size        0\n"}) {
        CAPTURE(line);
        CHECK(got.out.find(line) != std::string::npos);
    }
}

TEST_CASE("barebpf attr: what only the kernel can resolve is named and left zero")
{
    const std::string line = hash + "inner_map /in dev eth0";
    CHECK(member(line, "inner_map_fd")["unresolved"] == "/in");
    CHECK(member(line, "inner_map_fd")["value"] == 0);
    CHECK(member(line, "map_ifindex")["unresolved"] == "eth0");
    const std::string text = run_barebpf("attr " + line).out;
    CHECK(text.find("inner_map_fd               0  (create looks up '/in')\n") != std::string::npos);
    CHECK(text.find("map_ifindex                0  (create looks up 'eth0')\n") != std::string::npos);
}

TEST_CASE("barebpf attr: JSON has the same content")
{
    const outcome got = run_barebpf("attr " + hash + "flags no_prealloc,mmapable --json");
    REQUIRE(got.code == 0);
    const json document = json::parse(got.out);
    CHECK(document["size"] == attr_size);
    CHECK(document["bytes"].get<std::string>().size() == 2 * attr_size);
    CHECK(document["members"].size() == 18);
    CHECK(document["members"][0] ==
          json{{"offset", 0}, {"size", 4}, {"member", "map_type"}, {"value", 1}, {"name", "hash"}});
    CHECK(document["members"][4]["names"] == json{"no_prealloc", "mmapable"});
    CHECK(document["members"][17]["offset"] == 88);
    CHECK(got.out.find('\n') == got.out.size() - 1);
    const outcome pretty = run_barebpf("attr -p " + hash + "flags no_prealloc,mmapable");
    CHECK(json::parse(pretty.out) == document);
    CHECK(pretty.out.starts_with("{\n    \"size\": 92,\n"));
}

TEST_CASE("barebpf attr: a type without a name is a number")
{
    CHECK(member("type 99 key 4 value 8 entries 1", "map_type") ==
          json{{"offset", 0}, {"size", 4}, {"member", "map_type"}, {"value", 99}});
    CHECK(run_barebpf("attr type 99 key 4 value 8 entries 1").out.find("map_type                   99\n") !=
          std::string::npos);
}

TEST_CASE("barebpf attr: a long name is truncated with a warning")
{
    const outcome got = run_barebpf("-j attr " + hash + "name sixteen_bytes_ab");
    CHECK(got.code == 0);
    CHECK(got.err ==
          "barebpf: name: 'sixteen_bytes_ab' has more than 15 bytes and is cut to 'sixteen_bytes_a'\n");
    CHECK(json::parse(got.out)["members"][7]["value"] == "sixteen_bytes_a");
    CHECK(run_barebpf("attr " + hash + "name fifteen_bytes_a").err.empty());
}

TEST_CASE("barebpf attr: any bytes of a name make valid JSON")
{
    CHECK(member(hash + "name \xe9t\xe9", "map_name")["value"] == "\xc3\xa9t\xc3\xa9");
    CHECK(member(hash + "name \xc3\xa9", "map_name")["value"] == "\xc3\xa9");
    CHECK(member(hash + "name a\"\\b\x01", "map_name")["value"] == "a\"\\b\x01");
}
