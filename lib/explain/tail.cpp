// SPDX-License-Identifier: BSD-2-Clause
#include "inquiry.h"

namespace barebpf
{
namespace
{

bool is_about_tail(const verdict &said)
{
    switch (said.why) {
    case rule::size_beyond_page:
        return true;
    case rule::tail_beyond_union:
    case rule::unknown_field:
        return said.numbers[0] >= map_create_attr_size;
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
    const verdict said = decide(of->seen.kernel, of->seen.around, of->passed, of->size);
    if (!is_about_tail(said) || said.error != of->error)
        return false;
    remedy how;
    clear(&how);
    how.member = field::none;
    how.accepts = BAREBPF_ACCEPTS_ABSENT;
    how.given = said.numbers[0];
    const bool proved = of->most_calls && ask(of, of->given) == 0;
    return conclude_rule(of, said, how, proved ? BAREBPF_SURE_PROVED : BAREBPF_SURE_PREDICTED);
}

} // namespace barebpf
