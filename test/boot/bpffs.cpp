// SPDX-License-Identifier: BSD-2-Clause
#include <cerrno>
#include <cstdlib>
#include <fcntl.h>
#include <fstream>
#include <linux/version.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "barebpf/boot.hpp"
#include "place.h"
#include "test/catch.h"
#include "test/live/kernel.h"

using namespace barebpf;
using namespace barebpf::test;

namespace
{

// A directory on a filesystem that is no bpffs; removed with all mounts on it.
struct bare_directory {
    std::string path;

    bare_directory()
    {
        char name[] = "/tmp/barebpf-bare-XXXXXX";
        REQUIRE(mkdtemp(name));
        path = name;
    }
    ~bare_directory()
    {
        while (umount2(path.c_str(), MNT_DETACH) == 0) {
        }
        rmdir(path.c_str());
    }
};

// The lines about mounts at a directory in /proc/self/mountinfo.
std::vector<std::string> mounts_at(const std::string &directory)
{
    std::vector<std::string> lines;
    std::ifstream mountinfo("/proc/self/mountinfo");
    for (std::string line; std::getline(mountinfo, line);)
        if (line.find(" " + directory + " ") != std::string::npos)
            lines.push_back(line);
    return lines;
}

} // namespace

TEST_CASE("bpffs: one is mounted where there is none, private, nosuid, nodev, noexec, with its mode")
{
    if (const std::string missing = missing_for_place(); !missing.empty())
        SKIP_BECAUSE(missing);
    const bare_directory here;
    CHECK(barebpf_bpffs_mount(here.path.c_str(), 0750) == 1);
    CHECK(barebpf_bpffs_mount(here.path.c_str(), 0700) == 0);
    const std::vector<std::string> mounts = mounts_at(here.path);
    REQUIRE(mounts.size() == 1);
    for (const char *option : {"nosuid", "nodev", "noexec", " - bpf "})
        CHECK(mounts[0].find(option) != std::string::npos);
    CHECK(mounts[0].find("shared:") == std::string::npos);
    CHECK(attributes_of(here.path)->mode == (S_ISVTX | 0750)); // the kernel adds the sticky bit
    CHECK(barebpf_bpffs_mount((here.path + "/none").c_str(), 0) == -ENOENT);
    CHECK(barebpf_bpffs_mount(nullptr, 0) == -EINVAL);
}

TEST_CASE("bpffs: processes at once mount one")
{
    if (const std::string missing = missing_for_place(); !missing.empty())
        SKIP_BECAUSE(missing);
    for (int round = 0; round < 10; round++) {
        const bare_directory here;
        std::vector<pid_t> children;
        for (int i = 0; i < 8; i++) {
            const pid_t child = fork();
            REQUIRE(child >= 0);
            if (child == 0)
                _exit(barebpf_bpffs_mount(here.path.c_str(), 0) >= 0 ? 0 : 1);
            children.push_back(child);
        }
        for (const pid_t child : children) {
            int status = 0;
            waitpid(child, &status, 0);
            CHECK(status == 0);
        }
        CHECK(mounts_at(here.path).size() == 1);
    }
}

TEST_CASE("ensure: mounts and makes directories where that is wanted")
{
    if (const std::string missing = missing_for_place(); !missing.empty())
        SKIP_BECAUSE(missing);
    const bare_directory here;
    const std::string mount = here.path + "/fs", pin = mount + "/a/b/map";
    ensure_report report;
    const ensure_options how = {.make_directories = true, .directory_mode = 0710, .mount = mount.c_str()};
    const fd_result map = ensure_map(small_array, pin.c_str(), how, &report);
    REQUIRE(map);
    CHECK(report.did == (BAREBPF_DID_MOUNT | BAREBPF_DID_DIRECTORIES));
    CHECK(attributes_of(mount)->mode == (S_ISVTX | 0700));
    CHECK(attributes_of(mount + "/a/b")->mode == 0710);
    CHECK(ensure_map(small_array, pin.c_str(), how, &report));
    CHECK(report.did == 0);
    CHECK(mounts_at(mount).size() == 1);
    umount2(mount.c_str(), MNT_DETACH);
    CHECK(rmdir(mount.c_str()) == 0);
}

TEST_CASE("ensure: pins in a bpffs that is mounted nowhere")
{
    if (const std::string missing = missing_for_place(); !missing.empty())
        SKIP_BECAUSE(missing);
    const fd bpffs(barebpf_bpffs_open(0750));
    REQUIRE(bpffs);
    CHECK(bpffs.get() >= 3);
    CHECK((fcntl(bpffs.get(), F_GETFD) & FD_CLOEXEC) != 0);
    struct stat status;
    REQUIRE(fstat(bpffs.get(), &status) == 0);
    CHECK((status.st_mode & 07777) == (S_ISVTX | 0750));

    ensure_report report;
    const ensure_options how = {.mode = 0604, .make_directories = true, .bpffs_fd = bpffs.get()};
    const fd_result made = ensure_map(small_array, "sub/map", how, &report);
    if (running_kernel() < KERNEL_VERSION(6, 5, 0)) {
        CHECK(made.error().number == EINVAL);
        CHECK(report.step == BAREBPF_STEP_OPEN);
        return;
    }
    REQUIRE(made);
    const fd_result again = ensure_map(small_array, "sub/map", how, &report);
    REQUIRE(again);
    CHECK(report.what() == ensured::found);
    CHECK(id_of_map(again->get()) == id_of_map(made->get()));
    REQUIRE(fstatat(bpffs.get(), "sub/map", &status, 0) == 0);
    CHECK((status.st_mode & 07777) == 0604);
    CHECK(unlinkat(bpffs.get(), "sub/map", 0) == 0);
    CHECK(unlinkat(bpffs.get(), "sub", AT_REMOVEDIR) == 0);
}
