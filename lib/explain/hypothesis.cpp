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
        if (say_the_same(known.said.why, one.said.why) && same_bytes)
            return false;
    }
    return true;
}

void consider(hypotheses *all, const inquiry &of, release kernel)
{
    if (all->count == most_hypotheses)
        return;
    hypothesis *one = &all->rows[all->count];
    const verdict said = decide_on(of.seen, kernel, of.given);
    if (said.why == rule::none || said.error != of.error)
        return;
    copy(&one->said, &said, sizeof(said));
    copy(&one->mended, &of.given, sizeof(of.given));
    one->mendable = mend(&one->mended, &one->how, of.seen, said);
    one->answer = unasked;
    if (!is_new(*all, *one))
        return;
    copy(&one->whole, &one->mended, sizeof(one->mended));
    one->mendable = one->mendable && mend_all(&one->whole, of.seen, kernel);
    all->count++;
}

// A kernel built without what may be left out, on a machine with the network device that is asked for.
void consider_bare(hypotheses *all, inquiry *of, release kernel)
{
    environment &around = of->seen.around;
    const uint32_t config = around.config;
    const bool lsm_active = around.lsm_active, arena_in_jit = around.arena_in_jit;
    around.config = 0;
    around.lsm_active = around.arena_in_jit = false;
    consider(all, *of, kernel);
    around.config = config;
    consider(all, *of, kernel);
    around.lsm_active = lsm_active;
    around.arena_in_jit = arena_in_jit;
    of->seen.device.ifindex = of->given.map_ifindex;
    around.devices = &of->seen.device;
    around.device_count = 1;
    consider(all, *of, kernel);
    around.device_count = 0;
}

// A machine with next to no memory: what a map takes is then the reason.
void consider_poor(hypotheses *all, inquiry *of, release kernel)
{
    environment &around = of->seen.around;
    const uint64_t memory = around.memory;
    around.memory = 1 << 16;
    consider(all, *of, kernel);
    around.memory = memory;
}

constexpr uint32_t flags_offset = 16;

// The bits that differ, at a byte; all of them where one does, but for flags, which are told apart.
unsigned int changed_at(const map_create_attr &given, const map_create_attr &changed, size_t at)
{
    const auto before = reinterpret_cast<const unsigned char *>(&given)[at];
    const auto after = reinterpret_cast<const unsigned char *>(&changed)[at];
    if (at >= flags_offset && at < flags_offset + 4)
        return before ^ after;
    return before != after ? 0xff : 0;
}

} // namespace

void gather(hypotheses *all, inquiry *of)
{
    all->count = 0;
    consider(all, *of, of->seen.kernel);
    consider_bare(all, of, of->seen.kernel);
    consider_poor(all, of, of->seen.kernel);
    for (uint32_t i = 0; const release kernel = release_at(i); i++)
        consider(all, *of, kernel);
    for (uint32_t i = 0; const release kernel = release_at(i); i++)
        consider_bare(all, of, kernel);
}

bool is_part_of(const map_create_attr &given, const map_create_attr &a, const map_create_attr &b)
{
    for (size_t at = 0; at < map_create_attr_size; at++)
        if (changed_at(given, a, at) & ~changed_at(given, b, at))
            return false;
    return !changes_the_same(given, a, b);
}

bool changes_the_same(const map_create_attr &given, const map_create_attr &a, const map_create_attr &b)
{
    for (size_t at = 0; at < map_create_attr_size; at++)
        if (changed_at(given, a, at) != changed_at(given, b, at))
            return false;
    return true;
}

} // namespace barebpf
