// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_TOOLS_ACCOUNT_H
#define BAREBPF_TOOLS_ACCOUNT_H

#include <cstdint>
#include <optional>
#include <string>

#include "output.h"

namespace barebpf::tool
{

// What the kernel reports about a map.
struct account {
    std::optional<uint32_t> id; // from Linux 4.13
    uint32_t map_type = 0;
    std::string name;
    uint32_t map_flags = 0;
    uint32_t key_size = 0;
    uint32_t value_size = 0;
    uint32_t max_entries = 0;
    uint64_t map_extra = 0;
    std::optional<uint64_t> memlock; // bytes; only /proc has it
    std::optional<bool> frozen;      // only /proc has it
    int denied = 0;  // errno with which bpf(2) would not describe the map; 0 if it did or cannot
    std::string pin; // the kernel keeps no record of it
};

// Asks the kernel, and reads /proc where there is one. Before Linux 4.13 there is only /proc, without id and
// name.
account read_account(int fd);

// What /proc alone has; throws a failure where that is nothing.
account read_fdinfo_account(int fd);

// As `bpftool map show` prints it, with a map_extra that is not zero, and a name or pin as visible() shows
// it.
std::string account_text(const account &map);
json account_json(const account &map);

// Its type, sizes and flags in the words of create.
std::string words_of(const account &map);

} // namespace barebpf::tool

#endif
