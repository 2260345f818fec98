// SPDX-License-Identifier: BSD-2-Clause
#include "inquiry.h"
#include "lib/core/errno.h"
#include "lib/core/opts.h"
#include "lib/core/spec.h"
#include "memory.h"
#include "structs.h"

using namespace barebpf;

extern "C" int barebpf_map_memory(const struct barebpf_map_spec *spec,
                                  const struct barebpf_surroundings *machine, uint64_t *bytes)
{
    map_create_attr attr;
    bool name_cut = false;
    surroundings seen;
    barebpf_surroundings known;
    if (const int refused = read_spec(&attr, &name_cut, spec))
        return with_errno(refused);
    if (!bytes || (machine && !read_struct(&known, machine)))
        return with_errno(-EINVAL);
    if (machine && known.offline)
        assume_common_machine(&seen, attr);
    else
        read_for_memory(&seen, attr);
    if (machine)
        take_known(&seen, known);
    *bytes = memlock_of(attr, seen.machine, seen.kernel);
    return 0;
}
