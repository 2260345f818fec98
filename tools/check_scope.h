// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_TOOLS_CHECK_SCOPE_H
#define BAREBPF_TOOLS_CHECK_SCOPE_H

#include <cstdint>
#include <vector>

#include "barebpf/explain.h"

namespace barebpf::tool
{

// Which kernels barebpf check is about, and who asks them.
struct check_scope {
    std::vector<uint32_t> releases; // as KERNEL_VERSION() makes them; empty: every mainline release
    uint32_t capabilities =
        BAREBPF_CAN_SYS_ADMIN | BAREBPF_CAN_BPF | BAREBPF_CAN_NET_ADMIN | BAREBPF_CAN_PERFMON;
};

// Every mainline release whose rules are known: 4.4 to 7.3.
const std::vector<uint32_t> &mainline_releases();

// Reads --kernel, --kernels or --as at *at, whose value may be the next argument. Returns the last argument
// it took, or nullptr when it is another option. Throws a failure for a wrong value.
char **take_scope_option(char **at, check_scope *scope);

} // namespace barebpf::tool

#endif
