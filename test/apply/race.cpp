// SPDX-License-Identifier: BSD-2-Clause
//
// Many processes that apply one file at once, and others that look at the maps meanwhile.
#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <thread>

#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "barebpf/barebpf.hpp"
#include "site.h"
#include "supervised.h"
#include "test/catch.h"

using namespace barebpf::test;

namespace
{

constexpr unsigned int processes = 16;
constexpr uint32_t elements = 64;
constexpr uint64_t value = 0x0706050403020100;

// A file with three maps, and a bpffs for them.
class shared_file
{
public:
    shared_file()
    {
        char name[] = "/tmp/barebpf-race-XXXXXX";
        REQUIRE(mkdtemp(name));
        root = name;
        REQUIRE(mkdir(path("bpf").c_str(), 0755) == 0);
        REQUIRE(mount("bpf", path("bpf").c_str(), "bpf", 0, nullptr) == 0);
        const std::string set = "set 0..63 0x0706050403020100\n";
        std::ofstream(path("a.maps"))
            << "map create " << path("bpf/hash") << " type hash key 4 value 8 entries 64\n"
            << set << "map create " << path("bpf/array")
            << " type array key 4 value 8 entries 64 mode 0640 owner 3:4 freeze\n"
            << set << "map create " << path("bpf/outer")
            << " type hash_of_maps key 4 value 4 entries 1 inner_map " << path("bpf/hash") << "\n";
    }
    ~shared_file()
    {
        umount2(path("bpf").c_str(), MNT_DETACH);
        std::filesystem::remove_all(root);
    }
    shared_file(const shared_file &) = delete;
    shared_file &operator=(const shared_file &) = delete;

    std::string path(const std::string &name) const { return root + "/" + name; }

    // Names in the bpffs but for the two that every one has; they are removed.
    std::string take_names() const
    {
        std::string names;
        for (const char *name : {"array", "hash", "outer"})
            if (unlink(path(std::string("bpf/") + name).c_str()) == 0)
                names += std::string(name) + " ";
        for (const auto &entry : std::filesystem::directory_iterator(path("bpf")))
            if (entry.path().extension() != ".debug")
                names += entry.path().filename().string() + " ";
        return names;
    }

private:
    std::string root;
};

// A pinned map that is not as the file says; empty if there is none, or it is.
std::string unfinished(const shared_file &of, const char *name, bool has_attributes)
{
    const std::string path = of.path(std::string("bpf/") + name);
    struct stat about;
    const barebpf::fd map(barebpf_obj_get(path.c_str()));
    if (!map)
        return "";
    for (uint32_t key = 0; key < elements; key++) {
        uint64_t found = 0;
        if (barebpf_map_lookup_elem(map.get(), &key, &found, 0) != 0 || found != value)
            return std::string(name) + " lacks an element";
    }
    if (!has_attributes)
        return "";
    const uint32_t first = 0;
    if (barebpf_map_update_elem(map.get(), &first, &value, 0) != -EPERM)
        return std::string(name) + " is not frozen";
    if (stat(path.c_str(), &about) == 0 &&
        ((about.st_mode & 07777) != 0640 || about.st_uid != 3 || about.st_gid != 4))
        return std::string(name) + " has another mode or owner";
    return "";
}

// Looks at the maps until it is destroyed.
class reader
{
public:
    explicit reader(const shared_file &of) : thread([&] { run(of); }) {}
    ~reader() { stop(); }
    reader(const reader &) = delete;
    reader &operator=(const reader &) = delete;

    std::string stop()
    {
        stopped = true;
        if (thread.joinable())
            thread.join();
        return problem;
    }
    uint64_t looks = 0;

private:
    void run(const shared_file &of)
    {
        for (; !stopped && problem.empty(); looks++) {
            problem = unfinished(of, "hash", false);
            if (problem.empty())
                problem = unfinished(of, "array", true);
            usleep(200);
        }
    }

    std::atomic<bool> stopped = false;
    std::string problem;
    std::thread thread;
};

size_t occurrences(const std::string &text, const std::string &of)
{
    size_t count = 0;
    for (size_t at = 0; (at = text.find(of, at)) != text.npos; at += of.size())
        count++;
    return count;
}

} // namespace

TEST_CASE("apply: sixteen processes at once make one map a line, and none is seen that is not filled")
{
    const std::string missing = missing_for_site();
    if (!missing.empty())
        SKIP_BECAUSE(missing);
    const unsigned int rounds = is_in_virtual_machine() ? 10 : 100;
    const shared_file file;
    reader watcher(file);
    for (unsigned int round = 0; round < rounds; round++) {
        INFO("round " << round);
        size_t created = 0;
        std::string errors;
        for (const ending &one : run_at_once(site::command_for(file.path("a.maps")), processes)) {
            created += occurrences(one.out, "created   ");
            errors += one.code == 0 ? one.err : one.err + " ends with " + std::to_string(one.code);
        }
        CHECK(errors == "");
        CHECK(created == 3);
        CHECK(file.take_names() == "array hash outer ");
    }
    CHECK(watcher.stop() == "");
    CHECK(watcher.looks >= rounds);
}
