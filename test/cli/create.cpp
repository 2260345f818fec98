// SPDX-License-Identifier: BSD-2-Clause
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <linux/version.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "barebpf/barebpf.h"
#include "output.h"
#include "program.h"
#include "test/catch.h"

using namespace barebpf::test;
using barebpf::tool::json;

namespace
{

constexpr const char *root_only = "needs root: CAP_BPF to make maps, CAP_SYS_ADMIN to mount a bpffs";

const std::string hash = " type hash key 4 value 8 entries 16 ";

// A bpffs of our own, in a mount namespace of our own: nobody else sees it, and it ends with this program. In
// a chroot the namespace cannot be cut off, / being no mount there, and it is only unmounted.
class bpffs
{
public:
    bpffs()
    {
        char name[] = "/tmp/barebpf-test-XXXXXX";
        REQUIRE(mkdtemp(name));
        directory = name;
        REQUIRE(unshare(CLONE_NEWNS) == 0);
        if (mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0)
            REQUIRE(errno == EINVAL);
        REQUIRE(mount("bpf", name, "bpf", 0, nullptr) == 0);
    }
    ~bpffs()
    {
        umount(directory.c_str());
        std::filesystem::remove(directory);
    }
    bpffs(const bpffs &) = delete;
    bpffs &operator=(const bpffs &) = delete;

    std::string path(const std::string &name) const { return directory + "/" + name; }
    bool has(const std::string &name) const { return std::filesystem::exists(path(name)); }

private:
    std::string directory;
};

// What bpftool has to say about a pinned map.
std::string shown_by_bpftool(const std::string &pin, const std::string &options)
{
    return run(split("bpftool " + options + " map show pinned " + pin)).out;
}

// A map as it is asked for, and the flag the kernel adds to it.
struct asked {
    const char *type;
    uint32_t key, value, entries;
    uint32_t flags = 0;
    uint32_t added = 0;
};

// One of every type that takes nothing but these words and that Debian 12's bpftool has a name for.
const asked maps[] = {
    {"hash", 4, 8, 16, 0x41},
    {"array", 4, 100, 7, 0x480},
    {"prog_array", 4, 4, 3},
    {"perf_event_array", 4, 4, 3, 0x800},
    {"percpu_hash", 5, 8, 3, 1},
    {"percpu_array", 4, 24, 3, 0x100},
    {"stack_trace", 4, 80, 16},
    {"cgroup_array", 4, 4, 3},
    {"lru_hash", 4, 8, 64},
    {"lru_percpu_hash", 4, 8, 1024, 2},
    {"lpm_trie", 8, 3, 5, 1},
    {"devmap", 4, 8, 3, 0, 0x80},
    {"sockmap", 4, 4, 3},
    {"cpumap", 4, 4, 1},
    {"xskmap", 4, 4, 3},
    {"sockhash", 4, 4, 3},
    {"cgroup_storage", 16, 8, 0},
    {"reuseport_sockarray", 4, 8, 3},
    {"percpu_cgroup_storage", 16, 8, 0},
    {"queue", 0, 9, 3},
    {"stack", 0, 8, 3, 0x80},
    {"devmap_hash", 4, 4, 3, 0, 0x80},
    {"ringbuf", 0, 0, 65536},
    {"bloom_filter", 0, 8, 16},
    {"user_ringbuf", 0, 0, 65536},
};

bool kernel_has(const std::string &type)
{
    utsname name{};
    unsigned int major = 0, minor = 0;
    uname(&name);
    std::sscanf(name.release, "%u.%u", &major, &minor);
    const int number = barebpf_map_type_by_name(type.c_str());
    return KERNEL_VERSION(major, minor, 0) >= barebpf_map_type_since(static_cast<uint32_t>(number));
}

// The last of "0-3" or "0,2-5", and one more for number 0.
unsigned long possible_cpus()
{
    std::ifstream stream("/sys/devices/system/cpu/possible");
    std::string listed;
    REQUIRE(stream >> listed);
    return std::stoul(listed.substr(listed.find_last_of("-,") + 1)) + 1;
}

} // namespace

