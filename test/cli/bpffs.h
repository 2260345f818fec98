// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_TEST_CLI_BPFFS_H
#define BAREBPF_TEST_CLI_BPFFS_H

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <string>

#include <sched.h>
#include <sys/mount.h>

#include "test/catch.h"

namespace barebpf::test
{

// A bpffs of our own, in a mount namespace of our own: nobody else sees it, and it ends with this program. In
// a chroot the namespace cannot be made private, because / is no mount there; the bpffs is unmounted at the
// end.
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
    // "@" stands for the directory.
    std::string fill_in(std::string text) const
    {
        if (const size_t at = text.find('@'); at != std::string::npos)
            text.replace(at, 1, path(""));
        return text;
    }
    bool is_empty() const
    {
        for (const auto &entry : std::filesystem::directory_iterator(directory))
            if (entry.path().extension() != ".debug") // the kernel's own
                return false;
        return true;
    }

private:
    std::string directory;
};

} // namespace barebpf::test

#endif
