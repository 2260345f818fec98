// SPDX-License-Identifier: BSD-2-Clause
#include <algorithm>
#include <cstring>
#include <fstream>

#include <fcntl.h>
#include <sys/mount.h>

#include "bpffs.h"
#include "program.h"
#include "test/catch.h"
#include "test/sandbox/delegation.h"

using namespace barebpf::test;
using Catch::Matchers::ContainsSubstring;

namespace
{

struct answer {
    int code;
    char text[2000]; // standard output and standard error

    void operator=(const outcome &got)
    {
        code = got.code;
        const std::string all = got.out + got.err;
        all.copy(text, sizeof(text) - 1);
    }
};

struct answers {
    answer with_token, without_token, by_init, applied, applied_again;
    bool pinned;
};

// As root of a user namespace: the command line with a bpffs mounted at the directory.
answers answers_at(const std::string &directory, int mounted)
{
    const std::string map = "type lru_hash key 4 value 8 entries 16 name granted",
                      token = " token " + directory;
    answers seen{};
    demand(move_mount(mounted, "", AT_FDCWD, directory.c_str(), MOVE_MOUNT_F_EMPTY_PATH) == 0, "move_mount");
    seen.with_token = run_barebpf("create " + map + token);
    seen.without_token = run_barebpf("create " + map);
    const std::string pin = directory + "/granted", file = directory + ".maps";
    std::ofstream(file) << "map create " << pin << " " << map << token << "\n";
    seen.by_init = run({BAREBPF_INIT, file});
    std::filesystem::remove(pin);
    seen.applied = run_barebpf("apply " + file);
    seen.applied_again = run_barebpf("apply " + file);
    seen.pinned = std::filesystem::exists(pin);
    std::filesystem::remove(file);
    return seen;
}

answers answers_under(const delegation &given)
{
    char directory[] = "/tmp/barebpf-test-XXXXXX";
    REQUIRE(mkdtemp(directory));
    const answers seen =
        in_user_namespace(given, [&](int mounted) { return answers_at(directory, mounted); });
    std::filesystem::remove(directory);
    return seen;
}

} // namespace

TEST_CASE("barebpf: a token from a bpffs makes what that delegates")
{
    if (const std::string missing = missing_tokens(); !missing.empty())
        SKIP_BECAUSE(missing);
    // Bits: BPF_MAP_CREATE is command 0, LRU_HASH map type 9.
    const answers seen = answers_under({"map_create and lru_hash", "0x1", "0x200"});
    INFO(seen.with_token.text << seen.by_init.text << seen.applied.text << seen.applied_again.text);
    CHECK(seen.with_token.code == 0);
    CHECK_THAT(seen.with_token.text, ContainsSubstring("lru_hash  name granted"));
    CHECK(seen.without_token.code == 1);
    CHECK_THAT(seen.without_token.text, ContainsSubstring("EPERM"));
    CHECK(seen.by_init.code == 0);
    CHECK_THAT(seen.by_init.text, ContainsSubstring("created"));
    CHECK(seen.applied.code == 0);
    CHECK_THAT(seen.applied.text, ContainsSubstring("created"));
    CHECK(seen.applied_again.code == 0);
    CHECK_THAT(seen.applied_again.text, ContainsSubstring("1 map: 1 unchanged; nothing was changed"));
    CHECK(seen.pinned);
}

TEST_CASE("barebpf: a token that does not delegate a map's type is named as the reason")
{
    if (const std::string missing = missing_tokens(); !missing.empty())
        SKIP_BECAUSE(missing);
    const answers seen = answers_under({"map_create and hash", "0x1", "0x2"});
    INFO(seen.with_token.text << seen.applied.text);
    CHECK(seen.with_token.code == 1);
    CHECK_THAT(seen.with_token.text, ContainsSubstring("(EPERM)") && ContainsSubstring("token"));
    CHECK(seen.by_init.code == 1);
    CHECK(seen.applied.code == 1);
    CHECK_THAT(seen.applied.text, ContainsSubstring("(EPERM)") && ContainsSubstring("token"));
    CHECK(!seen.pinned);
}
