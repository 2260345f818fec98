// SPDX-License-Identifier: BSD-2-Clause
#include "inquiry.h"

namespace barebpf
{
namespace
{

bool is_about_tail(const verdict &ruling)
{
    switch (ruling.why) {
    case rule::size_beyond_page:
        return true;
    case rule::tail_beyond_union:
    case rule::unknown_field:
        return ruling.numbers[0] >= map_create_attr_size;
    default:
        return false;
    }
}

} // namespace

// Explains bytes that a caller of bpf(2) has set beyond the members known here.
bool explain_by_tail(inquiry *of)
{
    if (of->size <= map_create_attr_size)
        return false;
    const verdict ruling = decide(of->seen.kernel, of->seen.machine, of->passed, of->size);
    if (!is_about_tail(ruling) || ruling.error != of->error)
        return false;
    remedy how;
    clear(&how);
    how.member = field::none;
    how.accepts = BAREBPF_ACCEPTS_ABSENT;
    how.given = ruling.numbers[0];
    const bool proved = of->most_calls && try_request(of, of->given) == 0;
    return conclude_rule(of, ruling, how, proved ? BAREBPF_SURE_PROVED : BAREBPF_SURE_PREDICTED);
}

} // namespace barebpf
