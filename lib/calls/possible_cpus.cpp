// SPDX-License-Identifier: BSD-2-Clause
#include "possible_cpus.h"

#include "elem.h"
#include "lib/core/attr.h"
#include "lib/core/errno.h"
#include "lib/core/mem.h"
#include "lib/core/sys.h"

namespace barebpf
{
namespace
{

constexpr size_t most_values = 8192; // the largest NR_CPUS Linux can be built with

int count_cpus_by_sys()
{
    const int fd = sys::open_to_read("/sys/devices/system/cpu/possible");
    if (fd < 0)
        return fd;
    struct {
        alignas(8) char text[4096];
    } list;
    clear(&list);
    const long size = sys::read(fd, list.text, sizeof(list.text));
    sys::close(fd);
    if (size < 0)
        return static_cast<int>(size);
    if (static_cast<size_t>(size) == sizeof(list.text))
        return -E2BIG;
    return count_cpus_of_list(list.text, static_cast<size_t>(size));
}

// Makes an array of one element with a value for each possible CPU. Returns a descriptor or -errno.
int per_cpu_array()
{
    map_create_attr attr;
    clear(&attr);
    attr.map_type = BAREBPF_MAP_TYPE_PERCPU_ARRAY;
    attr.key_size = sizeof(uint32_t);
    attr.value_size = sizeof(uint64_t);
    attr.max_entries = 1;
    return sys::bpf<sys::command::map_create>(&attr);
}

// The values of a new array are zero: the kernel overwrites as many marks with zeros as there are CPUs. Not
// inlined, so that its caller needs this much stack only when it calls.
__attribute__((noinline)) int count_cpus_by_map()
{
    constexpr uint64_t mark = UINT64_MAX;
    uint64_t values[most_values] BAREBPF_UNINITIALIZED;
    volatile uint64_t *written = values;
    for (size_t i = 0; i < most_values; i++)
        written[i] = mark;
    const int fd = per_cpu_array();
    if (fd < 0)
        return fd;
    const uint32_t key = 0;
    elem_attr attr;
    encode(&attr, fd, &key, values, 0);
    const int result = sys::bpf<sys::command::map_lookup_elem>(&attr);
    sys::close(fd);
    if (result < 0)
        return result;
    int count = 0;
    while (count < static_cast<int>(most_values) && written[count] != mark)
        count++;
    return count;
}

} // namespace

int count_cpus_of_list(const char *list, size_t size)
{
    int count = 0;
    int first = -1, number = -1; // of a range, and the number being read; -1: none
    for (size_t i = 0; i <= size; i++) {
        const char c = i < size ? list[i] : '\n';
        if (c >= '0' && c <= '9') {
            number = (number < 0 ? 0 : number * 10) + (c - '0');
            if (number >= static_cast<int>(most_values))
                return -EINVAL;
        } else if (c == '-' && number >= 0 && first < 0) {
            first = number;
            number = -1;
        } else if ((c == ',' || c == '\n') && number >= first && number >= 0) {
            count += first < 0 ? 1 : number - first + 1;
            first = number = -1;
            if (c == '\n')
                return count;
        } else {
            return -EINVAL;
        }
    }
    return -EINVAL;
}

int count_possible_cpus()
{
    const int count = count_cpus_by_sys();
    if (count >= 0)
        return count;
    const int by_map = count_cpus_by_map();
    return by_map > 0 ? by_map : count;
}

} // namespace barebpf
