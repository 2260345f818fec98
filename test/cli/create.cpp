// SPDX-License-Identifier: BSD-2-Clause
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>

#include <linux/bpf.h>
#include <linux/version.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "barebpf/barebpf.h"
#include "bpffs.h"
#include "output.h"
#include "program.h"
#include "test/catch.h"
#include "test/uname.h"

using namespace barebpf::test;
using barebpf::tool::json;

namespace
{

constexpr const char *root_only = "needs root: CAP_BPF to make maps, CAP_SYS_ADMIN to mount a bpffs";

const std::string hash = " type hash key 4 value 8 entries 16 ";

// Runs barebpf in a mount namespace of its own, after a command of the shell.
outcome alone(const std::string &before, const std::string &line)
{
    return run({"unshare", "-m", "sh", "-c", before + " && exec " BAREBPF_PROGRAM " " + line});
}

// Pins the smallest program: r0 = 0, exit.
void pin_program(const std::string &path)
{
    const uint64_t instructions[] = {0xb7, 0x95};
    union bpf_attr attr;
    std::memset(&attr, 0, sizeof(attr));
    attr.prog_type = BPF_PROG_TYPE_SOCKET_FILTER;
    attr.insns = reinterpret_cast<uintptr_t>(instructions);
    attr.insn_cnt = 2;
    attr.license = reinterpret_cast<uintptr_t>("");
    const auto program = static_cast<int>(syscall(SYS_bpf, BPF_PROG_LOAD, &attr, sizeof(attr)));
    REQUIRE(program >= 0);
    REQUIRE(barebpf_obj_pin(program, path.c_str()) == 0);
    close(program);
}

// bpftool's description of a pinned map.
std::string shown_by_bpftool(const std::string &pin, const std::string &options)
{
    return run(split("bpftool " + options + " map show pinned " + pin)).out;
}

// A map as requested, and the flag the kernel adds to it.
struct requested {
    const char *type;
    uint32_t key, value, entries;
    uint32_t flags = 0;
    uint32_t added = 0;
};

// One of every type that needs only these words and that Debian 12's bpftool has a name for.
const requested maps[] = {
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
    const release_numbers running = running_release_numbers();
    const int number = barebpf_map_type_by_name(type.c_str());
    return KERNEL_VERSION(running.major, running.minor, 0) >=
           barebpf_map_type_since(static_cast<uint32_t>(number));
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

TEST_CASE("barebpf create: a map that nothing holds is created, shown and released")
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
    CHECK(again.err == "barebpf: cannot pin the map at '" + pin +
                           "': EEXIST (17): File exists; it is a map already (hash key 4 value 8 entries "
                           "16), and barebpf never replaces a pin\n");
}

TEST_CASE("barebpf create: if the pin fails, the error says why and nothing is left behind")
{
    if (geteuid() != 0)
        SKIP_BECAUSE(root_only);
    const bpffs mounted;
    struct row {
        std::string pin, message;
    };
    const row one = GENERATE(values<row>({
        {"/tmp/barebpf-test-pin",
         "EPERM (1): Operation not permitted; '/tmp' is not in a bpffs; mount one: mount -t bpf bpf DIR"},
        {"/tmp/barebpf-test-none/pin", "ENOENT (2): No such file or directory; the directory "
                                       "'/tmp/barebpf-test-none' does not exist, and there is "
                                       "no bpffs above it; mount one: mount -t bpf bpf DIR"},
        {"/dev/null/pin", "ENOTDIR (20): Not a directory; '/dev/null' is not a directory"},
        {"/dev/null", "EEXIST (17): File exists; it exists already, and barebpf never replaces a pin"},
        {"@none/pin", "ENOENT (2): No such file or directory; the directory '@none' does not exist"},
        {"@a.b", "EPERM (1): Operation not permitted; a bpffs does not allow dots in names"},
        {"@a/", "ENOENT (2): No such file or directory; the directory '@a' does not exist"},
    }));
    CAPTURE(one.pin);
    const std::string pin = mounted.fill_in(one.pin);
    const std::string message = "cannot pin the map at '" + pin + "': " + mounted.fill_in(one.message);
    const outcome got = run_barebpf("create " + pin + hash + "-- true");
    CHECK(got.code == 1);
    CHECK(got.out.empty());
    CHECK(got.err == "barebpf: " + message + "\n");
    const outcome in_json = run_barebpf("-j create " + pin + hash);
    CHECK(json::parse(in_json.out) == json{{"error", message}});
    CHECK(in_json.err.empty());
    CHECK((pin == "/dev/null" || access(pin.c_str(), F_OK) != 0));
    CHECK(mounted.is_empty());
}

TEST_CASE("barebpf create: without a bpffs on /sys/fs/bpf, the error says how to mount one")
{
    if (geteuid() != 0)
        SKIP_BECAUSE(root_only);
    const auto message = [](const std::string &before) {
        return alone(before, "create /sys/fs/bpf/barebpf-test" + hash).err;
    };
    CHECK(message("mount -t tmpfs none /sys && mkdir -p /sys/fs/bpf") ==
          "barebpf: cannot pin the map at '/sys/fs/bpf/barebpf-test': EPERM (1): Operation not permitted; "
          "'/sys/fs/bpf' is not in a bpffs; mount one: mount -t bpf bpf /sys/fs/bpf\n");
    CHECK(message("mount -t tmpfs none /sys") ==
          "barebpf: cannot pin the map at '/sys/fs/bpf/barebpf-test': ENOENT (2): No such file or directory; "
          "the directory '/sys/fs/bpf' does not exist, and there is no bpffs above it; mount one: mount -t "
          "sysfs "
          "sysfs /sys && mount -t bpf bpf /sys/fs/bpf\n");
}

TEST_CASE("barebpf create: if the inner map cannot be opened, the error says why")
{
    if (geteuid() != 0)
        SKIP_BECAUSE(root_only);
    const bpffs mounted;
    std::filesystem::create_directory(mounted.path("dir"));
    pin_program(mounted.path("program"));
    struct row {
        std::string pin, message;
    };
    const row one = GENERATE(values<row>({
        {"/nowhere/pin",
         "the directory '/nowhere' does not exist, and there is no bpffs above it; mount one: mount -t "
         "bpf bpf DIR"},
        {"/tmp/barebpf-test-none", "'/tmp' is not in a bpffs; mount one: mount -t bpf bpf DIR"},
        {"/dev/null", "it is not a pinned map, since it is not in a bpffs"},
        {"@dir", "it is a directory"},
        {"@none", "nothing is pinned there"},
        {"@a.b", "a bpffs does not allow dots in names"},
        {"@maps.debug", "it is not a pinned map"},
        {"@program", ""},
    }));
    CAPTURE(one.pin);
    const std::string pin = mounted.fill_in(one.pin);
    const outcome got = run_barebpf("create type array_of_maps key 4 value 4 entries 1 inner_map " + pin);
    CHECK(got.code == 1);
    CHECK(got.out.empty());
    CAPTURE(got.err);
    if (one.message.empty())
        CHECK(got.err == "barebpf: inner_map: '" + pin + "' is pinned, but is not a map\n");
    else {
        CHECK(got.err.starts_with("barebpf: inner_map: cannot open '" + pin + "': E"));
        CHECK(got.err.ends_with("; " + one.message + "\n"));
    }
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

TEST_CASE("barebpf create: a command that cannot be run has another exit code than one that does not exist")
{
    if (geteuid() != 0)
        SKIP_BECAUSE(root_only);
    const bpffs mounted;
    struct row {
        const char *command;
        int code;
        const char *error;
    };
    const row one = GENERATE(values<row>({
        {"barebpf-no-such-command", 127, "ENOENT (2): No such file or directory"},
        {"/nonexistent", 127, "ENOENT (2): No such file or directory"},
        {"/dev/null", 126, "EACCES (13): Permission denied"},
        {"/", 126, "EACCES (13): Permission denied"},
        {"/dev/null/x", 126, "ENOTDIR (20): Not a directory"},
    }));
    CAPTURE(one.command);
    const std::string line = "create " + mounted.path("map") + hash + "-- " + one.command;
    const std::string message = std::string("cannot run '") + one.command + "': " + one.error;
    const outcome got = run_barebpf(line);
    CHECK(got.code == one.code);
    CHECK(got.out.empty());
    CHECK(got.err == "barebpf: " + message + "\n");
    const outcome in_json = run_barebpf("-j " + line);
    CHECK(in_json.code == one.code);
    CHECK(json::parse(in_json.out) == json{{"error", message}});
    CHECK(in_json.err.empty());
    CHECK(mounted.is_empty());
}

TEST_CASE("barebpf create: a command that fails only when it is run leaves one document and the pin")
{
    if (geteuid() != 0)
        SKIP_BECAUSE(root_only);
    const bpffs mounted;
    const std::string script = "/tmp/barebpf-test-script";
    std::ofstream(script) << "#!/nonexistent\n";
    std::filesystem::permissions(script, std::filesystem::perms::owner_all);
    const std::string pin = mounted.path("map");
    const outcome got = run_barebpf("-j create " + pin + hash + "-- " + script);
    std::filesystem::remove(script);
    CHECK(got.code == 127);
    CHECK(json::parse(got.out)["pinned"] == json{pin});
    CHECK(got.err == "barebpf: cannot run '" + script +
                         "': ENOENT (2): No such file or directory; the map stays pinned at '" + pin + "'\n");
    CHECK(mounted.has("map"));
}

TEST_CASE("barebpf create: what /proc does not say is unknown, and a broken /proc is no failure")
{
    if (geteuid() != 0)
        SKIP_BECAUSE(root_only);
    const std::string fake =
        "mount -t tmpfs none /proc && mkdir -p /proc/self/fdinfo && cd /proc/self/fdinfo && "
        "printf 'map_type:\\t1\\nmemlock:\\tbanana\\nfrozen:\\t1\\n' >0 && "
        "for fd in $(seq 20); do cp 0 $fd; done";
    const outcome none = alone("mount -t tmpfs none /proc", "create" + hash);
    CHECK(none.code == 0);
    CHECK(none.out.ends_with(": hash  flags 0x0\n\tkey 4B  value 8B  max_entries 16  frozen unknown\n"));
    const json empty = json::parse(alone("mount -t tmpfs none /proc", "-j create" + hash).out);
    CHECK(empty["frozen"] == nullptr);
    CHECK_FALSE(empty.contains("bytes_memlock"));
    const outcome wrong = alone(fake, "-j create" + hash);
    CHECK(wrong.code == 0);
    CHECK(json::parse(wrong.out)["frozen"] == 1);
    CHECK_FALSE(json::parse(wrong.out).contains("bytes_memlock"));
}

TEST_CASE("barebpf: an error that no command expects is reported too")
{
    if (geteuid() != 0)
        SKIP_BECAUSE(root_only);
    // A kernel configuration of 4 GiB does not fit into 200 MB of memory.
    const std::string huge =
        "mount -t tmpfs none /boot && truncate -s 4G /boot/config-$(uname -r) && ulimit -v 200000";
    const outcome got = alone(huge, "probe features");
    CHECK(got.code == 4);
    CHECK(got.out.empty());
    CHECK(got.err == "barebpf: out of memory\n");
    const outcome in_json = alone(huge, "-j probe features");
    CHECK(in_json.code == 4);
    CHECK(json::parse(in_json.out) == json{{"error", "out of memory"}});
    CHECK(in_json.err.empty());
}

TEST_CASE("barebpf create: if no descriptor is left above 2, the error says so")
{
    if (geteuid() != 0)
        SKIP_BECAUSE(root_only);
    // 0 is free for the map itself, but none to move it to.
    const outcome got = run({"sh", "-c", "exec <&-; ulimit -n 3; exec " BAREBPF_PROGRAM " -j create" + hash});
    CHECK(got.code == 1);
    CHECK(got.err.empty());
    const json printed = json::parse(got.out);
    CHECK(printed["error"] == "hash: no descriptor above 2 is free for the map (EMFILE)");
    CHECK(printed["errno_name"] == "EMFILE");
    CHECK(printed["cause"] == "descriptors");
}

TEST_CASE("barebpf create: an inner map or a device that is not there is named")
{
    if (geteuid() != 0)
        SKIP_BECAUSE(root_only);
    struct row {
        const char *words;
        const char *message;
    };
    const row one = GENERATE(values<row>({
        {"type array_of_maps key 4 value 4 entries 1 inner_map /nowhere",
         "inner_map: cannot open '/nowhere': ENOENT (2): No such file or directory; '/' is not in a bpffs; "
         "mount one: "
         "mount -t bpf bpf DIR"},
        {"type hash key 4 value 8 entries 1 dev barebpf-none",
         "offload_dev: no network device 'barebpf-none': ENODEV (19): No such device"},
    }));
    CAPTURE(one.words);
    const outcome got = run_barebpf(std::string("create ") + one.words);
    CHECK(got.code == 1);
    CHECK(got.out.empty());
    CHECK(got.err == std::string("barebpf: ") + one.message + "\n");
    const outcome in_json = run_barebpf(std::string("-j create ") + one.words);
    CHECK(in_json.code == 1);
    CHECK(json::parse(in_json.out) == json{{"error", one.message}});
}

TEST_CASE("barebpf create: what may be given up is, with a note; what may not is refused")
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
         "entries: " + page + " instead of 5 (EINVAL)"},
        {"size", "type perf_event_array key 4 value 4 entries 0", "max_entries", possible_cpus(),
         "entries: " + cpus + " instead of 0 (EINVAL)"},
        {"name_chars", "type array key 4 value 4 entries 1 name a-b.c", "name", "a_b_c",
         "name: 'a_b_c' instead of 'a-b.c' (EINVAL)"},
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
    CHECK(refused.err.find("the kernel refused it (EINVAL)\n  why: ") != std::string::npos);
}

