// SPDX-License-Identifier: BSD-2-Clause
#include "privileges.h"

#include <cstdlib>
#include <linux/capability.h>
#include <linux/version.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "child.h"
#include "test/live/kernel.h"

namespace barebpf::test
{
namespace
{

__user_cap_header_struct own_header()
{
    return {_LINUX_CAPABILITY_VERSION_3, 0};
}

} // namespace

uint64_t capabilities()
{
    auto header = own_header();
    __user_cap_data_struct halves[2] = {};
    demand(syscall(SYS_capget, &header, halves) == 0, "capget");
    return uint64_t{halves[1].effective} << 32 | halves[0].effective;
}

void keep_only(uint64_t kept)
{
    auto header = own_header();
    __user_cap_data_struct halves[2] = {};
    halves[0].effective = halves[0].permitted = static_cast<uint32_t>(kept);
    halves[1].effective = halves[1].permitted = static_cast<uint32_t>(kept >> 32);
    demand(syscall(SYS_capset, &header, halves) == 0, "capset");
}

void become_nobody(uint64_t kept)
{
    demand(prctl(PR_SET_KEEPCAPS, 1) == 0, "PR_SET_KEEPCAPS");
    demand(setresgid(nobody, nobody, nobody) == 0, "setresgid");
    demand(setresuid(nobody, nobody, nobody) == 0, "setresuid");
    keep_only(kept);
}

limits memlock()
{
    rlimit64 found{};
    demand(getrlimit64(RLIMIT_MEMLOCK, &found) == 0, "getrlimit");
    return {found.rlim_cur, found.rlim_max};
}

void set_memlock(const limits &wanted)
{
    const rlimit64 limit = {wanted.soft, wanted.hard};
    demand(setrlimit64(RLIMIT_MEMLOCK, &limit) == 0, "setrlimit");
}

bool memlock_counts()
{
    return running_kernel() < KERNEL_VERSION(5, 11, 0);
}

bool machine_is_ours()
{
    return std::getenv("BAREBPF_TEST_MACHINE") != nullptr;
}

std::string missing_root()
{
    if (geteuid() != 0 || !(capabilities() & capability(CAP_SYS_ADMIN)))
        return "root with CAP_SYS_ADMIN is needed to put a child into a sandbox";
    return missing_permission();
}

} // namespace barebpf::test
