// SPDX-License-Identifier: BSD-2-Clause
#include <cerrno>
#include <cstdio>

#include "barebpf/map_types.h"
#include "call.h"
#include "test/catch.h"
#include "test/numbers.h"

using namespace barebpf::parity;

TEST_CASE("live: libbpf's probe and barebpf's find the same map types on this kernel")
{
    if (probe_with_libbpf(BAREBPF_MAP_TYPE_ARRAY, nullptr) != 1)
        SKIP_BECAUSE("this user may not create maps");
    unsigned int alike = 0, newer = 0;
    for (uint32_t type = 0; type <= barebpf::test::first_unknown_type; type++) {
        const int by_libbpf = probe_with_libbpf(type, nullptr);
        const int by_barebpf = probe_with_barebpf(type, nullptr);
        INFO("map type " << type << ": libbpf " << by_libbpf << ", barebpf " << by_barebpf);
        const bool known = type && type < barebpf::test::first_unknown_type;
        if (by_libbpf == -EOPNOTSUPP && known) {
            CHECK(by_barebpf >= 0);
            newer++;
        } else {
            CHECK(by_libbpf == by_barebpf);
            alike++;
        }
    }
    std::printf("live: %u map types alike, %u newer than libbpf\n", alike, newer);
    CHECK(alike > BAREBPF_MAP_TYPE_BLOOM_FILTER);
}
