// SPDX-License-Identifier: BSD-2-Clause
#include "account.h"

#include "barebpf/barebpf.hpp"
#include <unistd.h>

#include "test/catch.h"

using namespace barebpf::tool;

namespace
{

account hash()
{
    account map;
    map.id = 7;
    map.map_type = 1;
    map.map_flags = 0x81;
    map.key_size = 4;
    map.value_size = 8;
    map.max_entries = 16;
    map.frozen = false;
    return map;
}

} // namespace

TEST_CASE("account: what the kernel does not report is left out")
{
    CHECK(account_text(hash()) == "7: hash  flags 0x81\n\tkey 4B  value 8B  max_entries 16\n");
    CHECK(account_json(hash()).dump() ==
          R"({"id":7,"type":"hash","flags":129,"bytes_key":4,"bytes_value":8,"max_entries":16,"frozen":0})");
}

TEST_CASE("account: everything the kernel reports")
{
    account map = hash();
    map.name = "\xe9";
    map.memlock = 328;
    map.map_extra = 0x10;
    map.frozen = true;
    map.pin = "/sys/fs/bpf/\"";
    CHECK(account_text(map) ==
          "7: hash  name \\xe9  flags 0x81\n\tkey 4B  value 8B  max_entries 16  memlock 328B"
          "  map_extra 0x10  frozen\n\tpinned /sys/fs/bpf/\"\n");
    CHECK(written(account_json(map), format::compact_json) ==
          "{\"id\":7,\"type\":\"hash\",\"name\":\"\xc3\xa9\",\"flags\":129,\"bytes_key\":4,\"bytes_value\":8,"
          "\"max_entries\":16,\"bytes_memlock\":328,\"map_extra\":16,\"frozen\":1,"
          "\"pinned\":[\"/sys/fs/bpf/\\\"\"]}\n");
}

TEST_CASE("account: a map in the words of create")
{
    account map = hash();
    CHECK(words_of(map) == "hash key 4 value 8 entries 16 flags no_prealloc,rdonly_prog");
    map.map_flags = 0;
    CHECK(words_of(map) == "hash key 4 value 8 entries 16");
}

TEST_CASE("account: whether a map is frozen may be unknown")
{
    account map = hash();
    map.frozen.reset();
    CHECK(account_text(map) == "7: hash  flags 0x81\n\tkey 4B  value 8B  max_entries 16  frozen unknown\n");
    CHECK(account_json(map)["frozen"] == nullptr);
}

TEST_CASE("account: a type newer than ours is shown by its number")
{
    account map = hash();
    map.map_type = 99;
    CHECK(account_text(map).starts_with("7: type 99  flags"));
    CHECK(account_json(map)["type"] == 99);
}

TEST_CASE("account: where bpf(2) does not describe maps, /proc does")
{
    account map = hash();
    map.id.reset();
    CHECK(account_text(map) == "hash  flags 0x81\n\tkey 4B  value 8B  max_entries 16\n");
    CHECK_FALSE(account_json(map).contains("id"));

    const barebpf::fd_result made = barebpf::create_map({.type = barebpf::map_type::lpm_trie,
                                                         .key_size = 8,
                                                         .value_size = 12,
                                                         .max_entries = 16,
                                                         .flags = barebpf::map_flags::no_prealloc});
    if (!made && geteuid() != 0)
        SKIP_BECAUSE("neither CAP_BPF nor CAP_SYS_ADMIN");
    REQUIRE(made);
    account printed = read_fdinfo_account(made->get());
    account known = read_account(made->get());
    CHECK(known.id);
    known.id.reset();
    CHECK(account_text(printed) == account_text(known));
    CHECK_THROWS_AS(read_fdinfo_account(0), failure);
}
