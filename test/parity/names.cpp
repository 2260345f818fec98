// SPDX-License-Identifier: BSD-2-Clause
#include <bpf/libbpf.h>

#include <string>

#include "barebpf/barebpf.h"
#include "test/catch.h"

namespace
{
const char *libbpf_name(unsigned int type)
{
    return libbpf_bpf_map_type_str(static_cast<bpf_map_type>(type));
}
} // namespace

TEST_CASE("map type names: libbpf's, for every type it knows")
{
    unsigned int known = 0;
    for (unsigned int type = 0; type < 64; type++) {
        const char *name = libbpf_name(type);
        if (!name)
            continue;
        INFO("type " << type << ", to libbpf " << name);
        REQUIRE(barebpf_map_type_name(type));
        CHECK(barebpf_map_type_name(type) == std::string(name));
        known++;
    }
    CHECK(known > BAREBPF_MAP_TYPE_USER_RINGBUF);
}

TEST_CASE("map type names: barebpf's go on to Linux 7.3, libbpf's end with its release")
{
    CHECK(libbpf_name(BAREBPF_MAP_TYPE_RHASH) == nullptr);
    CHECK(barebpf_map_type_name(BAREBPF_MAP_TYPE_RHASH) == std::string("rhash"));
}
