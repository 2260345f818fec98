// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_TEST_SANDBOX_MAP_H
#define BAREBPF_TEST_SANDBOX_MAP_H

#include <cstdint>
#include <ostream>

#include "barebpf/map_types.h"

namespace barebpf::test
{

// A map to be created, by any of the three functions.
struct request {
    uint32_t type;
    uint32_t key_size;
    uint32_t value_size;
    uint32_t max_entries;
    uint32_t flags = 0;
    const char *name = "sandbox";
    uint32_t token_fd = 0;
};

inline constexpr request small_hash = {BAREBPF_MAP_TYPE_HASH, 4, 8, 16};

// The result of a request: -errno, or 0 and the kernel's description of the map.
struct outcome {
    int refused;
    uint32_t type;
    uint32_t key_size;
    uint32_t value_size;
    uint32_t max_entries;
    uint32_t flags;
    char name[16];

    bool operator==(const outcome &) const = default;
};

std::ostream &operator<<(std::ostream &out, const outcome &seen);

// The kernel's description of a map that is as requested.
outcome as_asked(const request &wanted);

// The result of a refusal.
constexpr outcome refusal(int error)
{
    return {-error, 0, 0, 0, 0, 0, {}};
}

// The map's descriptor, or -errno.
int make_by_barebpf(const request &wanted);
int make_by_libbpf(const request &wanted); // without a token: libbpf's options before 1.4 have none
int make_by_syscall(const request &wanted);

// The result of a request; the map is closed. `made` is what one of the functions returned.
outcome outcome_of(int made);

// libbpf's version as one number: 1.1 is 101.
int libbpf_version();

} // namespace barebpf::test

#endif
