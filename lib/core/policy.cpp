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
#include "opts.h"
#include "spec.h"
#include "sys.h"

namespace barebpf
{
namespace
{

// The way to a map under a policy.
struct search {
    map_create_attr given; // as the caller wants it
    map_create_attr asked; // as last asked for
    bpf_log_opts *log;     // for the first question, nullptr without one
    uint32_t calls;        // of bpf(2)
    barebpf_policy policy;
    memlock_limit limit;
    machine_sizes sizes;
    concessions considered;           // what may be given up, or tells something when it is
    int answers[all_concessions + 1]; // by what was given up; 0: not asked
    concessions given_up;             // as last asked for
    uint32_t given_up_before;         // BAREBPF_GIVE_UP_*, without asking
    int first_answer;
    uint32_t waited_ms;
    bool guessed_cpus;
};

bool allows(const search &way, uint32_t what)
{
    return way.policy.give_up & what;
}

// Before 5.11 EPERM may pass, as long as there is a limit: what was freed is uncharged late.
bool wait(search *way)
{
    const uint32_t left = way->policy.backoff_ms - way->waited_ms;
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

// The first question comes with the log, if one is wanted.
int ask_first(search *way)
{
    const attempt first = way->log ? ask_with_log(&way->asked, way->log) : attempt{ask(&way->asked), 1};
    way->calls += first.calls;
    return first.answer;
}

int ask_again(search *way)
{
    way->calls++;
    return ask(&way->asked);
}

// Asks for the map with some of it given up, as long as EPERM may pass.
int ask_without(search *way, concessions what)
{
    copy(&way->asked, &way->given, sizeof(way->asked));
    concede(&way->asked, what, way->sizes);
    const bool may_raise = way->policy.memlock != BAREBPF_MEMLOCK_NEVER;
    int answer = what ? ask_again(way) : ask_first(way);
    if (!what)
        way->first_answer = answer;
    while (answer == -EPERM && ((may_raise && raise(&way->limit)) || wait(way)))
        answer = ask_again(way);
    way->given_up = what;
    return way->answers[what] = answer;
}

// Whether a refusal may be for what the request says.
bool is_about_request(int answer)
{
    return answer == -EINVAL || answer == -E2BIG || answer == -ENOTSUPP;
}

// Another size is asked of the machine only where it may be of use.
void measure(search *way)
{
    const uint32_t type = way->given.map_type;
    if (allows(*way, BAREBPF_GIVE_UP_SIZE) && is_in_pages(type))
        way->sizes.page_size = page_size();
    if (allows(*way, BAREBPF_GIVE_UP_SIZE) && is_per_cpu(type))
        way->sizes.possible_cpus = possible_cpus(&way->guessed_cpus);
}

// A name of other characters that may go is first asked for without those, be that allowed or not: only where
// that is refused as well has the kernel no names.
concessions worth_considering(const search &way)
{
    concessions allowed = way.policy.give_up;
    if (learned.names.recall() == known::yes)
        allowed &= ~concessions{BAREBPF_GIVE_UP_NAME};
    if (allowed & BAREBPF_GIVE_UP_NAME)
        allowed |= BAREBPF_GIVE_UP_NAME_CHARS;
    return allowed & possible(way.given, way.sizes);
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

// Gives up the least that makes the kernel take the request: a descriptor or -errno.
int find(search *way)
{
    int answer = ask_without(way, 0);
    if (!is_about_request(answer))
        return answer;
    measure(way);
    way->considered = worth_considering(*way);
    concessions needed = answer == -ENOTSUPP ? concessions{BAREBPF_GIVE_UP_BTF} : 0;
    for (unsigned int size = 1; size <= count(way->considered) && is_about_request(answer); size++)
        answer = try_sets(way, size, &needed, answer);
    return answer;
}

bool is_valid(const barebpf_policy &policy)
{
    constexpr uint32_t known = all_concessions | BAREBPF_GIVE_UP_NAME_END;
    return !(policy.give_up & ~known) && policy.memlock <= BAREBPF_MEMLOCK_SCOPED;
}

// That of the caller, or of bpf_map_create(); false when it is broken.
bool read_policy(barebpf_policy *policy, const barebpf_policy *given)
{
    policy->give_up = BAREBPF_GIVE_UP_NAME;
    policy->memlock = BAREBPF_MEMLOCK_WHEN_NEEDED;
    return !given ||
           (read_whole(policy, given, BAREBPF_END_OF(barebpf_policy, backoff_ms)) && is_valid(*policy));
}

// What need not be asked any more: a name too long for every kernel, or one that is known to be of no use to
// this.
int give_up_before(search *way, bool name_cut)
{
    if (name_cut && !allows(*way, BAREBPF_GIVE_UP_NAME_END))
        return -ENAMETOOLONG;
    if (name_cut)
        way->given_up_before |= BAREBPF_GIVE_UP_NAME_END;
    map_create_attr *attr = &way->given;
    if (attr->map_name[0] && learned.names.recall() == known::no && allows(*way, BAREBPF_GIVE_UP_NAME)) {
        clear_name(attr);
        way->given_up_before |= BAREBPF_GIVE_UP_NAME;
    }
    return 0;
}

// What the caller wants: 0 or -errno.
int read(search *way, const barebpf_map_spec *spec, const barebpf_policy *policy)
{
    bool name_cut = false;
    if (const int refused = read_spec(&way->given, &name_cut, spec))
        return refused;
    if (!read_policy(&way->policy, policy))
        return -EINVAL;
    way->limit.most = wanted_memlock();
    if (way->policy.memlock_most)
        way->limit.most = way->policy.memlock_most;
    return give_up_before(way, name_cut);
}

int create_under_policy(search *way)
{
    const bool named = way->given.map_name[0];
    int answer = find(way);
    if (answer >= 0 && named)
        learn_names(*way);
    answer = above_stdio(answer);
    if (answer < 0 || way->policy.memlock == BAREBPF_MEMLOCK_SCOPED)
        put_back(way->limit);
    return answer;
}

// A report with only what goes in; false when its sz is broken.
bool read_report(barebpf_report *report, const barebpf_report *given)
{
    barebpf_report whole;
    clear(report);
    if (!given)
        return true;
    if (!read_whole(&whole, given, BAREBPF_END_OF(barebpf_report, name)))
        return false;
    report->sz = whole.sz;
    report->log = whole.log;
    report->log_size = whole.log_size;
    return true;
}

// Has the first question come with a log.
void want_log(search *way, bpf_log_opts *log, const barebpf_report &report)
{
    log->sz = sizeof(*log);
    log->buf = report.log;
    log->size = report.log_size;
    log->level = 1;
    way->log = log;
}

// Why each part was given up: the answer to the same request with only that kept. Such a request is not made
// if it keeps BTF types after ENOTSUPP, which only they cause.
void fill_reasons(barebpf_report *report, const search &way)
{
    for (unsigned int bit = 0; way.given_up >> bit; bit++)
        if (way.given_up >> bit & 1) {
            const int kept = way.answers[way.given_up & ~(1u << bit)];
            report->why[bit] = kept ? -kept : ENOTSUPP;
        }
}

void fill(barebpf_report *report, const search &way, bool made)
{
    report->first_error = way.first_answer < 0 ? -way.first_answer : 0;
    report->calls = way.calls;
    report->map_flags = way.asked.map_flags;
    report->max_entries = way.asked.max_entries;
    report->waited_ms = way.waited_ms;
    report->raised = way.limit.changed;
    report->guessed_cpus = way.guessed_cpus;
    copy(report->name, way.asked.map_name, sizeof(report->name));
    if (!made)
        return;
    report->given_up = way.given_up | way.given_up_before;
    if (way.given_up_before & BAREBPF_GIVE_UP_NAME_END)
        report->why[5] = ENAMETOOLONG;
    fill_reasons(report, way);
}

} // namespace
} // namespace barebpf

using namespace barebpf;

extern "C" int barebpf_map_create(const struct barebpf_map_spec *spec, const struct barebpf_policy *policy,
                                  struct barebpf_report *report)
{
    search way;
    barebpf_report told;
    bpf_log_opts log;
    clear(&way);
    clear(&log);
    if (!read_report(&told, report))
        return with_errno(-EINVAL);
    if (const int refused = read(&way, spec, policy))
        return with_errno(refused);
    if (told.log)
        want_log(&way, &log, told);
    const int result = create_under_policy(&way);
    if (report) {
        fill(&told, way, result >= 0);
        told.log_true_size = log.true_size;
        copy(report, &told, BAREBPF_END_OF(barebpf_report, name));
    }
    return with_errno(result);
}
