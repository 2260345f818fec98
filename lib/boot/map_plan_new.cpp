// SPDX-License-Identifier: BSD-2-Clause
#include "apply_structs.h"
#include "directory_entries.h"

namespace barebpf
{
namespace
{

constexpr uint32_t fewest = 4; // of fewer maps a look at each costs no more than one at the directory
constexpr uint32_t longest_directory = 4095;
constexpr uint8_t is_directory = 4; // DT_DIR

// States of an entry's is_new.
enum : uint32_t {
    unknown,
    no,
    yes
};

// Bytes of the pin before its last slash, or of one at its start; 0 without one.
uint32_t directory_size(const barebpf_map_plan_entry &entry)
{
    uint32_t size = entry.pin_size;
    while (size && entry.pin[size - 1] != '/')
        size--;
    return size > 1 ? size - 1 : size;
}

// How many entries from this one on are of one directory, one after the other.
uint32_t count_together(const barebpf_map_plan_entry *entries, uint32_t count, uint32_t size)
{
    uint32_t together = 1;
    for (; together < count; together++) {
        if (directory_size(entries[together]) != size)
            return together;
        for (uint32_t i = 0; i < size; i++)
            if (entries[together].pin[i] != entries[0].pin[i])
                return together;
    }
    return together;
}

// A pin's name has no dot, and what a killed process leaves is a directory PIN~barebpf.
bool may_stay(const char *name, uint8_t type)
{
    bool dot = false, tilde = false;
    for (; *name; name++) {
        dot |= *name == '.';
        tilde |= *name == '~';
    }
    return dot || (type == is_directory && !tilde);
}

// True if there is no pin in a directory, nor what a killed process has left.
bool has_no_pins(const char *text, uint32_t size)
{
    struct {
        char bytes[longest_directory + 1];
    } path BAREBPF_UNINITIALIZED;
    if (size > longest_directory)
        return false;
    copy(path.bytes, text, size);
    path.bytes[size] = '\0';
    const int directory = sys::open_directory_anywhere(size ? path.bytes : ".");
    if (directory < 0)
        return false;
    bool none = true;
    const int result = read_entries(directory, [&](const char *name, uint8_t type) {
        none = may_stay(name, type);
        return none;
    });
    sys::close(directory);
    return result == 0 && none;
}

void look_for_pins(barebpf_map_plan_entry *entries, uint32_t count)
{
    const uint32_t size = directory_size(entries[0]);
    const uint32_t together = count_together(entries, count, size);
    const uint32_t found = together >= fewest && has_no_pins(entries[0].pin, size) ? yes : no;
    for (uint32_t i = 0; i < together; i++)
        if (entries[i].is_new == unknown)
            entries[i].is_new = found;
}

} // namespace
} // namespace barebpf

using namespace barebpf;

extern "C" int barebpf_map_plan_is_new(struct barebpf_map_plan *plan, uint32_t index)
{
    if (!plan || !is_served(*plan) || index >= plan->count || plan->count > plan->room || !plan->entries)
        return 0;
    if (plan->entries[index].is_new == unknown)
        look_for_pins(plan->entries + index, plan->count - index);
    return plan->entries[index].is_new == yes;
}
