// SPDX-License-Identifier: BSD-2-Clause
#include "place.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <linux/bpf.h>
#include <sched.h>
#include <stdexcept>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "test/live/kernel.h"

namespace barebpf::test
{
namespace
{

void require(bool holds, const char *what)
{
    if (!holds)
        throw std::runtime_error(std::string(what) + ": " + std::strerror(errno));
}

// Once: later mounts are this process' own.
bool has_own_mounts()
{
    static const bool has =
        unshare(CLONE_NEWNS) == 0 && mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0;
    return has;
}

long bpf(int command, bpf_attr *attr)
{
    return syscall(SYS_bpf, command, attr, sizeof(*attr));
}

} // namespace

std::string missing_for_place()
{
    if (const std::string missing = missing_permission(); !missing.empty())
        return missing;
    return has_own_mounts() ? "" : "CAP_SYS_ADMIN, for a mount namespace";
}

place::place()
{
    char name[] = "/tmp/barebpf-boot-XXXXXX";
    require(mkdtemp(name), "mkdtemp");
    directory = name;
    require(mount("bpf", name, "bpf", 0, "mode=0755") == 0, "mount a bpffs");
}

place::~place()
{
    umount2(directory.c_str(), MNT_DETACH);
    rmdir(directory.c_str());
}

std::vector<std::string> place::names() const
{
    std::vector<std::string> names;
    for (const auto &entry : std::filesystem::recursive_directory_iterator(directory))
        if (entry.path().extension() != ".debug") // the kernel's own, from 5.10 on
            names.push_back(entry.path().string().substr(directory.size() + 1));
    std::sort(names.begin(), names.end());
    return names;
}

std::optional<pin_attributes> attributes_of(const std::string &path)
{
    struct stat status;
    if (stat(path.c_str(), &status) != 0)
        return {};
    return pin_attributes{status.st_mode & 07777, status.st_uid, status.st_gid};
}

uint32_t id_of_map(int fd)
{
    bpf_map_info info;
    std::memset(&info, 0, sizeof(info));
    bpf_attr attr;
    std::memset(&attr, 0, sizeof(attr));
    attr.info.bpf_fd = static_cast<uint32_t>(fd);
    attr.info.info_len = sizeof(info);
    attr.info.info = reinterpret_cast<uintptr_t>(&info);
    return bpf(BPF_OBJ_GET_INFO_BY_FD, &attr) == 0 ? info.id : 0;
}

uint32_t id_of_pin(const std::string &path)
{
    bpf_attr attr;
    std::memset(&attr, 0, sizeof(attr));
    attr.pathname = reinterpret_cast<uintptr_t>(path.c_str());
    const long fd = bpf(BPF_OBJ_GET, &attr);
    if (fd < 0)
        return 0;
    const uint32_t id = id_of_map(static_cast<int>(fd));
    close(static_cast<int>(fd));
    return id;
}

std::vector<int> open_descriptors()
{
    std::vector<int> open;
    for (int fd = 0; fd < 256; fd++)
        if (fcntl(fd, F_GETFD) >= 0)
            open.push_back(fd);
    return open;
}

} // namespace barebpf::test
