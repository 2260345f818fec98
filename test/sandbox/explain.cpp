// SPDX-License-Identifier: BSD-2-Clause
#include <bit>
#include <cerrno>
#include <fstream>
#include <linux/bpf.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <linux/version.h>
#include <sched.h>
#include <string>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <vector>

#include "child.h"
#include "explanation.h"
#include "map.h"
#include "privileges.h"
#include "test/live/kernel.h"

using namespace barebpf::test;

namespace
{

constexpr request lru_hash = {BAREBPF_MAP_TYPE_LRU_HASH, 4, 8, 16};
constexpr request devmap = {BAREBPF_MAP_TYPE_DEVMAP, 4, 4, 16};
constexpr request big_array = {BAREBPF_MAP_TYPE_ARRAY, 4, 8, 32768}; // 256 KiB of values

void install(std::vector<sock_filter> instructions)
{
    const sock_fprog filter = {static_cast<unsigned short>(instructions.size()), instructions.data()};
    demand(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0, "PR_SET_NO_NEW_PRIVS");
    demand(prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter, 0, 0) == 0, "PR_SET_SECCOMP");
}

// Which commands of bpf(2) a filter refuses: every one, or only BPF_MAP_CREATE, whose number is 0.
enum class commands {
    all,
    map_create
};

void refuse_bpf(int error, commands refused = commands::all)
{
    constexpr uint32_t low_word = std::endian::native == std::endian::little ? 0 : 4;
    const bool all = refused == commands::all;
    install({
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_bpf, 0, 3),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, args) + low_word),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, BPF_MAP_CREATE, 0, static_cast<uint8_t>(all ? 0 : 1)),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | static_cast<uint32_t>(error)),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    });
}

bool is_one_of(const std::string &name, std::initializer_list<const char *> names)
{
    for (const char *one : names)
        if (name == one)
            return true;
    return false;
}

} // namespace

TEST_CASE("explain: a seccomp filter is distinguished from the kernel, whatever its errno")
{
    if (const std::string missing = missing_root(); !missing.empty())
        SKIP_BECAUSE(missing);
    const int error = GENERATE(EPERM, EACCES, EAGAIN, ENOSYS, EINVAL);
    const commands refused = GENERATE(commands::all, commands::map_create);
    CAPTURE(refused == commands::all);
    const explained done = in_child([&] {
        refuse_bpf(error, refused);
        return explain(small_hash);
    });
    INFO(barebpf_errno_name(error) << ": " << name_of(done) << ": " << done.text);
    CHECK(done.error == error);
    CHECK(done.cause == BAREBPF_CAUSE_SECCOMP);
    CHECK(done.confidence == BAREBPF_SURE_PROVED);
    CHECK(done.nothing_left);
}

TEST_CASE("explain: a filter and a missing permission at once are not mistaken for each other")
{
    if (const std::string missing = missing_root(); !missing.empty())
        SKIP_BECAUSE(missing);
    const explained done = in_child([] {
        refuse_bpf(EPERM);
        become_nobody(0);
        return explain(small_hash);
    });
    INFO(name_of(done) << ": " << done.text);
    CHECK(done.may_be(BAREBPF_CAUSE_SECCOMP));
    CHECK(done.nothing_left);
}

namespace
{

// A filter that refuses bpf(2) for an attr of a usual size only.
void refuse_small_attrs()
{
    constexpr uint32_t low_word = std::endian::native == std::endian::little ? 0 : 4;
    constexpr uint32_t unusual = 1 << 16;
    install({
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_bpf, 0, 3),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, args) + 2 * sizeof(uint64_t) + low_word),
        BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, unusual, 1, 0),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    });
}

} // namespace

TEST_CASE("explain: a filter that lets the probing requests pass is not mistaken for a security module")
{
    if (const std::string missing = missing_root(); !missing.empty())
        SKIP_BECAUSE(missing);
    const explained done = in_child([] {
        refuse_small_attrs();
        return explain(small_hash);
    });
    INFO(name_of(done) << ": " << done.text);
    CHECK(done.error == EPERM);
    CHECK(done.may_be(BAREBPF_CAUSE_SECCOMP));
    CHECK(done.confidence == BAREBPF_SURE_CANNOT_TELL);
    CHECK(done.nothing_left);
}

