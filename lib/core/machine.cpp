// SPDX-License-Identifier: BSD-2-Clause
#include "machine.h"

#include "mem.h"
#include "sys.h"

namespace barebpf
{
namespace
{

constexpr size_t most_cpus = 8192; // the largest NR_CPUS Linux can be built with

// Sparse numbering makes the list long; only the last number matters.
uint32_t cpus_of_sys()
{
    const int fd = sys::open_to_read("/sys/devices/system/cpu/possible");
    if (fd < 0)
        return 0;
    struct {
        alignas(8) char text[4096];
    } list;
    clear(&list);
    const long size = sys::read(fd, list.text, sizeof(list.text));
    sys::close(fd);
    const bool whole = size > 0 && static_cast<size_t>(size) < sizeof(list.text);
    return whole ? cpus_of_list(list.text, static_cast<size_t>(size)) : 0;
}

uint32_t cpus_of_affinity()
{
    constexpr uint32_t word_bits = 8 * sizeof(long);
    unsigned long words[most_cpus / word_bits];
    clear(&words);
    sys::get_affinity(words, sizeof(words));
    uint32_t last = 0;
    for (uint32_t cpu = 0; cpu < most_cpus; cpu++)
        if (words[cpu / word_bits] >> cpu % word_bits & 1)
            last = cpu + 1;
    return last;
}

} // namespace

uint32_t page_size()
{
    constexpr uint32_t smallest = 4096, largest = 1 << 20;
    uint32_t size = smallest;
    while (size < largest && !sys::is_page_multiple(static_cast<long>(size)))
        size *= 2;
    return size;
}

uint32_t cpus_of_list(const char *list, size_t size)
{
    uint32_t last = 0, number = 0;
    bool is_number = false;
    for (size_t i = 0; i < size && list[i] != '\n'; i++) {
        const char c = list[i];
        if (c >= '0' && c <= '9')
            number = (is_number ? number * 10 : 0) + static_cast<uint32_t>(c - '0');
        else if (c != '-' && c != ',')
            return 0;
        is_number = c >= '0' && c <= '9';
        last = is_number ? number + 1 : 0;
    }
    return last;
}

uint32_t possible_cpus(bool *guessed)
{
    const uint32_t cpus = cpus_of_sys();
    *guessed = cpus == 0;
    return cpus ? cpus : cpus_of_affinity();
}

} // namespace barebpf
