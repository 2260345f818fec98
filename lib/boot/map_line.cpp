// SPDX-License-Identifier: BSD-2-Clause
#include "apply_structs.h"
#include "lib/core/errno.h"

namespace barebpf
{
namespace
{

void set(barebpf_ensure_opts *opts, uint32_t bit, uint32_t value, uint32_t *member)
{
    if (value == BAREBPF_LINE_UNSET)
        return;
    opts->set |= bit;
    *member = value;
}

bool is_map_line(const barebpf_map_line *line)
{
    return line && is_served(*line) && line->kind == BAREBPF_LINE_MAP;
}

} // namespace
} // namespace barebpf

using namespace barebpf;

extern "C" int barebpf_map_line_opts(const struct barebpf_map_line *line, struct barebpf_ensure_opts *opts)
{
    if (!is_map_line(line) || !opts || !is_served(*opts))
        return with_errno(-EINVAL);
    opts->policy = line->policy;
    opts->exists = line->exists;
    opts->freeze = line->freeze;
    opts->set = 0;
    set(opts, BAREBPF_ENSURE_MODE, line->mode, &opts->mode);
    set(opts, BAREBPF_ENSURE_UID, line->owner, &opts->uid);
    set(opts, BAREBPF_ENSURE_GID, line->group, &opts->gid);
    return 0;
}

extern "C" int barebpf_map_line_is_left_out(const struct barebpf_map_line *line, uint32_t release,
                                            const struct barebpf_ensure_report *report)
{
    if (!is_map_line(line) || (report && !is_served(*report)))
        return 0;
    if (line->since > release)
        return 1;
    // What the kernel does not have, and not what goes wrong with what it has.
    return line->optional && report && report->step == BAREBPF_STEP_CREATE && !report->difference_count;
}
