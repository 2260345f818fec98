// SPDX-License-Identifier: BSD-2-Clause
#include "inquiry.h"
#include "lib/core/errno.h"
#include "lib/core/opts.h"
#include "lib/core/spec.h"
#include "memory.h"
#include "structs.h"

using namespace barebpf;

extern "C" int barebpf_map_memory(const struct barebpf_map_spec *spec,
                                  const struct barebpf_surroundings *around, uint64_t *bytes)
{
    map_create_attr attr;
    bool name_cut = false;
    surroundings seen;
    barebpf_surroundings known;
    if (const int refused = read_spec(&attr, &name_cut, spec))
        return with_errno(refused);
    if (!bytes || (around && !read_struct(&known, around)))
        return with_errno(-EINVAL);
    if (around && known.offline)
        look_at_nothing(&seen, attr);
    else
        look_at_machine(&seen, attr);
    if (around)
        take_known(&seen, known);
    *bytes = memlock_of(attr, seen.around, seen.kernel);
    return 0;
}