TEST_CASE("barebpf create: a map without a holder is made, shown and released")
{
    if (geteuid() != 0)
        SKIP_BECAUSE(root_only);
    const outcome got = run_barebpf("-j create" + hash + "name foo flags no_prealloc");
    CHECK(got.code == 0);
    CHECK(got.err.empty());
    const json made = json::parse(got.out);
    CHECK(made["id"].get<unsigned int>() > 0);
    CHECK(made["type"] == "hash");
    CHECK(made["name"] == "foo");
    CHECK(made["flags"] == 1);
    CHECK(made["bytes_key"] == 4);
    CHECK(made["bytes_value"] == 8);
    CHECK(made["max_entries"] == 16);
    CHECK(!made.contains("pinned"));
}

TEST_CASE("barebpf create: a pinned map stays, and is never replaced")
{
    if (geteuid() != 0)
        SKIP_BECAUSE(root_only);
    const bpffs mounted;
    const std::string pin = mounted.path("map");
    const outcome got = run_barebpf("create " + pin + hash);
    CHECK(got.code == 0);
    CHECK(got.out.ends_with("\tpinned " + pin + "\n"));
    CHECK(mounted.has("map"));
    const outcome again = run_barebpf("create " + pin + hash);
    CHECK(again.code == 1);
    CHECK(again.out.empty());
    CHECK(again.err == "barebpf: PIN '" + pin + "' cannot be made: EEXIST (17): File exists\n");
}

TEST_CASE("barebpf create: a pin outside a bpffs is refused and says so")
{
    if (geteuid() != 0)
        SKIP_BECAUSE(root_only);
    const outcome got = run_barebpf("create /tmp/barebpf-test-pin" + hash + "-- true");
    CHECK(got.code == 1);
    CHECK(got.out.empty());
    CHECK(got.err.find("PIN '/tmp/barebpf-test-pin' is not in a bpffs: EPERM (1)") != std::string::npos);
    CHECK(!std::filesystem::exists("/tmp/barebpf-test-pin"));
}

TEST_CASE("barebpf create: the command inherits the map and gives the exit code")
{
    if (geteuid() != 0)
        SKIP_BECAUSE(root_only);
    const std::string script = "grep -q '^map_type:.1$' /proc/self/fdinfo/$BAREBPF_FD && exit 42";
    std::vector<std::string> arguments = split(BAREBPF_PROGRAM " create" + hash + "-- sh -c");
    arguments.push_back(script);
    const outcome got = run(arguments);
    CHECK(got.code == 42);
    CHECK(got.out.find(": hash  flags 0x0\n") != std::string::npos);
    CHECK(got.err.empty());
}

TEST_CASE("barebpf create: a command that cannot be run is told from one that does not exist")
{
    if (geteuid() != 0)
        SKIP_BECAUSE(root_only);
    const bpffs mounted;
    const outcome missing = run_barebpf("create" + hash + "-- barebpf-no-such-command");
    CHECK(missing.code == 127);
    CHECK(missing.err ==
          "barebpf: cannot run 'barebpf-no-such-command': ENOENT (2): No such file or directory\n");
    const outcome denied = run_barebpf("create " + mounted.path("map") + hash + "-- /dev/null");
    CHECK(denied.code == 126);
    CHECK(denied.err ==
          "barebpf: cannot run '/dev/null': EACCES (13): Permission denied; the map stays pinned at '" +
              mounted.path("map") + "'\n");
    CHECK(mounted.has("map"));
}

