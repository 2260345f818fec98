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

// What the caller wants.
struct wish {
    map_create_attr attr;
    uint32_t give_up; // and the rest of barebpf_policy
    uint32_t memlock;
    uint32_t backoff_ms;
    uint64_t memlock_most;
    uint32_t given_up_before; // BAREBPF_GIVE_UP_*, before the first request
};

// The way to a map after its first request was refused.
struct search {
    wish wanted;
    map_create_attr asked; // as last asked for
    uint32_t calls;        // of bpf(2)
    memlock_limit limit;
    machine_sizes sizes;
    concessions considered;           // what may be given up, or tells something when it is
    int answers[all_concessions + 1]; // by what was given up; 0: not asked
    concessions given_up;             // as last asked for
    uint32_t waited_ms;
    bool guessed_cpus;
};

bool allows(const search &way, uint32_t what)
{
    return way.wanted.give_up & what;
}

// Before 5.11 EPERM may pass, as long as there is a limit: what was freed is uncharged late.
bool wait(search *way)
{
    const uint32_t left = way->wanted.backoff_ms - way->waited_ms;
    sys::rlimit limit;
    clear(&limit);
    if (left == 0 || sys::get_rlimit(RLIMIT_MEMLOCK, &limit) < 0 || limit.soft == UINT64_MAX)
        return false;
    uint32_t pause = way->waited_ms ? way->waited_ms : 1;
    pause = pause < left ? pause : left;
    sys::sleep(pause);
    way->waited_ms += pause;
    return true;
}

int ask_again(search *way)
{
    way->calls++;
    return ask(&way->asked);
}

// Raises the limit, or waits, and asks once more as long as EPERM may pass.
int insist(search *way, int answer)
{
    const bool may_raise = way->wanted.memlock != BAREBPF_MEMLOCK_NEVER;
    while (answer == -EPERM && ((may_raise && raise(&way->limit)) || wait(way)))
        answer = ask_again(way);
    return way->answers[way->given_up] = answer;
}

// Asks for the map with some of it given up.
int ask_without(search *way, concessions what)
{
    copy(&way->asked, &way->wanted.attr, sizeof(way->asked));
    concede(&way->asked, what, way->sizes);
    way->given_up = what;
    return insist(way, ask_again(way));
}

// Whether a refusal may be for what the request says.
bool is_about_request(int answer)
{
    return answer == -EINVAL || answer == -E2BIG || answer == -ENOTSUPP;
}

// Another size is asked of the machine only where it may be of use.
void measure(search *way)
{
    const uint32_t type = way->wanted.attr.map_type;
    if (allows(*way, BAREBPF_GIVE_UP_SIZE) && is_in_pages(type))
        way->sizes.page_size = page_size();
    if (allows(*way, BAREBPF_GIVE_UP_SIZE) && is_per_cpu(type))
        way->sizes.possible_cpus = possible_cpus(&way->guessed_cpus);
}

