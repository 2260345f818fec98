// SPDX-License-Identifier: BSD-2-Clause
#include "caller.h"

#include <cerrno>
#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <system_error>
#include <unistd.h>

namespace barebpf::test
{
namespace
{

constexpr caller callers[] = {
    {"root", {.sys_admin = true, .bpf = true, .net_admin = true, .perfmon = true}, true},
    {"user", {.sys_admin = false, .bpf = false, .net_admin = false, .perfmon = false}, false},
    {"bpf", {.sys_admin = false, .bpf = true, .net_admin = false, .perfmon = false}, false},
    {"net", {.sys_admin = false, .bpf = false, .net_admin = true, .perfmon = false}, false},
    {"admin", {.sys_admin = true, .bpf = false, .net_admin = false, .perfmon = false}, false},
};

constexpr uid_t nobody = 65534;

void demand(bool done, const char *what)
{
    if (!done)
        throw std::system_error(errno, std::generic_category(), what);
}

uint64_t capabilities_of(const privileges &held)
{
    const auto bit = [](bool has, unsigned int capability) { return uint64_t{has} << capability; };
    return bit(held.sys_admin, CAP_SYS_ADMIN) | bit(held.net_admin, CAP_NET_ADMIN) | bit(held.bpf, CAP_BPF) |
           bit(held.perfmon, CAP_PERFMON);
}

} // namespace

const caller *caller_called(const std::string &name)
{
    for (const caller &known : callers)
        if (name == known.name)
            return &known;
    return nullptr;
}

void become(const caller &wanted)
{
    if (wanted.is_root)
        return;
    demand(prctl(PR_SET_KEEPCAPS, 1) == 0, "PR_SET_KEEPCAPS");
    demand(setresgid(nobody, nobody, nobody) == 0, "setresgid");
    demand(setresuid(nobody, nobody, nobody) == 0, "setresuid");
    const uint64_t kept = capabilities_of(wanted.held);
    __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
    __user_cap_data_struct halves[2] = {};
    halves[0].effective = halves[0].permitted = static_cast<uint32_t>(kept);
    halves[1].effective = halves[1].permitted = static_cast<uint32_t>(kept >> 32);
    demand(syscall(SYS_capset, &header, halves) == 0, "capset");
}

} // namespace barebpf::test