TEST_CASE("explain: each missing capability is named")
{
    if (const std::string missing = missing_root(); !missing.empty())
        SKIP_BECAUSE(missing);
    SECTION("of nobody")
    {
        const explained done = in_child([] {
            become_nobody(0);
            return explain(lru_hash);
        });
        INFO(name_of(done) << ": " << done.text);
        CHECK(done.error == EPERM);
        CHECK(is_one_of(name_of(done), {"unprivileged_bpf_disabled", "unprivileged_bpf_disabled_late",
                                        "needs_bpf", "needs_bpf_late"}));
        CHECK(done.nothing_left);
    }
    SECTION("CAP_NET_ADMIN, with CAP_BPF alone")
    {
        const explained done = in_child([] {
            become_nobody(capability(CAP_BPF));
            return explain(devmap);
        });
        INFO(name_of(done) << ": " << done.text);
        CHECK(done.error == EPERM);
        CHECK(is_one_of(name_of(done), {"needs_net_admin", "needs_net_admin_late"}));
    }
    SECTION("CAP_BPF, with CAP_NET_ADMIN alone")
    {
        const explained done = in_child([] {
            become_nobody(capability(CAP_NET_ADMIN));
            return explain(lru_hash);
        });
        INFO(name_of(done) << ": " << done.text);
        CHECK(done.error == EPERM);
        CHECK(is_one_of(name_of(done), {"unprivileged_bpf_disabled", "unprivileged_bpf_disabled_late",
                                        "needs_bpf", "needs_bpf_late"}));
    }
    SECTION("CAP_SYS_ADMIN, for a seed of zero")
    {
        request seeded = small_hash;
        seeded.flags = BAREBPF_F_ZERO_SEED;
        const explained done = in_child([&] {
            become_nobody(capability(CAP_BPF));
            return explain(seeded);
        });
        INFO(name_of(done) << ": " << done.text);
        CHECK(done.error == EPERM);
        CHECK(name_of(done) == "zero_seed_needs_sys_admin");
        CHECK(done.confidence == BAREBPF_SURE_PROVED);
    }
}

TEST_CASE("explain: capabilities of a user namespace do not count")
{
    if (const std::string missing = missing_root(); !missing.empty())
        SKIP_BECAUSE(missing);
    const int refused = in_child([] { return unshare(CLONE_NEWUSER) == 0 ? 0 : errno; });
    if (refused != 0)
        SKIP_BECAUSE(std::string("user namespaces are not allowed: ") + barebpf_errno_name(refused));
    const explained done = in_child([] {
        demand(unshare(CLONE_NEWUSER) == 0, "a user namespace");
        return explain(lru_hash);
    });
    INFO(name_of(done) << ": " << done.text);
    CHECK(done.error == EPERM);
    CHECK(name_of(done) == "user_namespace");
    CHECK(done.nothing_left);
}

TEST_CASE("explain: RLIMIT_MEMLOCK is named with what the map needs and what there is")
{
    if (const std::string missing = missing_root(); !missing.empty())
        SKIP_BECAUSE(missing);
    if (!memlock_counts())
        SKIP_BECAUSE("RLIMIT_MEMLOCK counts maps before Linux 5.11 only");
    constexpr uint64_t limit = 64 * 1024;
    const explained done = in_child([] {
        set_memlock({limit, limit});
        return explain(big_array);
    });
    INFO(name_of(done) << ": " << done.text);
    CHECK(done.error == EPERM);
    CHECK(name_of(done) == "memlock");
    CHECK(done.confidence == BAREBPF_SURE_PROVED);
    CHECK(done.left == limit);
    CHECK(done.needed >= 8 * big_array.max_entries);
    CHECK(done.needed <= 8 * big_array.max_entries + 2 * 4096);
    CHECK(done.nothing_left);
}

TEST_CASE("explain: a missing free descriptor is named")
{
    if (const std::string missing = missing_root(); !missing.empty())
        SKIP_BECAUSE(missing);
    const explained done = in_child([] {
        while (dup(1) >= 0) {
        }
        return explain(small_hash);
    });
    INFO(name_of(done) << ": " << done.text);
    CHECK(done.error == EMFILE);
    CHECK(name_of(done) == "descriptors");
    CHECK(done.nothing_left);
}

