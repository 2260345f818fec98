// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_LIB_RULES_REQUEST_H
#define BAREBPF_LIB_RULES_REQUEST_H

#include "lib/facts/requirements.h"
#include "rules.h"

// State of one decide() call. Each step returns true if the kernel refuses the request there, and then has
// filled the verdict.
namespace barebpf
{

struct request {
    release kernel;
    const environment &surroundings;
    uint32_t size;
    map_create_attr attr; // BPF_F_TOKEN_FD already taken out of map_flags
    bool token_given;
    privileges caller;
    verdict &answer;

    request(release given_kernel, const environment &given_surroundings, uint32_t attr_size, verdict &to_fill)
        : kernel(given_kernel), surroundings(given_surroundings), size(attr_size), token_given(false),
          answer(to_fill)
    {
        copy(&caller, &surroundings.caller, sizeof(caller));
        clear(&attr);
    }

    uint32_t type() const { return attr.map_type; }
    bool flag(uint32_t bits) const { return attr.map_flags & bits; }

    // The requested NUMA node; no_node when the choice is left to the kernel.
    uint32_t node() const { return flag(BAREBPF_F_NUMA_NODE) ? attr.numa_node : no_node; }
    static constexpr uint32_t no_node = UINT32_MAX;

    // True if the caller has the capability, or one that stands in for it.
    bool may_bpf() const { return caller.sys_admin || (kernel >= release_of(5, 8) && caller.bpf); }
    bool may_perfmon() const { return caller.sys_admin || (kernel >= release_of(5, 8) && caller.perfmon); }
    bool may_net_admin() const
    {
        return caller.net_admin || (kernel >= release_of(6, 9) && caller.sys_admin);
    }

    // True if more than 2^31 entries get a single bucket, on a 32-bit kernel whose shift count wraps at 32.
    bool buckets_wrap() const { return surroundings.shift_count_wraps && attr.max_entries > 1u << 31; }

    const object *find(uint32_t fd) const
    {
        for (size_t i = 0; i < surroundings.object_count; i++)
            if (surroundings.objects[i].fd == static_cast<int32_t>(fd))
                return &surroundings.objects[i];
        return nullptr;
    }

    // Member by member: compilers would turn a copy of the whole into a call of memcpy.
    void conclude(rule why, uint64_t first, uint64_t second)
    {
        answer.error = error_of(why);
        answer.why = why;
        answer.map_type = attr.map_type;
        answer.kernel = kernel;
        answer.numbers[0] = first;
        answer.numbers[1] = second;
    }

    // Refuses the request if this kernel has the rule.
    bool refuse(rule why, uint64_t first = 0, uint64_t second = 0)
    {
        if (!in_force(why, kernel))
            return false;
        conclude(why, first, second);
        return true;
    }
};

bool misses_requirement(request &r, moment when);
bool too_expensive(request &r);
bool btf_does_not_fit(request &r);

} // namespace barebpf

#endif
