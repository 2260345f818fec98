// SPDX-License-Identifier: BSD-2-Clause
#include <asm/unistd.h>
#include <cerrno>
#include <linux/bpf.h>

#include "barebpf/map_types.h"
#include "kernel.h"
#include "test/catch.h"
#include "test/numbers.h"

using namespace barebpf::parity;

// Rows of docs/libbpf-differences.md about libbpf_probe_bpf_map_type(), before one recorded kernel.
namespace
{

call probed(uint32_t map_type)
{
    return {map_type, nullptr, 0, 0, 0, nullptr};
}

int ask_libbpf(const call &made)
{
    return probe_with_libbpf(made.map_type, made.opts);
}

int ask_barebpf(const call &made)
{
    return probe_with_barebpf(made.map_type, made.opts);
}

kernel refusing_maps(int error)
{
    kernel answers;
    answers.map_create = -error;
    return answers;
}

} // namespace

TEST_CASE("probe: libbpf takes every refusal for a no, barebpf says that it cannot tell")
{
    const int error = GENERATE(EPERM, ENOMEM, ENOSYS, EMFILE);
    CHECK(recorded(ask_libbpf, probed(BPF_MAP_TYPE_HASH), refusing_maps(error)).returned == 0);
    CHECK(recorded(ask_barebpf, probed(BPF_MAP_TYPE_HASH), refusing_maps(error)).returned == -error);
}

TEST_CASE("probe: libbpf's types end with its release, barebpf's with Linux 7.3")
{
    CHECK(recorded(ask_libbpf, probed(BAREBPF_MAP_TYPE_RHASH), {}).returned == -EOPNOTSUPP);
    CHECK(recorded(ask_barebpf, probed(BAREBPF_MAP_TYPE_RHASH), {}).returned == 1);
    CHECK(recorded(ask_libbpf, probed(barebpf::test::first_unknown_type), {}).returned == -EOPNOTSUPP);
    CHECK(recorded(ask_barebpf, probed(barebpf::test::first_unknown_type), {}).returned == -EOPNOTSUPP);
}

TEST_CASE("probe: both refuse options, and a type that is none")
{
    for (door *ask : {ask_libbpf, ask_barebpf}) {
        call made = probed(BPF_MAP_TYPE_HASH);
        made.opts = &made;
        const outcome seen = recorded(*ask, made, {});
        CHECK(seen.returned == -EINVAL);
        CHECK(seen.error == EINVAL);
        CHECK(seen.events.empty());
        CHECK(recorded(*ask, probed(BPF_MAP_TYPE_UNSPEC), {}).returned == -EOPNOTSUPP);
    }
}

TEST_CASE("probe: libbpf makes a map, barebpf first asks without making one")
{
    const outcome by_libbpf = recorded(ask_libbpf, probed(BPF_MAP_TYPE_HASH), {});
    CHECK(by_libbpf.returned == 1);
    CHECK(by_libbpf.events.back().nr == __NR_close);
    const outcome by_barebpf = recorded(ask_barebpf, probed(BPF_MAP_TYPE_HASH), refusing_maps(EBADF));
    CHECK(by_barebpf.returned == 1);
    CHECK(by_barebpf.events.size() == 2);
    CHECK(recorded(ask_libbpf, probed(BPF_MAP_TYPE_HASH), refusing_maps(EBADF)).returned == 0);
}
