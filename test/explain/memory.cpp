// SPDX-License-Identifier: BSD-2-Clause
#include "memory.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <fstream>
#include <sys/syscall.h>
#include <unistd.h>

#include "barebpf/explain.h"
#include "lib/core/attr.h"
#include "test/requests/examples.h"

namespace barebpf::test
{
namespace
{

using namespace map_type;

// What fdinfo of a map calls memlock; 0 where it does not say.
uint64_t memlock_of(int fd)
{
    std::ifstream info("/proc/self/fdinfo/" + std::to_string(fd));
    std::string word;
    uint64_t bytes = 0;
    while (info >> word)
        if (word == "memlock:")
            info >> bytes;
    return bytes;
}

uint64_t estimate_of(const map_create_attr &attr)
{
    barebpf_map_spec spec{};
    spec.sz = sizeof(spec);
    spec.map_type = attr.map_type;
    spec.key_size = attr.key_size;
    spec.value_size = attr.value_size;
    spec.max_entries = attr.max_entries;
    spec.map_flags = attr.map_flags;
    spec.map_extra = attr.map_extra;
    uint64_t bytes = 0;
    barebpf_map_memory(&spec, nullptr, &bytes);
    return bytes;
}

// Types for which kernels before 6.4 say 0, for their entries are not what takes memory.
bool is_uncounted(const map_create_attr &attr)
{
    return (!attr.key_size && !attr.value_size) || !attr.max_entries;
}

struct tally {
    unsigned int maps;
    unsigned int off;
    double worst;
    unsigned int too_large; // not made: more than `most` bytes
    unsigned int refused;   // by the rules of their types
    unsigned int no_memory; // which this machine should have
};

// Makes the map, unless it would take more than `most` bytes.
void compare(tally &all, const map_create_attr &attr, uint64_t most)
{
    const uint64_t ours = estimate_of(attr);
    if (ours > most) {
        all.too_large++;
        return;
    }
    const long fd = syscall(SYS_bpf, 0, &attr, map_create_attr_size);
    if (fd < 0) {
        (errno == ENOMEM ? all.no_memory : all.refused)++;
        return;
    }
    const uint64_t theirs = memlock_of(static_cast<int>(fd));
    close(static_cast<int>(fd));
    if (!theirs && ours && is_uncounted(attr))
        return;
    const double error = theirs == ours ? 0
                         : theirs       ? 100.0 * (static_cast<double>(ours) - static_cast<double>(theirs)) /
                                        static_cast<double>(theirs)
                                  : 100;
    all.maps++;
    all.worst = std::max(all.worst, error < 0 ? -error : error);
    if (error >= -10 && error <= 10)
        return;
    all.off++;
    std::printf("%s: key %u value %u entries %u flags 0x%x: %llu bytes, not %llu (%+.0f %%)\n",
                barebpf_map_type_name(attr.map_type), attr.key_size, attr.value_size, attr.max_entries,
                attr.map_flags, static_cast<unsigned long long>(theirs),
                static_cast<unsigned long long>(ours), error);
}

void compare_entries(tally &all, map_create_attr attr, uint64_t most)
{
    constexpr uint32_t entries[] = {1, 3, 16, 100, 1000, 4096, 10000, 65536, 100000};
    compare(all, attr, most);
    for (const uint32_t count : entries) {
        attr.max_entries = count;
        compare(all, attr, most);
    }
}

// What the type refuses is left out by the kernel. Large maps are made with the sizes of the example only:
// they take most of the time, and every size in them counts for the same share as in a small map.
void compare_sizes(tally &all, const map_create_attr &example)
{
    constexpr uint32_t keys[] = {1, 4, 8, 13, 20, 40, 100},
                       values[] = {1, 4, 8, 16, 24, 64, 100, 256, 1000, 4096};
    constexpr uint64_t large = 16 << 20, small = 1 << 20;
    constexpr uint32_t flags[] = {0, BAREBPF_F_NO_PREALLOC, BAREBPF_F_NO_COMMON_LRU, BAREBPF_F_MMAPABLE,
                                  BAREBPF_F_INNER_MAP};
    for (const uint32_t flag : flags) {
        map_create_attr attr = example;
        attr.map_flags |= flag;
        compare_entries(all, attr, large);
        for (const uint32_t value : values) {
            attr.value_size = value;
            compare_entries(all, attr, small);
        }
        attr.value_size = example.value_size;
        for (const uint32_t key : keys) {
            attr.key_size = key;
            compare_entries(all, attr, small);
        }
    }
}

} // namespace

bool memory_agrees(const kernel &running)
{
    tally all{};
    for (uint32_t type = 1; type < map_type_count; type++)
        compare_sizes(all, example_of(type, running));
    std::printf("%s: memory of %u maps: %u more than 10 %% off, the worst %.1f %%; not made were %u that "
                "their types do not allow, %u too large, %u for want of memory\n",
                running.name.c_str(), all.maps, all.off, all.worst, all.refused, all.too_large,
                all.no_memory);
    return all.maps > 500 && !all.off && !all.no_memory;
}

} // namespace barebpf::test
