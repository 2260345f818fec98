// SPDX-License-Identifier: BSD-2-Clause
#include <linux/errno.h>

#include "lib/core/errno.h"
#include "probe.h"
#include "smallest_map.h"
#include "lib/facts/types.h"

namespace barebpf
{
namespace
{

// Types that a kernel may have and yet refuse to make, because of the machine or its boot parameters.
constexpr type_set depends_on_machine = types_of(map_type::arena, map_type::inode_storage);

bool memlock_is_limited(const listener &to)
{
    sys::rlimit limit;
    return get_memlock(to, &limit) != 0 || limit.soft != UINT64_MAX;
}

// From 5.4 to 5.9 a device map beyond RLIMIT_MEMLOCK is refused with EINVAL, as if the type were unknown.
bool may_be_for_memory(const listener &to, uint32_t map_type)
{
    return has(map_type::devmaps, map_type) && memlock_is_limited(to) && knows_tokens(to) != 1;
}

// A type that is known may still not be made: the kernel checks the machine only when it makes the map.
int is_really_made(const listener &to, const map_create_attr &attr)
{
    const int result = ask(to, attr);
    if (result == -EOPNOTSUPP)
        return 0;
    return result == 0 || result == -EBADF ? 1 : result;
}

int probe_variant(const listener &to, uint32_t map_type, unsigned int variant)
{
    map_create_attr attr;
    smallest_map(&attr, map_type, variant);
    const int known = gets_past_checks(to, attr);
    if (known == -EOPNOTSUPP && has(depends_on_machine, map_type))
        return 0;
    return known == 1 && has(depends_on_machine, map_type) ? is_really_made(to, attr) : known;
}

} // namespace

int probe_map_type(const listener &to, uint32_t map_type)
{
    if (map_type >= map_type_count || facts_of(map_type).since == never)
        return -EOPNOTSUPP;
    if (const int reached = reaches_kernel(to); reached != 1)
        return reached;
    int answer = 0;
    for (unsigned int variant = 0; answer == 0 && variant < smallest_map_variants(map_type); variant++)
        answer = probe_variant(to, map_type, variant);
    return answer == 0 && may_be_for_memory(to, map_type) ? -EINVAL : answer;
}

} // namespace barebpf

using namespace barebpf;

extern "C" int barebpf_probe_map_type(uint32_t map_type, const struct barebpf_probe_opts *opts)
{
    listener to;
    if (!read_probe_opts(&to, opts))
        return with_errno(-EINVAL);
    return with_errno(probe_map_type(to, map_type));
}
