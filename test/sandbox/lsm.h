// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_TEST_SANDBOX_LSM_H
#define BAREBPF_TEST_SANDBOX_LSM_H

#include <cstdint>
#include <string>

#include "barebpf/barebpf.hpp"

// Security modules as BPF programs, which refuse what this process requests and nobody else does.
namespace barebpf::test
{

// Which requests the program refuses.
struct refused_requests {
    enum {
        every_command, // of bpf(2)
        map_create,    // BPF_MAP_CREATE, before the kernel looks at the map
        one_type,      // BPF_MAP_CREATE for maps of `map_type`, likewise
        every_map,     // every map, when it is allocated and about to get a descriptor
    } which;
    const char *name;
    uint32_t map_type = 0;
};

// Refuses them from now on, and as long as the descriptor is open here or in what this process becomes by
// execve(2).
fd refuse_by_lsm(const refused_requests &refused, int error);

// The security modules that are active, as securityfs lists them: "lockdown,capability,bpf".
std::string active_lsms();

// How far the kernel is locked down: "none", "integrity" or "confidentiality"; empty if it has no lockdown.
std::string lockdown_in_force();

// What this machine lacks for refuse_by_lsm(); empty if nothing, and on machines of test/vm, which lack
// nothing.
std::string missing_bpf_lsm();

} // namespace barebpf::test

#endif
