// SPDX-License-Identifier: BSD-2-Clause
#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <unistd.h>

#include "call.h"
#include "test/catch.h"

using namespace barebpf::parity;

namespace
{

// A map for this machine's kernel, in the members every libbpf knows.
struct spec {
    call made;
    uint32_t flags = 0;
    uint64_t extra = 0;
    bool has_inner_map = false;
};

const spec specs[] = {
    {{BPF_MAP_TYPE_HASH, "hash", 4, 8, 16, nullptr}},
    {{BPF_MAP_TYPE_HASH, nullptr, 4, 8, 16, nullptr}, BPF_F_NO_PREALLOC},
    {{BPF_MAP_TYPE_HASH, "fifteen_letters", 4, 8, 16, nullptr}},
    {{BPF_MAP_TYPE_HASH, "sixteen_letters_", 4, 8, 16, nullptr}},
    {{BPF_MAP_TYPE_HASH, "dotted.name", 4, 8, 16, nullptr}, BPF_F_RDONLY_PROG},
    {{BPF_MAP_TYPE_HASH, "no-dashes", 4, 8, 16, nullptr}},
    {{BPF_MAP_TYPE_HASH, "no_key", 0, 8, 16, nullptr}},
    {{BPF_MAP_TYPE_HASH, "no_entries", 4, 8, 0, nullptr}},
    {{BPF_MAP_TYPE_ARRAY, "array", 4, 8, 16, nullptr}, BPF_F_MMAPABLE},
    {{BPF_MAP_TYPE_ARRAY, "inner", 4, 8, 16, nullptr}, BPF_F_INNER_MAP},
    {{BPF_MAP_TYPE_ARRAY, "wide_key", 8, 8, 16, nullptr}},
    {{BPF_MAP_TYPE_ARRAY, "flag", 4, 8, 16, nullptr}, UINT32_C(1) << 31},
    {{BPF_MAP_TYPE_PERCPU_HASH, "percpu_hash", 4, 8, 16, nullptr}},
    {{BPF_MAP_TYPE_LRU_HASH, "lru_hash", 4, 8, 1024, nullptr}, BPF_F_NO_COMMON_LRU},
    {{BPF_MAP_TYPE_LPM_TRIE, "lpm_trie", 8, 8, 16, nullptr}, BPF_F_NO_PREALLOC},
    {{BPF_MAP_TYPE_RINGBUF, "ringbuf", 0, 0, 4096, nullptr}},
    {{BPF_MAP_TYPE_BLOOM_FILTER, "bloom", 0, 8, 16, nullptr}, 0, 3},
    {{BPF_MAP_TYPE_ARRAY, "extra", 4, 8, 16, nullptr}, 0, 3},
    {{BPF_MAP_TYPE_HASH_OF_MAPS, "of_maps", 4, 4, 16, nullptr}, 0, 0, true},
    {{63, "no_type", 4, 4, 1, nullptr}},
};
static_assert(std::size(specs) == 20);

// Room for more than the installed header's struct bpf_map_info.
using info = std::array<unsigned char, 256>;

// What came of a spec: -errno, or how the kernel describes the map, but for its id.
struct account {
    int refused;
    int error;
    info described;
    uint32_t described_size;

    bool operator==(const account &) const = default;
};

account account_of(int fd, int error)
{
    account seen{};
    if (fd < 0) {
        seen.refused = fd;
        seen.error = error;
        return seen;
    }
    seen.described_size = sizeof(seen.described);
    REQUIRE(bpf_obj_get_info_by_fd(fd, &seen.described, &seen.described_size) == 0);
    close(fd);
    REQUIRE(seen.described_size > offsetof(bpf_map_info, map_extra));
    std::memset(&seen.described[offsetof(bpf_map_info, id)], 0, sizeof(bpf_map_info::id));
    return seen;
}

account create(int (*door)(const call &), const spec &wanted, int inner_map_fd)
{
    bpf_map_create_opts opts{};
    opts.sz = sizeof(opts);
    opts.map_flags = wanted.flags;
    opts.map_extra = wanted.extra;
    opts.inner_map_fd = static_cast<uint32_t>(wanted.has_inner_map ? inner_map_fd : 0);
    call made = wanted.made;
    made.opts = &opts;
    errno = 0;
    const int fd = door(made);
    return account_of(fd, errno);
}

} // namespace

TEST_CASE("live: this kernel makes the same of libbpf's and barebpf's calls")
{
    const call inner = {BPF_MAP_TYPE_ARRAY, "inner", 4, 8, 16, nullptr};
    const int inner_map_fd = create_with_libbpf(inner);
    if (inner_map_fd == -EPERM)
        SKIP_BECAUSE("this user may not create maps");
    REQUIRE(inner_map_fd >= 0);
    int refused = 0;
    for (const spec &wanted : specs) {
        const account by_libbpf = create(create_with_libbpf, wanted, inner_map_fd);
        const account by_barebpf = create(create_with_barebpf, wanted, inner_map_fd);
        INFO("map type " << wanted.made.map_type << ' '
                         << (wanted.made.name ? wanted.made.name : "without a name"));
        CHECK(by_libbpf.refused == by_barebpf.refused);
        CHECK(by_libbpf == by_barebpf);
        refused += by_libbpf.refused != 0;
    }
    close(inner_map_fd);
    std::printf("live: %zu maps alike, %d of them refused\n", std::size(specs), refused);
    CHECK(refused > 0);
    CHECK(refused < static_cast<int>(std::size(specs)));
}
