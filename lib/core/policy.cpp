// SPDX-License-Identifier: BSD-2-Clause
#include <asm/resource.h>

#include "above_stdio.h"
#include "ask.h"
#include "concession.h"
#include "errno.h"
#include "known.h"
#include "machine.h"
#include "map_name.h"
#include "memlock.h"
#include "memlock_rlim.h"
#include "own_structs.h"
#include "spec.h"
#include "sys.h"

namespace barebpf
{
namespace
{

// The caller's request and policy.
struct wish {
    map_create_attr attr;
    uint32_t give_up; // this and the next three as in barebpf_policy
    uint32_t memlock;
    uint32_t backoff_ms;
    uint64_t memlock_most;
    uint32_t given_up_before; // BAREBPF_GIVE_UP_* bits, before the first attempt
};

// State of one barebpf_map_create() call after its first attempt failed.
struct search {
    wish wanted;
    map_create_attr request; // as last attempted
    uint32_t calls;          // of bpf(2)
    memlock_limit limit;
    machine_sizes sizes;
    concessions considered;           // those the search may give up, or try as a probe
    int answers[all_concessions + 1]; // indexed by what was given up; 0: not attempted
    concessions given_up;             // as last attempted
    uint32_t waited_ms;
    bool guessed_cpus;
};

bool allows(const search &state, uint32_t what)
{
    return state.wanted.give_up & what;
}

// Before 5.11, while there is a limit, an EPERM may pass: the kernel uncharges freed maps late.
bool wait(search *state)
{
    const uint32_t left = state->wanted.backoff_ms - state->waited_ms;
    sys::rlimit limit;
    clear(&limit);
    if (left == 0 || sys::get_rlimit(RLIMIT_MEMLOCK, &limit) < 0 || limit.soft == UINT64_MAX)
        return false;
    uint32_t pause = state->waited_ms ? state->waited_ms : 1;
    pause = pause < left ? pause : left;
    sys::sleep(pause);
    state->waited_ms += pause;
    return true;
}

int retry_request(search *state)
{
    state->calls++;
    return ask(&state->request);
}

// While the result is EPERM, raises the limit or waits, and retries.
int insist(search *state, int answer)
{
    const bool may_raise = state->wanted.memlock != BAREBPF_MEMLOCK_NEVER;
    while (answer == -EPERM && ((may_raise && raise(&state->limit)) || wait(state)))
        answer = retry_request(state);
    return state->answers[state->given_up] = answer;
}

// Makes the request with some of it given up.
int ask_without(search *state, concessions what)
{
    copy(&state->request, &state->wanted.attr, sizeof(state->request));
    concede(&state->request, what, state->sizes);
    state->given_up = what;
    return insist(state, retry_request(state));
}

// True if the contents of the request may be what was refused.
bool is_about_request(int answer)
{
    return answer == -EINVAL || answer == -E2BIG || answer == -ENOTSUPP;
}

// Queries page size or CPUs only if the policy allows another size and the type's depends on them.
void measure(search *state)
{
    const uint32_t type = state->wanted.attr.map_type;
    if (allows(*state, BAREBPF_GIVE_UP_SIZE) && is_in_pages(type))
        state->sizes.page_size = page_size();
    if (allows(*state, BAREBPF_GIVE_UP_SIZE) && is_per_cpu(type))
        state->sizes.possible_cpus = possible_cpus(&state->guessed_cpus);
}

// Before a name is given up it is tried with '_' for its other characters, whether or not the policy allows
// that: only if this plain name is refused too does the kernel lack names.
concessions worth_considering(const search &state)
{
    concessions allowed = state.wanted.give_up;
    if (learned.names.recall() == known::yes)
        allowed &= ~concessions{BAREBPF_GIVE_UP_NAME};
    if (allowed & BAREBPF_GIVE_UP_NAME)
        allowed |= BAREBPF_GIVE_UP_NAME_CHARS;
    return allowed & possible(state.wanted.attr, state.sizes);
}

bool contains(concessions set, concessions what)
{
    return (set & what) == what;
}

unsigned int count(concessions set)
{
    unsigned int bits = 0;
    for (; set; set &= set - 1)
        bits++;
    return bits;
}

// Learns from a map made for a caller who gave a name whether the kernel has names.
void learn_names(const search &state)
{
    learned.names.learn(state.request.map_name[0] ? known::yes : known::no);
}

// The plain name was only a probe: anything but its refusal ends the search with the error of the name the
// caller gave.
int judge_probe(search *state, concessions set, int answer)
{
    if (answer >= 0) {
        learn_names(*state);
        sys::close(answer);
    }
    state->considered = 0;
    return state->answers[set & ~concessions{BAREBPF_GIVE_UP_NAME_CHARS}];
}

// Tries every set of `size` concessions, the cheaper ones first. Returns the result that ends the search, or
// the last one.
int try_sets(search *state, unsigned int size, concessions *needed, int last)
{
    constexpr concessions either = BAREBPF_GIVE_UP_NAME | BAREBPF_GIVE_UP_NAME_CHARS;
    for (concessions set = 1; set <= all_concessions; set++) {
        if (count(set) != size || !contains(state->considered, set) || !contains(set, *needed) ||
            contains(set, either))
            continue;
        const int answer = ask_without(state, set);
        const bool probe = (set & BAREBPF_GIVE_UP_NAME_CHARS) && !allows(*state, BAREBPF_GIVE_UP_NAME_CHARS);
        if (probe && !is_about_request(answer))
            return judge_probe(state, set, answer);
        if (!probe)
            last = answer;
        if (!is_about_request(last))
            return last;
        if (answer == -ENOTSUPP)
            *needed = BAREBPF_GIVE_UP_BTF;
    }
    return last;
}

// Continues after `answer`, the result of the whole request: gives up the least that makes the kernel accept
// it. Returns a descriptor or -errno.
int find(search *state, int answer)
{
    answer = insist(state, answer);
    if (!is_about_request(answer))
        return answer;
    measure(state);
    state->considered = worth_considering(*state);
    concessions needed = answer == -ENOTSUPP ? concessions{BAREBPF_GIVE_UP_BTF} : 0;
    for (unsigned int size = 1; size <= count(state->considered) && is_about_request(answer); size++)
        answer = try_sets(state, size, &needed, answer);
    return answer;
}

// Reads the caller's policy, or sets that of bpf_map_create(). Returns 0 or -EINVAL.
int read_policy(wish *to, const barebpf_policy *given)
{
    constexpr uint32_t known = all_concessions | BAREBPF_GIVE_UP_NAME_END;
    to->give_up = BAREBPF_GIVE_UP_NAME;
    to->memlock = BAREBPF_MEMLOCK_WHEN_NEEDED;
    to->backoff_ms = 0;
    to->memlock_most = 0;
    if (!given)
        return 0;
    if (!is_served(*given))
        return -EINVAL;
    to->give_up = given->give_up;
    to->memlock = given->memlock;
    to->backoff_ms = given->backoff_ms;
    to->memlock_most = given->memlock_most;
    return (to->give_up & ~known) || to->memlock > BAREBPF_MEMLOCK_SCOPED ? -EINVAL : 0;
}

// Gives up what is known to be refused: the end of a name too long for every kernel, and the name if this
// kernel has none. Returns 0 or -ENAMETOOLONG.
int give_up_before(wish *wanted, bool name_cut)
{
    wanted->given_up_before = 0;
    if (name_cut && !(wanted->give_up & BAREBPF_GIVE_UP_NAME_END))
        return -ENAMETOOLONG;
    if (name_cut)
        wanted->given_up_before |= BAREBPF_GIVE_UP_NAME_END;
    if (learned.names.recall() == known::no && wanted->attr.map_name[0] &&
        (wanted->give_up & BAREBPF_GIVE_UP_NAME)) {
        clear_name(&wanted->attr);
        wanted->given_up_before |= BAREBPF_GIVE_UP_NAME;
    }
    return 0;
}

// Checks and reads everything the caller passes. Returns 0 or -errno.
int read(wish *to, const barebpf_map_spec *spec, const barebpf_policy *policy, const barebpf_report *report)
{
    bool name_cut = false;
    if (report && !is_served(*report))
        return -EINVAL;
    if (const int refused = read_spec(&to->attr, &name_cut, spec))
        return refused;
    if (const int refused = read_policy(to, policy))
        return refused;
    return give_up_before(to, name_cut);
}

// Makes the first attempt with the report's log.
attempt ask_with_log_of(barebpf_report *report, const map_create_attr *attr)
{
    bpf_log_opts log;
    clear(&log);
    log.sz = sizeof(log);
    log.buf = report->log;
    log.size = report->log_size;
    log.level = 1;
    const attempt first = ask_with_log(attr, &log);
    report->log_true_size = log.true_size;
    return first;
}

// Makes the first attempt and writes its result to the report, if there is one.
attempt ask_first(const map_create_attr *attr, barebpf_report *report)
{
    if (!report)
        return {ask(attr), 1};
    report->log_true_size = 0;
    const attempt first = report->log ? ask_with_log_of(report, attr) : attempt{ask(attr), 1};
    report->first_error = first.answer < 0 ? -first.answer : 0;
    report->waited_ms = report->raised = report->guessed_cpus = 0;
    return first;
}

// Writes the request as last attempted, with nothing given up.
void write_report(barebpf_report *report, const map_create_attr &request, uint32_t calls)
{
    report->given_up = 0;
    volatile int32_t *why = report->why;
    for (unsigned int i = 0; i < sizeof(report->why) / sizeof(report->why[0]); i++)
        why[i] = 0;
    report->calls = calls;
    report->map_flags = request.map_flags;
    report->max_entries = request.max_entries;
    BAREBPF_UNROLL(4)
    for (unsigned int i = 0; i < sizeof(report->name); i += 4)
        move_word<4>(hidden(report->name + i), request.map_name + i);
}

void write_given_up_before(barebpf_report *report, const wish &wanted)
{
    report->given_up |= wanted.given_up_before;
    if (wanted.given_up_before & BAREBPF_GIVE_UP_NAME_END)
        report->why[5] = ENAMETOOLONG;
}

// The reason for each concession is the error of the same request with only that part kept. A request that
// keeps BTF types is not attempted after ENOTSUPP, which only they cause.
void fill_reasons(barebpf_report *report, const search &state)
{
    report->given_up |= state.given_up;
    for (unsigned int bit = 0; state.given_up >> bit; bit++)
        if (state.given_up >> bit & 1) {
            const int kept = state.answers[state.given_up & ~(1u << bit)];
            report->why[bit] = kept ? -kept : ENOTSUPP;
        }
}

void write_report(barebpf_report *report, const search &state, bool made)
{
    write_report(report, state.request, state.calls);
    report->waited_ms = state.waited_ms;
    report->raised = state.limit.changed;
    report->guessed_cpus = state.guessed_cpus;
    if (!made)
        return;
    write_given_up_before(report, state.wanted);
    fill_reasons(report, state);
}

// Continues after any first result but a descriptor above 2. Returns a descriptor of at least 3, or -errno.
[[gnu::noinline]] int search_on(const wish &wanted, attempt first, barebpf_report *report)
{
    search state;
    clear(&state);
    copy(&state.wanted, &wanted, sizeof(wanted));
    copy(&state.request, &wanted.attr, sizeof(state.request));
    state.calls = first.calls;
    state.limit.most = wanted.memlock_most ? wanted.memlock_most : wanted_memlock();
    int answer = find(&state, first.answer);
    if (answer >= 0 && wanted.attr.map_name[0])
        learn_names(state);
    answer = above_stdio(answer);
    if (answer < 0 || wanted.memlock == BAREBPF_MEMLOCK_SCOPED)
        put_back(state.limit);
    if (report)
        write_report(report, state, answer >= 0);
    return with_errno(answer);
}

// barebpf_map_create() for any request, whatever is known of the kernel.
#if BAREBPF_FOR_SPEED
[[gnu::noinline]]
#endif
int create_under_policy(const barebpf_map_spec *spec, const barebpf_policy *policy, barebpf_report *report)
{
    wish wanted;
    if (const int refused = read(&wanted, spec, policy, report))
        return with_errno(refused);
    const attempt first = ask_first(&wanted.attr, report);
    if (first.answer <= 2)
        return search_on(wanted, first, report);
    if (wanted.attr.map_name[0] && learned.names.recall() != known::yes)
        learned.names.learn(known::yes);
    if (report) {
        write_report(report, wanted.attr, first.calls);
        write_given_up_before(report, wanted);
    }
    return first.answer;
}

#if BAREBPF_FOR_SPEED

// Reads the case of nearly every call: a spec alone, once the kernel is known to have names. False for any
// other.
[[gnu::always_inline]] inline bool read_usual(map_create_attr *attr, const barebpf_map_spec *spec,
                                              const barebpf_policy *policy, const barebpf_report *report)
{
    return !policy && !report && learned.names.recall() == known::yes && read_usual_spec(attr, spec);
}

[[gnu::noinline]] int search_on(const map_create_attr &attr, int answer)
{
    wish wanted;
    read_policy(&wanted, nullptr);
    wanted.given_up_before = 0;
    copy(&wanted.attr, &attr, sizeof(attr));
    return search_on(wanted, {answer, 1}, nullptr);
}

#endif

} // namespace
} // namespace barebpf

using namespace barebpf;

extern "C" int barebpf_map_create(const struct barebpf_map_spec *spec, const struct barebpf_policy *policy,
                                  struct barebpf_report *report)
{
#if BAREBPF_FOR_SPEED
    map_create_attr attr;
    if (read_usual(&attr, spec, policy, report)) {
        const int fd = ask(&attr);
        return fd > 2 ? fd : search_on(attr, fd);
    }
#endif
    return create_under_policy(spec, policy, report);
}
