// SPDX-License-Identifier: BSD-2-Clause
// The program that barebpf-init executes in a virtual machine: reads back what it made of boot.maps, and
// powers the machine off.
#include <cstdio>
#include <cstring>
#include <string>
#include <vector>

#include <fcntl.h>
#include <linux/bpf.h>
#include <sys/klog.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/utsname.h>
#include <termios.h>
#include <unistd.h>

#include "barebpf/bpf.h"
#include "test/tally.h"

namespace
{

barebpf::test::tally checks;

void check(bool holds, const std::string &what)
{
    checks.count(holds);
    if (!holds)
        std::printf("FAILED: %s\n", what.c_str());
}

// What boot.maps says of each map. The kernel's numbers of types, from its documentation.
struct expected {
    const char *name; // and of the pin, in its directory
    const char *directory;
    unsigned int type, key, value, entries, flags, mode, user, group;
};
constexpr expected maps[] = {
    {"outer", "net/", 13, 4, 4, 8, 0, 0600, 0, 0},  {"inner", "net/", 2, 4, 8, 4, 0, 0444, 0, 0},
    {"inners", "net/", 12, 4, 4, 2, 0, 0600, 0, 0}, {"hash", "", 1, 2, 4, 100, 1, 0640, 1, 2},
    {"lru", "", 9, 8, 2, 64, 0, 0600, 0, 0},        {"percpu", "", 5, 4, 4, 16, 0, 0600, 0, 0},
    {"counters", "", 6, 4, 8, 3, 0, 0600, 0, 0},    {"lru_percpu", "", 10, 4, 8, 32, 0, 0600, 0, 0},
    {"routes", "", 11, 8, 16, 1024, 1, 0600, 0, 0}, {"queue", "", 22, 0, 4, 4, 0, 0600, 0, 0},
    {"stack", "", 23, 0, 2, 4, 0, 0600, 0, 0},      {"tail", "", 3, 4, 4, 5, 0, 0600, 0, 0},
    {"perf", "", 4, 4, 4, 2, 0, 0600, 0, 0},        {"traces", "", 7, 4, 80, 128, 0, 0600, 0, 5},
    {"cgroups", "", 8, 4, 4, 3, 0, 0600, 0, 0},     {"devices", "", 14, 4, 4, 16, 0x80, 0600, 0, 0},
    {"hashed", "", 25, 4, 4, 16, 0x80, 0600, 0, 0}, {"cpus", "", 16, 4, 4, 1, 0, 0600, 0, 0},
    {"sockets", "", 18, 4, 4, 16, 0, 0600, 0, 0},   {"events", "", 27, 0, 0, 65536, 0, 0600, 0, 0},
};
static_assert(sizeof(maps) / sizeof(maps[0]) == 20);

std::string path_of(const std::string &pin)
{
    return "/sys/fs/bpf/" + pin;
}

int open_map(const std::string &pin)
{
    return bpf_obj_get(path_of(pin).c_str());
}

void check_map(const expected &one)
{
    const std::string pin = std::string(one.directory) + one.name;
    struct stat about = {};
    bpf_map_info info{};
    __u32 size = sizeof(info);
    const int map = open_map(pin);
    check(map >= 0 && bpf_map_get_info_by_fd(map, &info, &size) == 0, pin + " is a map");
    check(info.type == one.type, pin + ": type " + std::to_string(info.type));
    check(info.key_size == one.key && info.value_size == one.value && info.max_entries == one.entries,
          pin + ": sizes");
    check((info.map_flags & ~0x80u) == (one.flags & ~0x80u),
          pin + ": flags " + std::to_string(info.map_flags));
    check(std::strcmp(info.name, one.name) == 0, pin + ": name " + info.name);
    check(stat(path_of(pin).c_str(), &about) == 0 && (about.st_mode & 07777) == one.mode, pin + ": mode");
    check(about.st_uid == one.user && about.st_gid == one.group, pin + ": owner");
    close(map);
}

template <typename K, typename V> bool has(const std::string &pin, K key, V value)
{
    V found{};
    const int map = open_map(pin);
    const bool equal =
        bpf_map_lookup_elem(map, &key, &found) == 0 && std::memcmp(&found, &value, sizeof(V)) == 0;
    close(map);
    return equal;
}

template <typename V> V take(int map)
{
    V value{};
    if (bpf_map_lookup_and_delete_elem(map, nullptr, &value) != 0)
        value = static_cast<V>(-1);
    return value;
}

struct route {
    unsigned char bytes[8];
};
struct text {
    char bytes[16];
};

void check_elements()
{
    const unsigned char ten[4] = {0x0a, 0, 0, 1};
    unsigned int bytes = 0;
    std::memcpy(&bytes, ten, 4);
    for (unsigned short key = 0; key < 100; key++)
        check(has<unsigned short, unsigned int>("hash", key, key == 5 ? bytes : 7), "hash has its elements");
    for (unsigned int key = 0; key < 4; key++)
        check(has<unsigned int, unsigned long long>("net/inner", key, 0x1122334455667788),
              "inner has its elements");
    check(has<long long, unsigned short>("lru", -1, 0x0102), "lru has its element");
    // The machine has one CPU.
    check(has<unsigned int, unsigned long long>("percpu", 1, 9), "percpu has its element");
    for (unsigned int key = 0; key < 3; key++)
        check(has<unsigned int, unsigned long long>("counters", key, 1), "counters have the number of CPUs");
    route to{};
    const unsigned char prefix[8] = {8, 0, 0, 0, 10, 0, 0, 0};
    std::memcpy(to.bytes, prefix, 8);
    text name{};
    std::memcpy(name.bytes, "ten", 3);
    check(has("routes", to, name), "routes have their element");
    const int queue = open_map("queue"), stack = open_map("stack");
    const unsigned int first = take<unsigned int>(queue), second = take<unsigned int>(queue);
    check(first == 11 && second == 22, "queue has its elements in their order");
    const unsigned short last = take<unsigned short>(stack), before = take<unsigned short>(stack);
    check(last == 22 && before == 11, "stack has its elements, the last first");
    unsigned short key = 1;
    unsigned int value = 1;
    const int hash = open_map("hash");
    check(bpf_map_update_elem(hash, &key, &value, 0) != 0, "hash is frozen");
}

void check_places()
{
    struct stat about = {};
    struct statfs filesystem = {};
    check(statfs("/sys/fs/bpf", &filesystem) == 0 &&
              static_cast<unsigned int>(filesystem.f_type) == 0xcafe4a11,
          "/sys/fs/bpf is a bpffs");
    check(stat("/sys/fs/bpf", &about) == 0 && (about.st_mode & 0777) == 0711, "/sys/fs/bpf has its mode");
    check(stat("/sys/fs/bpf/net", &about) == 0 && S_ISDIR(about.st_mode) && (about.st_mode & 07777) == 0750 &&
              about.st_uid == 3 && about.st_gid == 997,
          "the directory has its mode and owner");
    check(access("/proc/self/stat", F_OK) == 0 && access("/dev/null", F_OK) == 0,
          "/proc and /dev are mounted");
}

void check_left_out()
{
    utsname about{};
    int major = 0, minor = 0;
    uname(&about);
    std::sscanf(about.release, "%d.%d", &major, &minor);
    const bool has_bloom = major > 5 || (major == 5 && minor >= 16);
    check((access(path_of("bloom").c_str(), F_OK) == 0) == has_bloom, "since is the kernel's release");
    check(access(path_of("future").c_str(), F_OK) != 0, "what is for later kernels is left out");
    check(access(path_of("refused").c_str(), F_OK) != 0, "what is optional is left out");
    check(access(path_of("hidden").c_str(), F_OK) != 0, "/etc hides the same name of /usr/lib");
    check(access(path_of("later").c_str(), F_OK) == 0, "/usr/lib is read too");
    std::printf("Linux %s\n", about.release);
}

// The messages of barebpf-init in the kernel's log, each with its level.
void check_log()
{
    constexpr int read_all = 3;
    static char log[1 << 20];
    const int size = klogctl(read_all, log, sizeof(log) - 1);
    const std::string text(log, size > 0 ? static_cast<size_t>(size) : 0);
    size_t created = 0;
    for (size_t at = 0; (at = text.find("barebpf-init: created   /sys/fs/bpf/", at)) != text.npos; at++)
        created++;
    check(created >= 21, "each map is logged: " + std::to_string(created));
    const auto has_record = [&](const char *level, const char *words) {
        const size_t at = text.find(words);
        const size_t line = at == text.npos ? text.npos : text.rfind('\n', at) + 1;
        return line != text.npos && text.compare(line, std::strlen(level), level) == 0;
    };
    check(has_record("<14>", "created   /sys/fs/bpf/hash") || has_record("<6>", "created   /sys/fs/bpf/hash"),
          "a change is logged as info");
    check(has_record("<13>", "skipped: it is for Linux 99.0") ||
              has_record("<5>", "skipped: it is for Linux 99.0"),
          "what is left out as a notice");
    check(has_record("<11>", "'nonsense' is not a command") ||
              has_record("<3>", "'nonsense' is not a command"),
          "an error as an error");
}

[[noreturn]] void power_off()
{
    std::fflush(stdout);
    tcdrain(STDOUT_FILENO);
    reboot(RB_POWER_OFF);
    for (;;)
        pause();
}

} // namespace

int main(int argc, char **argv)
{
    std::printf("\n");
    check(getpid() == 1, "barebpf-init has become this program");
    check(std::strcmp(argv[0], "/sbin/init") == 0, "it is called as an init");
    check(argc == 2 && std::strcmp(argv[1], "single") == 0, "the kernel's word is passed on");
    check_places();
    for (const expected &one : maps)
        check_map(one);
    check_elements();
    check_left_out();
    check_log();
    checks.end();
    power_off();
}
