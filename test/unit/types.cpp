// SPDX-License-Identifier: BSD-2-Clause
#include "lib/facts/types.h"

#include <string>

#include "barebpf/barebpf.h"
#include "test/catch.h"
#include "test/numbers.h"
#include "test/releases.h"

using namespace barebpf;
using namespace barebpf::map_type;

namespace
{

constexpr release last_kernel = test::newest_release;

} // namespace

TEST_CASE("types: releases compare in the order of their release")
{
    CHECK(release_of(4, 9) < release_of(4, 14));
    CHECK(release_of(4, 14, 336) < release_of(4, 15));
    CHECK(release_of(5, 4, 286) > release_of(5, 4, 9));
    CHECK(major_of(release_of(5, 4, 286)) == 5);
    CHECK(minor_of(release_of(5, 4, 286)) == 4);
    CHECK(patch_of(release_of(5, 4, 286)) == 286);
}

TEST_CASE("types: the table is in the order of the enum")
{
    CHECK(map_type_count == test::first_unknown_type);
    CHECK(facts_of(unspec).since == never);
    CHECK(std::string(barebpf_map_type_name(lru_percpu_hash)) == "lru_percpu_hash");
    for (uint32_t type = hash + 1; type < map_type_count; type++) {
        INFO(barebpf_map_type_name(type));
        CHECK(facts_of(type).since >= facts_of(type - 1).since);
        CHECK(facts_of(type).since <= last_kernel);
    }
}

TEST_CASE("types: a type has no flags before its first kernel, and never loses one")
{
    const release kernels[] = {release_of(3, 18), release_of(4, 6),  release_of(4, 14), release_of(4, 15),
                               release_of(5, 0),  release_of(5, 10), release_of(6, 9),  last_kernel};
    for (uint32_t type = hash; type < map_type_count; type++) {
        INFO(barebpf_map_type_name(type));
        uint32_t before = 0;
        for (const release kernel : kernels) {
            const uint32_t now = allowed_flags(type, kernel);
            CHECK((before & ~now) == 0);
            CHECK((kernel >= facts_of(type).since || now == 0));
            before = now;
        }
        CHECK((required_flags(type) & ~before) == 0);
    }
}

TEST_CASE("types: a flag is accepted from its release on")
{
    CHECK(allowed_flags(hash, release_of(4, 5)) == 0);
    CHECK(allowed_flags(hash, release_of(4, 6)) == BAREBPF_F_NO_PREALLOC);
    CHECK(allowed_flags(array, release_of(5, 4)) == 0x19c);
    CHECK(allowed_flags(array, release_of(5, 5)) == 0x59c);
    CHECK(allowed_flags(array, release_of(5, 10)) == 0x159c);
    CHECK(allowed_flags(cpumap, last_kernel) == BAREBPF_F_NUMA_NODE);
    CHECK(allowed_flags(ringbuf, release_of(6, 18)) == BAREBPF_F_NUMA_NODE);
    CHECK(allowed_flags(ringbuf, release_of(6, 19)) == (BAREBPF_F_NUMA_NODE | BAREBPF_F_RB_OVERWRITE));
    CHECK(allowed_flags(insn_array, last_kernel) == 0);
    CHECK(first_kernel_of_flag(BAREBPF_F_TOKEN_FD) == release_of(6, 9));
    CHECK(first_kernel_of_flag(1 << 14) == never);
}

#define BAREBPF_KNOWN(upper, lower, bit) CHECK(first_kernel_of_flag(BAREBPF_F_##upper) <= last_kernel);
TEST_CASE("types: every flag of the list has a first kernel"){BAREBPF_MAP_FLAGS(BAREBPF_KNOWN)}
#undef BAREBPF_KNOWN

TEST_CASE("types: the members of the attr follow one another without a gap")
{
    uint32_t end = 0;
    release since = 0;
    for (const attr_field &field : attr_fields) {
        INFO(field.name);
        CHECK(field.offset == end);
        CHECK(field.since >= since);
        CHECK(field_at(field.offset) == &field);
        CHECK(field_at(field.offset + field.size - 1u) == &field);
        end = field.offset + field.size;
        since = field.since;
    }
    CHECK(end == test::attr_size);
    CHECK(field_at(test::attr_size) == nullptr);
}

TEST_CASE("types: where the attr ends, by kernel")
{
    struct row {
        release kernel;
        uint32_t whole;
        uint32_t known;
    };
    const row rows[] = {
        {release_of(3, 18), 40, 16},  {release_of(4, 1), 48, 16},   {release_of(4, 6), 48, 20},
        {release_of(4, 12), 48, 24},  {release_of(4, 14), 48, 28},  {release_of(4, 15), 72, 44},
        {release_of(4, 16), 72, 48},  {release_of(4, 18), 72, 60},  {release_of(5, 0), 112, 60},
        {release_of(5, 5), 120, 60},  {release_of(5, 6), 120, 64},  {release_of(5, 14), 128, 64},
        {release_of(5, 16), 128, 72}, {release_of(5, 17), 144, 72}, {release_of(6, 9), 152, 80},
        {release_of(6, 18), 168, 92}, {last_kernel, 168, 92},
    };
    for (const row &expected : rows) {
        CHECK(union_size(expected.kernel) == expected.whole);
        CHECK(known_end(expected.kernel) == expected.known);
    }
}

TEST_CASE("types: what a type needs of the configuration changes with the release")
{
    CHECK(needed_config(hash, last_kernel) == 0);
    CHECK(needed_config(sockmap, release_of(4, 14)) == (config_net | config_stream_parser));
    CHECK(needed_config(sockmap, release_of(4, 16)) == (config_net | config_stream_parser | config_inet));
    CHECK(needed_config(sockmap, release_of(5, 15)) == (config_net | config_inet));
    CHECK(needed_config(task_storage, release_of(5, 11)) == (config_net | config_bpf_lsm));
    CHECK(needed_config(task_storage, release_of(5, 15)) == 0);
}