// A name of other characters that may go is first asked for without those, be that allowed or not: only where
// that is refused as well has the kernel no names.
concessions worth_considering(const search &way)
{
    concessions allowed = way.wanted.give_up;
    if (learned.names.recall() == known::yes)
        allowed &= ~concessions{BAREBPF_GIVE_UP_NAME};
    if (allowed & BAREBPF_GIVE_UP_NAME)
        allowed |= BAREBPF_GIVE_UP_NAME_CHARS;
    return allowed & possible(way.wanted.attr, way.sizes);
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

// What was learned from an answer to a request that had a name.
void learn_names(const search &way)
{
    learned.names.learn(way.asked.map_name[0] ? known::yes : known::no);
}

// Ends the search after an answer, other than that the name is refused, to a name that the caller did not
// want: what counts is the refusal of the one he did.
int judge_probe(search *way, concessions set, int answer)
{
    if (answer >= 0) {
        learn_names(*way);
        sys::close(answer);
    }
    way->considered = 0;
    return way->answers[set & ~concessions{BAREBPF_GIVE_UP_NAME_CHARS}];
}

// Tries every set of `size` concessions, those that cost less first: the answer that ends the search, or the
// last one.
int try_sets(search *way, unsigned int size, concessions *needed, int last)
{
    constexpr concessions either = BAREBPF_GIVE_UP_NAME | BAREBPF_GIVE_UP_NAME_CHARS;
    for (concessions set = 1; set <= all_concessions; set++) {
        if (count(set) != size || !contains(way->considered, set) || !contains(set, *needed) ||
            contains(set, either))
            continue;
        const int answer = ask_without(way, set);
        const bool probe = (set & BAREBPF_GIVE_UP_NAME_CHARS) && !allows(*way, BAREBPF_GIVE_UP_NAME_CHARS);
        if (probe && !is_about_request(answer))
            return judge_probe(way, set, answer);
        if (!probe)
            last = answer;
        if (!is_about_request(last))
            return last;
        if (answer == -ENOTSUPP)
            *needed = BAREBPF_GIVE_UP_BTF;
    }
    return last;
}

// Gives up the least that makes the kernel take the request, after the answer to the whole of it: a
// descriptor or -errno.
int find(search *way, int answer)
{
    answer = insist(way, answer);
    if (!is_about_request(answer))
        return answer;
    measure(way);
    way->considered = worth_considering(*way);
    concessions needed = answer == -ENOTSUPP ? concessions{BAREBPF_GIVE_UP_BTF} : 0;
    for (unsigned int size = 1; size <= count(way->considered) && is_about_request(answer); size++)
        answer = try_sets(way, size, &needed, answer);
    return answer;
}

// The caller's policy, or that of bpf_map_create(): 0 or -EINVAL.
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

// What need not be asked: a name too long for every kernel, or one that is known to be of no use to this.
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

// Checks everything the caller gives, and reads it: 0 or -errno.
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

// Has the first request come with a log.
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

// The first request; what comes of it goes into the report, if there is one.
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

// What was asked for last, and nothing given up for it.
void write_report(barebpf_report *report, const map_create_attr &asked, uint32_t calls)
{
    report->given_up = 0;
    volatile int32_t *why = report->why;
    for (unsigned int i = 0; i < sizeof(report->why) / sizeof(report->why[0]); i++)
        why[i] = 0;
    report->calls = calls;
    report->map_flags = asked.map_flags;
    report->max_entries = asked.max_entries;
    BAREBPF_UNROLL(4)
    for (unsigned int i = 0; i < sizeof(report->name); i += 4)
        move_word<4>(hidden(report->name + i), asked.map_name + i);
}

void write_given_up_before(barebpf_report *report, const wish &wanted)
{
    report->given_up |= wanted.given_up_before;
    if (wanted.given_up_before & BAREBPF_GIVE_UP_NAME_END)
        report->why[5] = ENAMETOOLONG;
}

// Why each part was given up: the answer to the same request with only that kept. Such a request is not made
// if it keeps BTF types after ENOTSUPP, which only they cause.
void fill_reasons(barebpf_report *report, const search &way)
{
    report->given_up |= way.given_up;
    for (unsigned int bit = 0; way.given_up >> bit; bit++)
        if (way.given_up >> bit & 1) {
            const int kept = way.answers[way.given_up & ~(1u << bit)];
            report->why[bit] = kept ? -kept : ENOTSUPP;
        }
}

void write_report(barebpf_report *report, const search &way, bool made)
{
    write_report(report, way.asked, way.calls);
    report->waited_ms = way.waited_ms;
    report->raised = way.limit.changed;
    report->guessed_cpus = way.guessed_cpus;
    if (!made)
        return;
    write_given_up_before(report, way.wanted);
    fill_reasons(report, way);
}

// What comes after any first answer but a descriptor above 2: a descriptor of at least 3, or -errno.
[[gnu::noinline]] int search_on(const wish &wanted, attempt first, barebpf_report *report)
{
    search way;
    clear(&way);
    copy(&way.wanted, &wanted, sizeof(wanted));
    copy(&way.asked, &wanted.attr, sizeof(way.asked));
    way.calls = first.calls;
    way.limit.most = wanted.memlock_most ? wanted.memlock_most : wanted_memlock();
    int answer = find(&way, first.answer);
    if (answer >= 0 && wanted.attr.map_name[0])
        learn_names(way);
    answer = above_stdio(answer);
    if (answer < 0 || wanted.memlock == BAREBPF_MEMLOCK_SCOPED)
        put_back(way.limit);
    if (report)
        write_report(report, way, answer >= 0);
    return with_errno(answer);
}

// barebpf_map_create(), whatever is asked for and known.
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

// What nearly every create is: a spec alone, once the kernel is known to have names. False for any other.
[[gnu::always_inline]] inline bool read_usual(map_create_attr *attr, const barebpf_map_spec *spec,
                                              const barebpf_policy *policy, const barebpf_report *report)
{
    bool name_cut = false;
    return !policy && !report && learned.names.recall() == known::yes &&
           read_spec(attr, &name_cut, spec) == 0 && !name_cut;
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