TEST_CASE("barebpf create: refusals of the kernel have a name, a number and words")
{
    if (geteuid() != 0)
        SKIP_BECAUSE(root_only);
    struct row {
        const char *words;
        const char *said;
    };
    const row one = GENERATE(values<row>({
        {"type hash key 4 value 8 entries 0",
         "the kernel refused to make the map: EINVAL (22): Invalid argument"},
        {"type lru_hash key 4 value 8 entries 1 flags no_prealloc",
         "the kernel refused to make the map: ENOTSUPP (524): not supported for this kind of map"},
        {"type array_of_maps key 4 value 4 entries 1 inner_map /nowhere",
         "inner_map: cannot open '/nowhere': ENOENT (2): No such file or directory"},
        {"type hash key 4 value 8 entries 1 dev barebpf-none",
         "offload_dev: no network device 'barebpf-none': ENODEV (19): No such device"},
    }));
    CAPTURE(one.words);
    const outcome got = run_barebpf(std::string("create ") + one.words);
    CHECK(got.code == 1);
    CHECK(got.out.empty());
    CHECK(got.err == std::string("barebpf: ") + one.said + "\n");
    const outcome in_json = run_barebpf(std::string("-j create ") + one.words);
    CHECK(in_json.code == 1);
    CHECK(json::parse(in_json.out) == json{{"error", one.said}});
}

TEST_CASE("barebpf create: what may be given up makes a map, with a note; what may not is refused")
{
    if (geteuid() != 0)
        SKIP_BECAUSE(root_only);
    if (!kernel_has("ringbuf"))
        SKIP_BECAUSE("this kernel is older than ringbuf, 5.8");
    const std::string page = std::to_string(sysconf(_SC_PAGESIZE));
    const std::string cpus = std::to_string(possible_cpus());
    struct row {
        std::string what, words, member;
        json value;
        std::string noted;
    };
    const row one = GENERATE_COPY(values<row>({
        {"size", "type ringbuf entries 5", "max_entries", sysconf(_SC_PAGESIZE),
         "entries: " + page + " instead of 5, refused with EINVAL"},
        {"size", "type perf_event_array key 4 value 4 entries 0", "max_entries", possible_cpus(),
         "entries: " + cpus + " instead of 0, refused with EINVAL"},
        {"name_chars", "type array key 4 value 4 entries 1 name a-b.c", "name", "a_b_c",
         "name: 'a_b_c' instead of 'a-b.c', refused with EINVAL"},
    }));
    CAPTURE(one.words);
    const std::string line = "create --give-up=" + one.what + " " + one.words;
    const outcome got = run_barebpf(line);
    CHECK(got.code == 0);
    CHECK(got.err == "barebpf: note: " + one.noted + "\n");
    const outcome in_json = run_barebpf("-j " + line);
    CHECK(in_json.code == 0);
    CHECK(in_json.err.empty());
    const json made = json::parse(in_json.out);
    CHECK(made[one.member] == one.value);
    CHECK(made["given_up"] == json{{{"what", one.what}, {"error", "EINVAL"}}});
    const outcome refused = run_barebpf("create --give-up=none " + one.words);
    CHECK(refused.code == 1);
    CHECK(refused.err.starts_with(
        "barebpf: the kernel refused to make the map: EINVAL (22): Invalid argument"));
}

TEST_CASE("barebpf create: a long name is cut with a note, unless name_end is not to be given up")
{
    if (geteuid() != 0)
        SKIP_BECAUSE(root_only);
    const outcome got = run_barebpf("create" + hash + "name sixteen_bytes_ab");
    CHECK(got.code == 0);
    CHECK(got.err == "barebpf: note: name: 'sixteen_bytes_a' instead of 'sixteen_bytes_ab', refused with "
                     "ENAMETOOLONG\n");
    const json made = json::parse(run_barebpf("-j create" + hash + "name sixteen_bytes_ab").out);
    CHECK(made["name"] == "sixteen_bytes_a");
    CHECK(made["given_up"] == json{{{"what", "name_end"}, {"error", "ENAMETOOLONG"}}});
    CHECK(!json::parse(run_barebpf("-j create" + hash + "name fifteen_bytes_a").out).contains("given_up"));
}