TEST_CASE("barebpf create: a long name is truncated with a note, unless name_end may not be given up")
{
    if (geteuid() != 0)
        SKIP_BECAUSE(root_only);
    const outcome got = run_barebpf("create" + hash + "name sixteen_bytes_ab");
    CHECK(got.code == 0);
    CHECK(got.err == "barebpf: note: name: 'sixteen_bytes_a' instead of 'sixteen_bytes_ab' (ENAMETOOLONG)\n");
    const json made = json::parse(run_barebpf("-j create" + hash + "name sixteen_bytes_ab").out);
    CHECK(made["name"] == "sixteen_bytes_a");
    CHECK(made["given_up"] == json{{{"what", "name_end"}, {"error", "ENAMETOOLONG"}}});
    CHECK(!json::parse(run_barebpf("-j create" + hash + "name fifteen_bytes_a").out).contains("given_up"));
}

TEST_CASE("barebpf create: if the account cannot be written, the map stays pinned and the command is not run")
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

TEST_CASE("barebpf create: the account agrees with bpftool's")
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
    CHECK(in_json.out == shown_by_bpftool(pin, "-j -f"));
    CHECK(json::parse(in_json.out)["pinned"] == json{pin});
}

TEST_CASE("barebpf create: bpftool finds the map by its id, as requested")
{
    if (geteuid() != 0)
        SKIP_BECAUSE(root_only);
    const requested map = GENERATE(from_range(std::begin(maps), std::end(maps)));
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
