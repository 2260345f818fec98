// SPDX-License-Identifier: BSD-2-Clause
#include "delegation.h"

#include <fstream>

#include <linux/version.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "barebpf/barebpf.hpp"
#include "privileges.h"
#include "test/live/kernel.h"

namespace barebpf::test
{
namespace
{

void set_option(int filesystem, const char *key, const char *value)
{
    demand(fsconfig(filesystem, FSCONFIG_SET_STRING, key, value, 0) == 0, key);
}

} // namespace

int begin_bpffs()
{
    demand(unshare(CLONE_NEWUSER | CLONE_NEWNS) == 0, "a user namespace");
    const int filesystem = fsopen("bpf", FSOPEN_CLOEXEC);
    demand(filesystem >= 0, "fsopen");
    return filesystem;
}

void delegate(pid_t child, int filesystem_of_child, const delegation &given)
{
    const std::string directory = "/proc/" + std::to_string(child);
    std::ofstream(directory + "/setgroups") << "deny";
    std::ofstream(directory + "/uid_map") << "0 0 1";
    std::ofstream(directory + "/gid_map") << "0 0 1";
    const fd process(static_cast<int>(syscall(SYS_pidfd_open, child, 0)));
    demand(static_cast<bool>(process), "pidfd_open");
    const fd filesystem(static_cast<int>(syscall(SYS_pidfd_getfd, process.get(), filesystem_of_child, 0)));
    demand(static_cast<bool>(filesystem), "pidfd_getfd");
    set_option(filesystem.get(), "delegate_cmds", given.commands);
    set_option(filesystem.get(), "delegate_maps", given.types);
    demand(fsconfig(filesystem.get(), FSCONFIG_CMD_CREATE, nullptr, nullptr, 0) == 0, "FSCONFIG_CMD_CREATE");
}

int finish_bpffs(int filesystem)
{
    const int mounted = fsmount(filesystem, FSMOUNT_CLOEXEC, 0);
    demand(mounted >= 0, "fsmount");
    return mounted;
}

std::string missing_tokens()
{
    if (running_kernel() < KERNEL_VERSION(6, 9, 0))
        return "tokens came with Linux 6.9";
    if (!missing_root().empty())
        return missing_root();
    const int refused = in_child([] { return unshare(CLONE_NEWUSER) == 0 ? 0 : errno; });
    if (refused != 0 && !machine_is_ours())
        return std::string("user namespaces are not allowed: ") + barebpf_errno_name(refused);
    return "";
}

} // namespace barebpf::test
