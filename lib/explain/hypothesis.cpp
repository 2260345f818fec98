// SPDX-License-Identifier: BSD-2-Clause
#include "hypothesis.h"

namespace barebpf
{
namespace
{

bool is_new(const hypotheses &all, const hypothesis &one)
{
    for (uint32_t i = 0; i < all.count; i++) {
        const hypothesis &known = all.rows[i];
        bool same_bytes = true;
        for (size_t at = 0; at < map_create_attr_size; at++)
            same_bytes = same_bytes && reinterpret_cast<const char *>(&known.mended)[at] ==
                                           reinterpret_cast<const char *>(&one.mended)[at];
        if (say_the_same(known.ruling.why, one.ruling.why) && same_bytes)
            return false;
    }
    return true;
}

// The row that has this rule with these numbers already; nullptr if there is none.
hypothesis *find_repeated(hypotheses *all, const verdict &ruling)
{
    for (uint32_t i = 0; i < all->count; i++) {
        const verdict &known = all->rows[i].ruling;
        if (say_the_same(known.why, ruling.why) && known.numbers[0] == ruling.numbers[0] &&
            known.numbers[1] == ruling.numbers[1])
            return &all->rows[i];
    }
    return nullptr;
}

void mend_rest(hypothesis *one, const inquiry &of, release kernel)
{
    copy(&one->whole, &one->mended, sizeof(one->mended));
    one->mendable = one->changeable && mend_all(&one->whole, of.seen, kernel);
}

// Mends by another release: the first one found may have the rule but not the map type.
void retry(hypothesis *one, const inquiry &of, release kernel)
{
    if (one->mendable || !one->changeable)
        return;
    mend_rest(one, of, kernel);
    if (one->mendable && !one->plain)
        one->ruling.kernel = kernel;
}

void consider(hypotheses *all, const inquiry &of, release kernel)
{
    if (all->count == most_hypotheses)
        return;
    hypothesis *one = &all->rows[all->count];
    const verdict ruling = decide_on(of.seen, kernel, of.given);
    if (ruling.why == rule::none || ruling.error != of.error)
        return;
    if (hypothesis *known = find_repeated(all, ruling))
        return retry(known, of, kernel);
    one->plain = one->refuted = false;
    copy(&one->ruling, &ruling, sizeof(ruling));
    copy(&one->mended, &of.given, sizeof(of.given));
    one->changeable = mend(&one->mended, &one->how, of.seen, ruling);
    one->result = not_tried;
    if (!is_new(*all, *one))
        return;
    mend_rest(one, of, kernel);
    all->count++;
}

// Considers a kernel built without optional features, on a machine with the requested network device.
void consider_bare(hypotheses *all, inquiry *of, release kernel)
{
    environment &machine = of->seen.machine;
    const uint32_t config = machine.config;
    of->seen.device.ifindex = of->given.map_ifindex;
    machine.devices = &of->seen.device;
    machine.device_count = 1;
    consider(all, *of, kernel);
    machine.device_count = 0;
    const bool lsm_active = machine.lsm_active, arena_in_jit = machine.arena_in_jit;
    machine.config = of->seen.has_bpf ? config & config_net : 0; // as /proc shows
    machine.lsm_active = machine.arena_in_jit = false;
    consider(all, *of, kernel);
    machine.config = config;
    consider(all, *of, kernel);
    machine.lsm_active = lsm_active;
    machine.arena_in_jit = arena_in_jit;
}

// Considers an inner map with properties that cannot be read.
void consider_other_inner(hypotheses *all, inquiry *of, release kernel)
{
    for (size_t i = 0; i < of->seen.machine.object_count; i++) {
        object *one = &of->seen.objects[i];
        if (one->kind != object_kind::map)
            continue;
        one->specials = special_spin_lock;
        consider(all, *of, kernel);
        one->specials = 0;
        one->exclusive = true;
        consider(all, *of, kernel);
        one->exclusive = false;
    }
}

// Considers a kernel with another struct_ops type, or without it.
void consider_other_ops(hypotheses *all, inquiry *of, release kernel)
{
    environment &machine = of->seen.machine;
    const size_t count = machine.struct_ops_count;
    of->seen.ops.size++;
    consider(all, *of, kernel);
    of->seen.ops.size--;
    machine.struct_ops_count = 0;
    consider(all, *of, kernel);
    machine.struct_ops_count = count;
}

// Considers a machine with next to no memory but for one element, so that the map's size is the reason.
void consider_little_memory(hypotheses *all, inquiry *of, release kernel)
{
    environment &machine = of->seen.machine;
    const uint64_t memory = machine.memory;
    map_create_attr smallest;
    copy(&smallest, &of->given, sizeof(smallest));
    smallest.max_entries = 1;
    machine.memory = (1 << 16) + memory_of(smallest, machine, kernel);
    consider(all, *of, kernel);
    machine.memory = memory;
}

constexpr uint32_t flags_offset = 16;

// True if a member differs; in a name, one character.
bool differs_at(const map_create_attr &a, const map_create_attr &b, uint32_t at)
{
    const attr_field &its = *field_at(at);
    const bool is_name = its.size == sizeof(a.map_name);
    const uint32_t from = is_name ? at : its.offset, to = is_name ? at + 1 : its.offset + uint32_t{its.size};
    for (uint32_t i = from; i < to; i++)
        if (reinterpret_cast<const char *>(&a)[i] != reinterpret_cast<const char *>(&b)[i])
            return true;
    return false;
}

// The bits of a byte that differ; all of them if its member does, except that flags are compared bit by bit.
unsigned int changed_at(const map_create_attr &given, const map_create_attr &changed, uint32_t at)
{
    const auto before = reinterpret_cast<const unsigned char *>(&given)[at];
    const auto after = reinterpret_cast<const unsigned char *>(&changed)[at];
    if (at >= flags_offset && at < flags_offset + 4)
        return before ^ after;
    return differs_at(given, changed, at) ? 0xff : 0;
}

} // namespace

void gather(hypotheses *all, inquiry *of)
{
    all->count = 0;
    consider(all, *of, of->seen.kernel);
    if (all->count)
        all->rows[0].plain = true;
    consider_other_ops(all, of, of->seen.kernel);
    consider_bare(all, of, of->seen.kernel);
    consider_other_inner(all, of, of->seen.kernel);
    consider_little_memory(all, of, of->seen.kernel);
    for (uint32_t i = 0; release_at(i); i++)
        consider(all, *of, release_at(i));
    for (uint32_t i = 0; release_at(i); i++) {
        consider_bare(all, of, release_at(i));
        consider_other_inner(all, of, release_at(i));
    }
}

bool is_part_of(const map_create_attr &given, const map_create_attr &a, const map_create_attr &b)
{
    for (uint32_t at = 0; at < map_create_attr_size; at++)
        if (changed_at(given, a, at) & ~changed_at(given, b, at))
            return false;
    return !changes_the_same(given, a, b);
}

bool changes_the_same(const map_create_attr &given, const map_create_attr &a, const map_create_attr &b)
{
    for (uint32_t at = 0; at < map_create_attr_size; at++)
        if (changed_at(given, a, at) != changed_at(given, b, at))
            return false;
    return true;
}

} // namespace barebpf
