// SPDX-License-Identifier: BSD-2-Clause
//
// What a map more in a file costs apply.
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "site.h"
#include "supervised.h"
#include "test/catch.h"

using namespace barebpf::test;

namespace
{

constexpr unsigned int most_descriptors = 16;

// Applies a file with so many maps in a bpffs of its own. Its most memory is then that of the last child.
ending apply_maps(unsigned int count)
{
    char name[] = "/tmp/barebpf-growth-XXXXXX";
    REQUIRE(mkdtemp(name));
    const std::string root = name, bpffs = root + "/bpf", file = root + "/a.maps";
    REQUIRE(mkdir(bpffs.c_str(), 0755) == 0);
    REQUIRE(mount("bpf", bpffs.c_str(), "bpf", 0, nullptr) == 0);
    {
        std::ofstream out(file);
        for (unsigned int i = 0; i < count; i++)
            out << "map create " << bpffs << "/map_" << i << " type array key 4 value 8 entries 2 name map_"
                << i << " mode 0640\nset 0..1 7\n";
    }
    const ending done = run_measured(site::command_for(file), most_descriptors);
    umount2(bpffs.c_str(), MNT_DETACH);
    std::filesystem::remove_all(root);
    return done;
}

} // namespace

TEST_CASE("apply: a map more takes at most 256 bytes, and no descriptor")
{
    const std::string missing = missing_for_site();
    if (!missing.empty())
        SKIP_BECAUSE(missing);
    constexpr unsigned int few = 1000, many = 30000;
    const ending first = apply_maps(few), second = apply_maps(many);
    INFO(first.err << second.err);
    REQUIRE(first.code == 0);
    REQUIRE(second.code == 0);
    CHECK(second.out.ends_with("30000 maps: 30000 created\n"));
    const long bytes = (second.most_kib - first.most_kib) * 1024 / (many - few);
    std::printf(
        "%u maps: at most %ld KiB; %u maps: %ld KiB; %ld bytes a map, with its lines in the file; at most %u "
        "descriptors\n",
        few, first.most_kib, many, second.most_kib, bytes, most_descriptors);
    CHECK(bytes <= 256);
}
