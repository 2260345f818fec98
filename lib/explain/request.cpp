// SPDX-License-Identifier: BSD-2-Clause
#include "hypothesis.h"
#include "kernel_messages.h"
#include "lib/probe/probe.h"

namespace barebpf
{
namespace
{

constexpr uint32_t nobody = UINT32_MAX;

// The hypotheses about one refusal, and the one that holds.
struct trial {
    inquiry *of;
    hypotheses all;
    uint32_t winner;
};

bool is_claimed(const trial &at, uint32_t row)
{
    return row < at.all.count && at.all.rows[row].ruling.kernel == at.of->seen.kernel;
}

bool same_bytes(const map_create_attr &a, const map_create_attr &b)
{
    for (size_t i = 0; i < map_create_attr_size; i++)
        if (reinterpret_cast<const char *>(&a)[i] != reinterpret_cast<const char *>(&b)[i])
            return false;
    return true;
}

// The mended request, made small.
void small_request(map_create_attr *to, const trial &at, const hypothesis &one)
{
    copy(to, &one.whole, sizeof(*to));
    shrink(to, at.of->seen, one.ruling.kernel);
}

// The same, with only this rule broken again.
void broken_request(map_create_attr *to, const trial &at, const hypothesis &one)
{
    small_request(to, at, one);
    const map_create_attr &given = at.of->given;
    const uint32_t flags = given.map_flags ^ one.mended.map_flags;
    const uint32_t kept = to->map_flags & ~flags;
    for (size_t i = 0; i < map_create_attr_size; i++)
        if (reinterpret_cast<const char *>(&given)[i] != reinterpret_cast<const char *>(&one.mended)[i])
            reinterpret_cast<char *>(to)[i] = reinterpret_cast<const char *>(&given)[i];
    to->map_flags = kept | (given.map_flags & flags);
}

void try_hypothesis(trial *at, hypothesis *one)
{
    map_create_attr tried;
    small_request(&tried, *at, *one);
    one->result = try_request(at->of, tried);
    one->refuted = one->result == -at->of->error; // refused with another errno: one of two rules
}

// Counts the calls of a probe.
struct counter {
    inquiry *of;
};

void count_call(void *context, const barebpf_probe_call *call)
{
    if (call->size) // not close(2)
        static_cast<counter *>(context)->of->calls++;
}

constexpr uint32_t calls_of_a_probe = 8;

bool may_probe(const inquiry &of)
{
    return of.calls + calls_of_a_probe <= of.most_calls;
}

// Tests whether the kernel knows a member: 1, 0, or -errno when it cannot tell.
int knows_member(inquiry *of, field member)
{
    if (!may_probe(*of))
        return -1;
    counter counting = {of};
    barebpf_probe_opts opts;
    opts.sz = sizeof(opts);
    opts.on_call = count_call;
    opts.context = &counting;
    return barebpf_probe_map_field(static_cast<uint32_t>(member), &opts);
}

int knows_type(inquiry *of)
{
    if (!may_probe(*of))
        return -1;
    counter counting = {of};
    const listener to = {count_call, &counting};
    return probe_map_type(to, of->given.map_type);
}

bool is_about_unknown_member(rule why)
{
    return why == rule::unknown_field || why == rule::tail_beyond_union;
}

// True if a row may be more exact than the one that holds so far, or something else.
bool competes(const trial &at, const hypothesis &one)
{
    const map_create_attr &given = at.of->given;
    const map_create_attr &best = at.all.rows[at.winner].mended;
    return is_part_of(given, one.mended, best) || changes_the_same(given, one.mended, best);
}

// Replaces the inner map that the request names by one that may be inside others.
void replace_inner_map(trial *at)
{
    inquiry *of = at->of;
    for (uint32_t i = 0; i < at->all.count; i++) {
        hypothesis *one = &at->all.rows[i];
        if (one->mendable || one->how.accepts != BAREBPF_ACCEPTS_OBJECT)
            continue;
        if (!has_helper(of))
            return;
        one->mended.inner_map_fd = static_cast<uint32_t>(of->helper);
        one->how.value = 0;
        copy(&one->whole, &one->mended, sizeof(one->whole));
        one->mendable = mend_all(&one->whole, of->seen, one->ruling.kernel);
    }
}

void find_winner(trial *at)
{
    at->winner = nobody;
    for (uint32_t i = 0; i < at->all.count; i++) {
        hypothesis *one = &at->all.rows[i];
        if (!one->mendable || one->refuted || (at->winner != nobody && !competes(*at, *one)))
            continue;
        if (one->result == not_tried)
            try_hypothesis(at, one);
        if (one->result != 0)
            continue;
        if (at->winner == nobody || is_part_of(at->of->given, one->mended, at->all.rows[at->winner].mended))
            at->winner = i;
    }
}

// True if the kernel refuses a request that breaks this rule alone, with the rule's errno.
bool is_refused_alone(const trial &at, const hypothesis &one)
{
    map_create_attr tried;
    broken_request(&tried, at, one);
    if (same_bytes(tried, at.of->given))
        return true;
    return try_request(at.of, tried) == -one.ruling.error;
}

// Where the largest number that is accepted takes little memory, that number and the next show which of two
// limits it is.
bool is_at_edge(const trial &at, const hypothesis &one)
{
    constexpr uint64_t little = 16 << 20;
    map_create_attr tried;
    copy(&tried, &one.whole, sizeof(tried));
    if (one.how.accepts != BAREBPF_ACCEPTS_RANGE || one.how.value != one.how.high)
        return false;
    if (one.how.member != field::max_entries)
        tried.max_entries = tried.max_entries > 1 ? 1 : tried.max_entries;
    set_number(&tried, one.how.member, one.how.value + 1);
    if (memory_of(tried, at.of->seen.machine, one.ruling.kernel) > little)
        return false;
    if (try_request(at.of, tried) != -one.ruling.error)
        return false;
    set_number(&tried, one.how.member, one.how.value);
    return try_request(at.of, tried) == 0;
}

// Another rule that fits the kernel's results as well; `nobody` if there is none.
uint32_t find_rival(const trial &at, uint32_t from)
{
    const hypothesis &best = at.all.rows[at.winner];
    for (uint32_t i = from; i < at.all.count; i++) {
        const hypothesis &one = at.all.rows[i];
        if (i != at.winner && one.result == 0 && !say_the_same(one.ruling.why, best.ruling.why) &&
            changes_the_same(at.of->given, one.mended, best.mended))
            return i;
    }
    return nobody;
}

// Decides between the row that holds and another that fits as well; false if that is impossible.
bool decide_between(trial *at, uint32_t rival)
{
    const hypothesis &best = at->all.rows[at->winner];
    const hypothesis &other = at->all.rows[rival];
    if (best.how.value != other.how.value) {
        if (is_at_edge(*at, best))
            return true;
        if (!is_at_edge(*at, other))
            return false;
        at->winner = rival;
        return true;
    }
    const bool mine = is_about_unknown_member(best.ruling.why);
    if (mine == is_about_unknown_member(other.ruling.why) || best.how.member == field::none)
        return false;
    const int known = knows_member(at->of, mine ? best.how.member : other.how.member);
    if (known < 0)
        return false;
    if (mine == (known == 1))
        at->winner = rival;
    return true;
}

// A member is not unknown to the kernel if it accepts another request with it.
bool is_really_unknown(trial *at)
{
    hypothesis *best = &at->all.rows[at->winner];
    if (!is_about_unknown_member(best->ruling.why) || best->how.member == field::none)
        return true;
    const int known = knows_member(at->of, best->how.member);
    best->refuted = known == 1;
    return known == 0;
}

bool settle_winner(trial *at)
{
    while (!is_really_unknown(at)) {
        if (!at->all.rows[at->winner].refuted)
            return false;
        find_winner(at);
        if (at->winner == nobody)
            return false;
    }
    if (!is_refused_alone(*at, at->all.rows[at->winner]))
        return false;
    for (uint32_t rival = find_rival(*at, 0); rival != nobody; rival = find_rival(*at, rival + 1))
        if (!decide_between(at, rival))
            return false;
    const hypothesis &best = at->all.rows[at->winner];
    return conclude_rule(at->of, best.ruling, best.how, BAREBPF_SURE_PROVED);
}

bool conclude_row(const trial &at, uint32_t row, uint32_t confidence)
{
    return conclude_rule(at.of, at.all.rows[row].ruling, at.all.rows[row].how, confidence);
}

bool is_about_type(rule why)
{
    return why == rule::type_newer || why == rule::type_not_built || why == rule::type_unknown ||
           why == rule::type_unspec;
}

// No change of the request would prove anything about its type, but a request for another map of that type
// can.
bool explain_type(trial *at)
{
    const hypothesis &first = at->all.rows[0];
    if (at->all.count && first.plain && !first.refuted && !is_about_type(first.ruling.why))
        return false;
    for (uint32_t i = 0; i < at->all.count; i++) {
        hypothesis *one = &at->all.rows[i];
        const rule why = one->ruling.why;
        if (!is_about_type(why) || one->refuted)
            continue;
        if (why == rule::type_unspec)
            return conclude_row(*at, i, BAREBPF_SURE_PROVED);
        if (why == rule::type_unknown)
            return conclude_row(*at, i, BAREBPF_SURE_PREDICTED);
        const int known = knows_type(at->of);
        if (known == 0) // because the kernel is too old for it, or was built without it
            return conclude_row(*at, i, BAREBPF_SURE_PREDICTED);
        one->refuted = known == 1;
    }
    return false;
}

bool explain_by_message(const trial &at)
{
    if (!at.of->log)
        return false;
    for (uint32_t i = 0; i < at.all.count; i++)
        if (is_message_of(at.of->log, at.all.rows[i].ruling.why))
            return conclude_row(at, i, BAREBPF_SURE_SAID);
    return false;
}

void suspect_all(const trial &at)
{
    for (uint32_t i = 0; i < at.all.count; i++)
        if (!at.all.rows[i].refuted)
            suspect(at.of, cause_of(at.all.rows[i].ruling.why));
}

// The one row left by what is known of the kernel; `nobody` if there is none, or several.
uint32_t last_left(const trial &at)
{
    uint32_t left = nobody;
    for (uint32_t i = 0; i < at.all.count; i++) {
        const hypothesis &one = at.all.rows[i];
        if (one.refuted || !is_claimed(at, i))
            continue;
        if (one.plain)
            return i;
        if (left != nobody)
            return nobody;
        left = i;
    }
    return left;
}

// Without calls, only what is known of the kernel counts.
bool predict(const trial &at)
{
    suspect_all(at);
    return at.all.count && at.all.rows[0].plain && conclude_row(at, 0, BAREBPF_SURE_PREDICTED);
}

} // namespace

bool explain_by_request(inquiry *of)
{
    trial at;
    at.of = of;
    at.winner = nobody;
    gather(&at.all, of);
    if (explain_by_message(at))
        return true;
    if (!of->most_calls)
        return predict(at);
    replace_inner_map(&at);
    find_winner(&at);
    if (at.winner != nobody && settle_winner(&at))
        return true;
    if (at.winner == nobody && explain_type(&at))
        return true;
    suspect_all(at);
    const uint32_t left = last_left(at);
    return left != nobody && conclude_row(at, left, BAREBPF_SURE_PREDICTED);
}

} // namespace barebpf
