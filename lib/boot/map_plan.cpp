// SPDX-License-Identifier: BSD-2-Clause
#include "apply_structs.h"
#include "lib/core/errno.h"

namespace barebpf
{
namespace
{

using plan_entry = barebpf_map_plan_entry;
constexpr uint32_t no_entry = BAREBPF_NO_ENTRY;

// States of an entry while the order is worked out, and then.
enum progress : uint32_t {
    untouched,
    on_the_way, // its inner map comes first
    ordered,
    failed, // its map is not there
};

uint32_t length_of(const char *string)
{
    uint32_t length = 0;
    while (string && string[length])
        length++;
    return length;
}

// By shifts and additions: some machines multiply in libgcc.
uint32_t hash_of(const char *pin, uint32_t size)
{
    uint32_t hash = size;
    for (uint32_t i = 0; i < size; i++)
        hash = (hash << 5) + hash + static_cast<unsigned char>(pin[i]);
    return hash ^ hash >> 15;
}

bool is_same(const char *a, const char *b, uint32_t size)
{
    for (uint32_t i = 0; i < size; i++)
        if (a[i] != b[i])
            return false;
    return true;
}

// The largest power of two up to `count`, less one: a remainder would be a division.
uint32_t mask_for(uint32_t count)
{
    uint32_t mask = 0;
    while (mask <= (count - 1) / 2 && 2 * mask + 1 < count)
        mask = 2 * mask + 1;
    return mask;
}

struct pin_table {
    plan_entry *entries;
    uint32_t mask;

    uint32_t *bucket_of(const char *pin, uint32_t size) const
    {
        return &entries[hash_of(pin, size) & mask].bucket;
    }

    uint32_t find(const char *pin, uint32_t size) const
    {
        uint32_t i = *bucket_of(pin, size);
        while (i != no_entry && !(entries[i].pin_size == size && is_same(entries[i].pin, pin, size)))
            i = entries[i].next;
        return i;
    }

    void insert(uint32_t i) const
    {
        uint32_t *bucket = bucket_of(entries[i].pin, entries[i].pin_size);
        entries[i].next = *bucket;
        *bucket = i;
    }
};

// Returns how many pins have a line already.
uint32_t fill_table(const pin_table &table, uint32_t count)
{
    uint32_t twice = 0;
    for (uint32_t i = 0; i < count; i++) {
        plan_entry *entry = &table.entries[i];
        entry->other = table.find(entry->pin, entry->pin_size);
        entry->wrong = entry->other == no_entry ? 0 : uint32_t{BAREBPF_WRONG_PINNED_TWICE};
        if (entry->wrong)
            twice++;
        else
            table.insert(i);
    }
    return twice;
}

// Marks the entries of a cycle; returns how many were not wrong before.
uint32_t mark_cycle(plan_entry *entries, uint32_t start)
{
    uint32_t marked = 0;
    uint32_t i = start;
    do {
        marked += !entries[i].wrong;
        entries[i].wrong = BAREBPF_WRONG_CYCLE;
        i = entries[i].after;
    } while (i != start);
    return marked;
}

// Orders an entry behind the inner maps it needs, one behind the other. Returns how many became wrong.
uint32_t order_from(plan_entry *entries, uint32_t start, uint32_t *place)
{
    uint32_t i = start;
    for (uint32_t after = 0;; i = after) {
        entries[i].state = on_the_way;
        after = entries[i].after;
        if (after == no_entry || entries[after].state != untouched)
            break;
        entries[after].back = i;
    }
    const uint32_t inner = entries[i].after;
    const uint32_t cycle =
        inner != no_entry && entries[inner].state == on_the_way ? mark_cycle(entries, inner) : 0;
    for (uint32_t back = 0;; i = back) {
        back = entries[i].back;
        entries[i].back = 0;
        entries[i].state = ordered;
        entries[(*place)++].order = i;
        if (i == start)
            return cycle;
    }
}

uint32_t order_entries(plan_entry *entries, uint32_t count)
{
    pin_table table;
    table.entries = entries;
    table.mask = mask_for(count);
    for (uint32_t i = 0; i < count; i++) {
        entries[i].bucket = no_entry;
        entries[i].state = untouched;
    }
    uint32_t wrong = fill_table(table, count);
    for (uint32_t i = 0; i < count; i++)
        entries[i].after = entries[i].inner ? table.find(entries[i].inner, entries[i].inner_size) : no_entry;
    uint32_t place = 0;
    for (uint32_t i = 0; i < count; i++)
        if (entries[i].state == untouched)
            wrong += order_from(entries, i, &place);
    return wrong;
}

bool is_below(const plan_entry &entry, const char *directory, uint32_t length)
{
    return entry.pin_size > length && entry.pin[length] == '/' && is_same(entry.pin, directory, length);
}

bool is_plan(const barebpf_map_plan *plan)
{
    return plan && is_served(*plan) && plan->count <= plan->room && (plan->entries || !plan->room);
}

} // namespace
} // namespace barebpf