TEST_CASE("barebpf create: a map whose account cannot be written stays pinned, and the command is not run")
{
    if (geteuid() != 0)
        SKIP_BECAUSE(root_only);
    const bpffs mounted;
    const outcome got =
        run_barebpf("create " + mounted.path("map") + hash + "-- touch " + mounted.path("ran"), "/dev/full");
    CHECK(got.code == 1);
    CHECK(got.err ==
          "barebpf: standard output: ENOSPC (28): No space left on device; the map stays pinned at '" +
              mounted.path("map") + "'\n");
    CHECK(mounted.has("map"));
    CHECK(!mounted.has("ran"));
}

TEST_CASE("barebpf create: the account is that of bpftool")
{
    if (geteuid() != 0)
        SKIP_BECAUSE(root_only);
    if (run({"bpftool", "version"}).code != 0)
        SKIP_BECAUSE("bpftool is not installed");
    const bpffs mounted;
    const std::string pin = mounted.path("map");
    const std::string template_pin = mounted.path("inner");
    REQUIRE(run_barebpf("create " + template_pin + hash).code == 0);
    std::string words = GENERATE(values<std::string>({
        "type hash key 4 value 8 entries 16 name foo",
        "type array key 4 value 100 entries page name a.b flags 0x480",
        "type percpu_hash key 4K value 8 entries 3 flags 1",
        "type percpu_array key 4 value 8 entries 3",
        "type lru_hash key 4 value 8 entries 64 flags no_common_lru",
        "type prog_array key 4 value 4 entries 3",
        "type lpm_trie key 8 value 8 entries 3 flags BPF_F_NO_PREALLOC",
        "type queue value 8 entries 3",
        "type ringbuf entries 16page numa 0",
        "type hash key 4 value 8 entries 16 name \xe9t\xc9",
        "type array_of_maps key 4 value 4 entries 3 inner_map",
    }));
    if (words.ends_with("inner_map"))
        words += " " + template_pin;
    CAPTURE(words);
    const outcome got = run_barebpf("create " + pin + " " + words);
    CHECK(got.code == 0);
    CHECK(got.err.empty());
    CHECK(got.out == shown_by_bpftool(pin, "-f"));
    std::filesystem::remove(pin);
    const outcome in_json = run_barebpf("-j create " + pin + " " + words);
    // bpftool writes the bytes of a name as they are, which JSON does not allow.
    if (words.find('\xe9') == std::string::npos)
        CHECK(in_json.out == shown_by_bpftool(pin, "-j -f"));
    CHECK(json::parse(in_json.out)["pinned"] == json{pin});
}

TEST_CASE("barebpf create: bpftool finds the map by its id, as it was asked for")
{
    if (geteuid() != 0)
        SKIP_BECAUSE(root_only);
    const asked map = GENERATE(from_range(std::begin(maps), std::end(maps)));
    if (!kernel_has(map.type))
        SKIP_BECAUSE(std::string("this kernel is older than ") + map.type);
    CAPTURE(map.type);
    const bpffs mounted;
    const auto number = [](uint32_t value) { return " " + std::to_string(value); };
    const outcome got = run_barebpf("-j create " + mounted.path("map") + " type " + map.type + " key" +
                                    number(map.key) + " value" + number(map.value) + " entries" +
                                    number(map.entries) + " flags" + number(map.flags) + " name found.by_id");
    REQUIRE(got.code == 0);
    const uint32_t id = json::parse(got.out)["id"];
    const json found = json::parse(run(split("bpftool -j map show id " + std::to_string(id))).out);
    CHECK(found["type"] == map.type);
    CHECK(found["name"] == "found.by_id");
    CHECK(found["bytes_key"] == map.key);
    CHECK(found["bytes_value"] == map.value);
    CHECK(found["max_entries"] == map.entries);
    CHECK(found["flags"] == (map.flags | map.added));
}
