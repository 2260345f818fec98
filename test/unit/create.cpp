// SPDX-License-Identifier: BSD-2-Clause
#include <cerrno>

#include "barebpf/bpf.h"
#include "script.h"
#include "test/catch.h"

using namespace barebpf::test;

TEST_CASE("create: one bpf(2) call when all is well")
{
    script({result(7)});
    CHECK(bpf_map_create(BPF_MAP_TYPE_HASH, "name", 4, 8, 16, nullptr) == 7);
    REQUIRE(asked().size() == 1);
    CHECK(asked()[0].nr == __NR_bpf);
    CHECK(asked()[0].arguments[0] == BPF_MAP_CREATE);
    CHECK(asked()[0].arguments[2] == 92);
}