using namespace barebpf;

extern "C" int barebpf_map_plan_add(struct barebpf_map_plan *plan, const struct barebpf_map_line *line,
                                    uint32_t file)
{
    if (!is_plan(plan) || !line || !is_served(*line) || line->kind != BAREBPF_LINE_MAP || !line->pin)
        return with_errno(-EINVAL);
    if (plan->count == plan->room || plan->count == INT32_MAX)
        return with_errno(-ENOSPC);
    plan_entry *entry = &plan->entries[plan->count];
    clear(entry);
    entry->pin = line->pin_at;
    entry->inner = line->inner_at;
    entry->pin_size = length_of(line->pin);
    entry->inner_size = length_of(line->inner_map);
    entry->at = line->at;
    entry->file = file;
    entry->line = line->line;
    entry->column = line->column;
    return static_cast<int>(plan->count++);
}

extern "C" int barebpf_map_plan_order(struct barebpf_map_plan *plan)
{
    if (!is_plan(plan))
        return with_errno(-EINVAL);
    return plan->count ? static_cast<int>(order_entries(plan->entries, plan->count)) : 0;
}

extern "C" int barebpf_map_plan_wrong(const struct barebpf_map_plan *plan, uint32_t index,
                                      struct barebpf_map_line *line)
{
    if (!is_plan(plan) || !line || !is_served(*line))
        return with_errno(-EINVAL);
    if (index >= plan->count || !plan->entries[index].wrong)
        return with_errno(-ENOENT);
    const plan_entry &entry = plan->entries[index];
    const bool cycle = entry.wrong == BAREBPF_WRONG_CYCLE;
    line->line = entry.line;
    line->column = entry.column;
    line->wrong = entry.wrong;
    line->wrong_line = entry.line;
    line->wrong_column = entry.column;
    line->wrong_word = cycle ? entry.inner : entry.pin;
    line->wrong_size = cycle ? entry.inner_size : entry.pin_size;
    line->about = nullptr;
    return 0;
}

extern "C" int barebpf_map_plan_fail(struct barebpf_map_plan *plan, uint32_t index)
{
    if (!is_plan(plan) || index >= plan->count)
        return with_errno(-EINVAL);
    plan->entries[index].state = failed;
    return 0;
}

extern "C" int barebpf_map_plan_fail_below(struct barebpf_map_plan *plan, const char *directory)
{
    if (!is_plan(plan) || !directory)
        return with_errno(-EINVAL);
    uint32_t length = length_of(directory);
    while (length && directory[length - 1] == '/')
        length--;
    int count = 0;
    for (uint32_t i = 0; i < plan->count; i++) {
        if (!is_below(plan->entries[i], directory, length))
            continue;
        plan->entries[i].back = length;
        count++;
    }
    return count;
}

extern "C" const char *barebpf_map_plan_lacks(const struct barebpf_map_plan *plan, uint32_t index,
                                              size_t *size)
{
    if (!is_plan(plan) || index >= plan->count || !size)
        return nullptr;
    const plan_entry &entry = plan->entries[index];
    if (entry.after != no_entry && plan->entries[entry.after].state == failed) {
        *size = entry.inner_size;
        return entry.inner;
    }
    *size = entry.back;
    return entry.back ? entry.pin : nullptr;
}
