// SPDX-License-Identifier: BSD-2-Clause
#include "site.h"

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>

#include <linux/bpf.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "barebpf/barebpf.hpp"
#include "barebpf/bpf.h"
#include "test/catch.h"

namespace barebpf::test
{
namespace
{

namespace fs = std::filesystem;

constexpr const char *lines = R"(mkdir @
mount @ mode 0711
mkdir @/net mode 0750 owner 0:997
map create @/net/limits type array key 4 value 8 entries 8 name limits mode 0640 owner 5:997 freeze
set 0..7 0x1122
set 3 7
map create @/outer type hash_of_maps key 4 value 4 entries 4 name outer inner_map @/template
map create @/template type hash key 4 value 8 entries 16 name template
map create @/ring type ringbuf entries 64K name ring
map create @/replaced type hash key 4 value 8 entries 32 exists replace
set 1 1
map create @/migrated type hash key 4 value 8 entries 32 exists migrate
set 2 2
map create @/cpus type percpu_array key 4 value 8 entries 2 name cpus mode 0444
set 0..1 5
)";

struct element {
    uint32_t key;
    uint64_t value;
};

// What the lines above say of a map.
struct described {
    const char *pin;
    uint32_t type, key_size, value_size, entries;
    const char *name;
    uint32_t mode, uid, gid;
    bool frozen;
    std::vector<element> elements;
};

const std::vector<described> &all_maps()
{
    static const std::vector<described> maps = {
        {"net/limits",
         BPF_MAP_TYPE_ARRAY,
         4,
         8,
         8,
         "limits",
         0640,
         5,
         997,
         true,
         {{0, 0x1122}, {1, 0x1122}, {2, 0x1122}, {3, 7}, {4, 0x1122}, {5, 0x1122}, {6, 0x1122}, {7, 0x1122}}},
        {"outer", BPF_MAP_TYPE_HASH_OF_MAPS, 4, 4, 4, "outer", 0600, 0, 0, false, {}},
        {"template", BPF_MAP_TYPE_HASH, 4, 8, 16, "template", 0600, 0, 0, false, {}},
        {"ring", BPF_MAP_TYPE_RINGBUF, 0, 0, 65536, "ring", 0600, 0, 0, false, {}},
        {"replaced", BPF_MAP_TYPE_HASH, 4, 8, 32, "", 0600, 0, 0, false, {{1, 1}}},
        {"migrated", BPF_MAP_TYPE_HASH, 4, 8, 32, "", 0600, 0, 0, false, {{2, 2}}},
        {"cpus", BPF_MAP_TYPE_PERCPU_ARRAY, 4, 8, 2, "cpus", 0444, 0, 0, false, {{0, 5}, {1, 5}}},
    };
    return maps;
}

constexpr element old_element = {9, 9};
constexpr uint32_t old_entries = 16;

bool is_old_pin(const char *pin)
{
    return std::strcmp(pin, "replaced") == 0 || std::strcmp(pin, "migrated") == 0;
}

bool has_value(int map, const described &of, const element &wanted)
{
    const size_t cpus =
        of.type == BPF_MAP_TYPE_PERCPU_ARRAY ? static_cast<size_t>(barebpf_possible_cpus()) : 1;
    std::vector<uint64_t> values(cpus);
    return barebpf_map_lookup_elem(map, &wanted.key, values.data(), 0) == 0 &&
           std::all_of(values.begin(), values.end(), [&](uint64_t one) { return one == wanted.value; });
}

// Writes what is there already.
bool is_frozen(int map, const described &of)
{
    return barebpf_map_update_elem(map, &of.elements[0].key, &of.elements[0].value, 0) == -EPERM;
}

struct pinned {
    fd map;
    bpf_map_info info{};
    struct stat about = {};

