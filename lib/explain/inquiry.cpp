// SPDX-License-Identifier: BSD-2-Clause
#include "inquiry.h"

#include "lib/core/sys.h"

namespace barebpf
{
namespace
{

int close_made(int fd)
{
    if (fd < 0)
        return fd;
    sys::close(fd);
    return 0;
}

bool may_call(inquiry *of)
{
    if (of->calls >= of->most_calls)
        return false;
    of->calls++;
    return true;
}

} // namespace

int try_request(inquiry *of, const map_create_attr &attr)
{
    if (!may_call(of))
        return not_tried;
    return close_made(sys::bpf(sys::command::map_create, &attr, map_create_attr_size));
}

int repeat_request(inquiry *of)
{
    if (!may_call(of))
        return not_tried;
    return close_made(sys::bpf(sys::command::map_create, of->passed, of->size));
}

bool has_helper(inquiry *of)
{
    map_create_attr array;
    if (of->helper >= 0)
        return true;
    if (!may_call(of))
        return false;
    clear(&array);
    array.map_type = BAREBPF_MAP_TYPE_ARRAY;
    array.key_size = array.value_size = 4;
    array.max_entries = 1;
    of->helper = sys::bpf(sys::command::map_create, &array, map_create_attr_size);
    if (of->helper < 0)
        return false;
    environment &machine = of->seen.machine;
    object *one = &of->seen.objects[machine.object_count];
    clear(one);
    one->fd = of->helper;
    one->kind = object_kind::map;
    one->map_type = BAREBPF_MAP_TYPE_ARRAY;
    machine.object_count++;
    return true;
}

int test_reach(inquiry *of)
{
    constexpr uint32_t above_any_page = 1 << 20;
    if (of->reach)
        return of->reach;
    if (!may_call(of))
        return not_tried;
    const int result = close_made(sys::bpf(sys::command::map_create, &of->given, above_any_page));
    constexpr int too_big = -7;
    return of->reach = result == too_big ? 1 : result;
}

bool conclude(inquiry *of, cause why, uint32_t confidence)
{
    of->found.why = why;
    of->found.confidence = confidence;
    if (why != cause::unknown)
        of->found.possible_count = 0;
    return true;
}

bool conclude_rule(inquiry *of, const verdict &ruling, const remedy &how, uint32_t confidence)
{
    copy(&of->found.ruling, &ruling, sizeof(ruling));
    copy(&of->found.how, &how, sizeof(how));
    if (ruling.why == rule::memory) // how much memory is left is not known
        of->found.how.accepts = BAREBPF_ACCEPTS_NOTHING;
    return conclude(of, cause_of(ruling.why), confidence);
}

void suspect(inquiry *of, cause why)
{
    finding &found = of->found;
    for (uint32_t i = 0; i < found.possible_count; i++)
        if (found.possible[i] == why)
            return;
    if (found.possible_count < most_possible)
        found.possible[found.possible_count++] = why;
}

release release_at(uint32_t index)
{
    constexpr uint8_t first[] = {18, 0, 0, 0, 0}, last[] = {19, 20, 19, 19, 3}; // of 3, 4, 5, 6, 7
    for (uint32_t i = 0; i < sizeof(first); i++) {
        const uint32_t count = uint32_t{last[i]} - first[i] + 1;
        if (index < count)
            return release_of(3 + i, first[i] + index);
        index -= count;
    }
    return 0;
}

} // namespace barebpf