namespace
{

struct cgroup_version {
    const char *type;       // of the file system
    const char *controller; // the mount option that names it
    const char *directory;  // where it is mounted, as systemd does
    const char *limit;      // the file with the limit
};

constexpr cgroup_version version_1 = {"cgroup", "memory", "/sys/fs/cgroup/memory", "memory.limit_in_bytes"};
constexpr cgroup_version version_2 = {"cgroup2", nullptr, "/sys/fs/cgroup", "memory.max"};

// The controller of memory as /proc/cgroups shows it, which newer kernels do for version 1 only.
struct memory_controller {
    unsigned int hierarchy = 0; // 0: version 2
    unsigned int groups = 1;
};

memory_controller find_memory_controller()
{
    std::ifstream file("/proc/cgroups");
    memory_controller found;
    for (std::string name; file >> name; file.ignore(256, '\n'))
        if (name == "memory")
            file >> found.hierarchy >> found.groups;
    return found;
}

// Removed groups and hierarchies disappear a little later, when nothing refers to them any more.
void wait_until(const std::function<bool()> &holds)
{
    constexpr int most = 1000;
    for (int i = 0; i < most && !holds(); i++)
        usleep(10000);
}

// A memory cgroup on a machine of test/vm. It is removed with the object, so that another version of cgroups
// can have the controller.
class memory_group
{
public:
    explicit memory_group(const cgroup_version &wanted) : version(wanted)
    {
        demand(mount("tmpfs", root, "tmpfs", 0, nullptr) == 0, root);
        mkdir(version.directory, 0755);
        mounted = mount("none", version.directory, version.type, 0, version.controller) == 0;
        std::ofstream(file_of(version.directory, "cgroup.subtree_control")) << "+memory" << std::flush;
        mkdir(group.c_str(), 0755);
    }
    ~memory_group()
    {
        rmdir(group.c_str());
        wait_until([] { return find_memory_controller().groups == 1; });
        if (mounted)
            umount(version.directory);
        wait_until([] { return find_memory_controller().hierarchy == 0; });
        umount(root);
    }
    memory_group(const memory_group &) = delete;
    memory_group &operator=(const memory_group &) = delete;

    bool has_limit() const { return access(file_of(group, version.limit).c_str(), W_OK) == 0; }

    // Sets the limit, and puts this process into the group.
    void enter(uint64_t bytes) const
    {
        demand(bool(std::ofstream(file_of(group, version.limit)) << bytes << std::flush), version.limit);
        demand(bool(std::ofstream(file_of(group, "cgroup.procs")) << getpid() << std::flush), "cgroup.procs");
    }

private:
    static constexpr const char *root = "/sys/fs/cgroup";

    static std::string file_of(const std::string &directory, const char *name)
    {
        return directory + "/" + name;
    }

    const cgroup_version &version;
    const std::string group = file_of(version.directory, "barebpf");
    bool mounted = false;
};

void check_memory_group(const memory_group &group)
{
    constexpr uint64_t limit = 8 << 20;
    const request wide = {BAREBPF_MAP_TYPE_ARRAY, 4, 4096, 16384}; // 64 MiB
    const explained done = in_child([&] {
        group.enter(limit);
        return explain(wide);
    });
    INFO(name_of(done) << ": " << done.text);
    CHECK(done.error == ENOMEM);
    CHECK(name_of(done) == "memory_cgroup");
    CHECK(done.left == limit);
    CHECK(done.needed >= 64 << 20);
    CHECK(done.nothing_left);
}

std::string missing_memory_cgroups()
{
    if (!machine_is_ours())
        return "the cgroups of this machine are not for a test to change";
    if (running_kernel() < KERNEL_VERSION(5, 11, 0))
        return "memory cgroups count maps from Linux 5.11 on";
    return "";
}

} // namespace

TEST_CASE("explain: a memory cgroup is named with its limit and what the map needs")
{
    if (const std::string missing = missing_memory_cgroups(); !missing.empty())
        SKIP_BECAUSE(missing);
    check_memory_group(memory_group(version_2));
}

TEST_CASE("explain: a memory cgroup of version 1 is named likewise")
{
    if (const std::string missing = missing_memory_cgroups(); !missing.empty())
        SKIP_BECAUSE(missing);
    const memory_group group(version_1);
    if (!group.has_limit() && running_kernel() >= KERNEL_VERSION(6, 12, 0))
        SKIP_BECAUSE("this kernel has no memory limits in cgroups of version 1, an option since Linux 6.12");
    check_memory_group(group);
}