    explicit pinned(const std::string &path)
    {
        if (stat(path.c_str(), &about) != 0)
            return;
        map = fd(barebpf_obj_get(path.c_str()));
        __u32 size = sizeof(info);
        if (map && bpf_map_get_info_by_fd(map.get(), &info, &size) != 0)
            map = fd();
    }
};

// What is wrong with a map that is there; empty if nothing is.
std::string problem_of(const described &of, const pinned &found, bool migrates, const tolerance &allowed)
{
    const bpf_map_info &info = found.info;
    const bool nameless = allowed.nameless && !info.name[0];
    if (info.type != of.type || info.key_size != of.key_size || info.value_size != of.value_size ||
        info.max_entries != of.entries || (!nameless && std::strcmp(info.name, of.name) != 0))
        return "is another map";
    const bool has_attributes = (found.about.st_mode & 07777) == of.mode && found.about.st_uid == of.uid &&
                                found.about.st_gid == of.gid;
    if (!has_attributes && !allowed.attributes)
        return "has another mode or owner";
    if (of.frozen && !is_frozen(found.map.get(), of))
        return "is not frozen";
    for (const element &one : of.elements)
        if (!has_value(found.map.get(), of, one))
            return "lacks an element";
    if (migrates && !allowed.incomplete && !has_value(found.map.get(), of, old_element))
        return "lacks an element of the old map";
    return "";
}

bool is_old(const pinned &found, const described &of)
{
    return found.info.max_entries == old_entries && has_value(found.map.get(), of, old_element);
}

void pin_old(const std::string &path)
{
    const fd map(bpf_map_create(BPF_MAP_TYPE_HASH, nullptr, 4, 8, old_entries, nullptr));
    REQUIRE(map);
    REQUIRE(barebpf_map_update_elem(map.get(), &old_element.key, &old_element.value, 0) == 0);
    REQUIRE(barebpf_obj_pin(map.get(), path.c_str()) == 0);
}

int mounts_at(const std::string &path)
{
    std::ifstream mounts("/proc/self/mountinfo");
    int count = 0;
    for (std::string line; std::getline(mounts, line);)
        count += line.find(" " + path + " ") != std::string::npos;
    return count;
}

} // namespace

bool is_in_virtual_machine()
{
    return access(BAREBPF_PROGRAM, X_OK) != 0;
}

std::string missing_for_site()
{
    if (geteuid() != 0)
        return "not root";
    if (unshare(CLONE_NEWNS) != 0)
        return "no CAP_SYS_ADMIN for mounts of its own";
    if (mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0 && errno != EINVAL)
        return "mounts cannot be made private";
    return "";
}

site::site(bool used) : is_used(used)
{
    char name[] = "/tmp/barebpf-faults-XXXXXX";
    REQUIRE(mkdtemp(name));
    root = name;
    bpffs = root + "/bpf";
    path_of_file = root + "/a.maps";
    std::ofstream out(path_of_file);
    for (const char *at = lines; *at; at++)
        *at == '@' ? out << bpffs : out << *at;
    out.close();
    reset();
}

site::~site()
{
    while (umount2(bpffs.c_str(), MNT_DETACH) == 0)
        continue;
    fs::remove_all(root);
}

void site::reset()
{
    while (umount2(bpffs.c_str(), MNT_DETACH) == 0)
        continue;
    rmdir(bpffs.c_str());
    if (!is_used)
        return;
    REQUIRE(mkdir(bpffs.c_str(), 0755) == 0);
    REQUIRE(mount("bpf", bpffs.c_str(), "bpf", 0, nullptr) == 0);
    pin_old(bpffs + "/replaced");
    pin_old(bpffs + "/migrated");
    REQUIRE(mkdir((bpffs + "/ring~barebpf").c_str(), 0700) == 0);
    pin_old(bpffs + "/ring~barebpf/map");
}

std::vector<std::string> site::command() const
{
    return command_for(path_of_file);
}

std::vector<std::string> site::command_for(const std::string &file)
{
    return {is_in_virtual_machine() ? "/barebpf" : BAREBPF_PROGRAM, "apply", file};
}

std::string site::half_made(const tolerance &allowed) const
{
    for (const described &one : all_maps()) {
        const pinned found(bpffs + "/" + one.pin);
        const bool may_be_old = is_used && is_old_pin(one.pin);
        if (!found.about.st_ino && !may_be_old)
            continue;
        if (!found.map)
            return std::string(one.pin) + " cannot be opened";
        if (may_be_old && is_old(found, one))
            continue;
        const bool migrates = is_used && std::strcmp(one.pin, "migrated") == 0;
        if (const std::string problem = problem_of(one, found, migrates, allowed); !problem.empty())
            return std::string(one.pin) + " " + problem;
    }
    return "";
}

std::string site::unfinished(const tolerance &allowed) const
{
    tolerance final = allowed;
    final.attributes = false;
    if (const std::string problem = half_made(final); !problem.empty())
        return problem;
    for (const described &one : all_maps()) {
        const pinned found(bpffs + "/" + one.pin);
        if (!found.map || (is_old_pin(one.pin) && is_old(found, one)))
            return std::string(one.pin) + " is missing";
    }
    struct stat about;
    if (stat((bpffs + "/net").c_str(), &about) != 0 || (about.st_mode & 07777) != 0750 || about.st_uid != 0 ||
        about.st_gid != 997)
        return "net has another mode or owner";
    if (mounts_at(bpffs) != 1)
        return "the bpffs is not mounted once";
    return leftovers().empty() ? "" : leftovers()[0] + " is left over";
}

std::vector<std::string> site::leftovers() const
{
    std::vector<std::string> found;
    std::error_code none;
    for (fs::recursive_directory_iterator at(bpffs, none), end; !none && at != end; at.increment(none))
        if (at->path().filename().string().find('~') != std::string::npos)
            found.push_back(at->path().string());
    return found;
}

} // namespace barebpf::test
