// SPDX-License-Identifier: BSD-2-Clause
#include "lib/core/errno.h"
#include "lib/core/create_opts.h"
#include "lib/core/opts.h"
#include "lib/core/spec.h"
#include "lib/core/sys.h"
#include "sentence.h"
#include "structs.h"

namespace barebpf
{
namespace
{

constexpr uint32_t most_calls = 40;

// Makes the request itself once more, with a log if the kernel has logs.
int repeat_with_log(inquiry *of)
{
    common_attr common;
    if (of->log || of->seen.kernel < release_of(7, 2) || of->calls + 1 >= of->most_calls)
        return repeat_request(of);
    clear(&common);
    clear(&of->message);
    common.log_buf = reinterpret_cast<uintptr_t>(of->message.text);
    common.log_size = sizeof(of->message.text);
    common.log_level = 1;
    of->calls++;
    const int fd = sys::bpf(sys::command::map_create_with_log, of->passed, of->size, &common);
    if (fd >= 0) { // a seccomp filter may refuse the command without a log alone
        sys::close(fd);
        return repeat_request(of);
    }
    of->message.text[sizeof(of->message.text) - 1] = '\0';
    of->log = common.log_true_size > 1 ? of->message.text : nullptr;
    return of->log ? fd : repeat_request(of);
}

// Requests the map again; true if it is made this time, which ends the search.
bool try_again(inquiry *of)
{
    if (!of->most_calls)
        return false;
    const int result = repeat_with_log(of);
    if (result == 0)
        return conclude(of, cause::none, BAREBPF_SURE_PROVED);
    if (result < 0)
        of->error = -result;
    return false;
}

// Predicts by the rules, for a request that was never made.
bool predict_result(inquiry *of)
{
    if (of->error)
        return false;
    const verdict ruling = decide(of->seen.kernel, of->seen.machine, of->passed, of->size);
    of->error = ruling.error;
    return ruling.why == rule::none && conclude(of, cause::none, BAREBPF_SURE_PREDICTED);
}

bool is_about_memory(int error)
{
    return error == ENOMEM || error == E2BIG;
}

bool counts_memlock(rule why)
{
    return why == rule::memlock || why == rule::memlock_devmap;
}

// Fills in the sizes in bytes, for causes that concern memory.
void measure_machine(inquiry *of)
{
    finding *found = &of->found;
    const rule why = found->ruling.why;
    const bool limited = rule_of(found->why) != rule::none && counts_memlock(why);
    if (limited || is_about_memory(of->error))
        found->needed = memory_of(of->given, of->seen.machine, of->seen.kernel);
    found->left = unlimited;
    if (limited) {
        found->needed = found->ruling.numbers[0];
        found->left = found->ruling.numbers[1];
    }
    const uint64_t cgroup =
        found->why == cause::memory && of->seen.machine_read ? least_memory_cgroup() : unlimited;
    if (cgroup >= found->needed)
        return;
    found->left = cgroup;
    found->why = cause::memory_cgroup;
}

void find_cause(inquiry *of)
{
    of->found.how.member = field::none;
    const bool done = try_again(of) || predict_result(of) || explain_by_tail(of) || explain_by_filter(of) ||
                      explain_by_namespace(of) || explain_by_request(of) || explain_by_permission(of) ||
                      explain_by_suspects(of) || explain_by_elimination(of);
    if (!done)
        conclude(of, cause::unknown, BAREBPF_SURE_CANNOT_TELL);
    of->found.ruling.kernel = of->seen.kernel;
    measure_machine(of);
    if (of->helper >= 0)
        sys::close(of->helper);
}

void start(inquiry *of)
{
    clear(&of->found);
    of->error = 0;
    of->log = nullptr;
    of->most_calls = of->calls = 0;
    of->helper = -1;
    of->reach = 0;
}

// False when a struct's sz is broken.
bool read_how(inquiry *of, barebpf_explain_opts *opts, const barebpf_explain_opts *given)
{
    barebpf_surroundings known;
    clear(&known);
    clear(opts);
    if (given && !read_struct(opts, given))
        return false;
    if (opts->surroundings && !read_struct(&known, opts->surroundings))
        return false;
    const bool offline = opts->surroundings && known.offline;
    if (offline)
        assume_common_machine(&of->seen, of->given);
    else
        read_machine(&of->seen, of->given);
    if (opts->surroundings)
        take_known(&of->seen, known);
    of->most_calls = opts->calls < most_calls ? opts->calls : most_calls;
    if (!offline && opts->scratch && of->most_calls && of->given.btf_fd) {
        of->calls += read_types(&of->seen, of->given, opts->scratch, opts->scratch_size);
    }
    of->log = opts->log && opts->log[0] ? opts->log : nullptr;
    return true;
}

bool is_valid(const barebpf_explanation *explanation)
{
    return explanation && is_served(*explanation);
}

void write_explanation(barebpf_explanation *explanation, const inquiry &of, bool words)
{
    const finding &found = of.found;
    explanation->text_true_size =
        static_cast<uint32_t>(write_cause(of, words, explanation->text, explanation->text_size) + 1);
    explanation->remedy_true_size =
        static_cast<uint32_t>(write_remedy(of, words, explanation->remedy, explanation->remedy_size) + 1);
    explanation->cause = static_cast<uint32_t>(found.why);
    explanation->confidence = found.confidence;
    explanation->member = static_cast<uint32_t>(found.how.member);
    explanation->accepts = found.how.accepts;
    explanation->given = found.how.given;
    explanation->low = found.how.low;
    explanation->high = found.how.high;
    explanation->value = found.how.value;
    explanation->needed = found.needed;
    explanation->left = found.left;
    explanation->error = of.error;
    explanation->release = public_release(of.seen.kernel);
    explanation->calls = of.calls;
    explanation->possible_count = found.possible_count;
    for (uint32_t i = 0; i < most_possible; i++)
        explanation->possible[i] = i < found.possible_count ? static_cast<uint32_t>(found.possible[i]) : 0;
}

// Everything but the request is still to be read.
int explain_inquiry(inquiry *of, int error, const barebpf_explain_opts *given,
                    barebpf_explanation *explanation)
{
    barebpf_explain_opts opts;
    if (!is_valid(explanation) || !read_how(of, &opts, given))
        return -EINVAL;
    of->error = error < 0 ? -error : error;
    if (of->found.why == cause::name_too_long)
        of->error = ENAMETOOLONG;
    if (of->found.why == cause::bad_opts)
        of->error = EINVAL;
    if (of->found.why == cause::none)
        find_cause(of);
    write_explanation(explanation, *of, opts.words);
    return 0;
}

void refuse_here(inquiry *of, cause why, field member)
{
    of->found.how.member = member;
    conclude(of, why, BAREBPF_SURE_PROVED);
}

// The request as it is put to bpf(2) when it is its own attr.
void pass_attr(inquiry *of)
{
    of->passed = &of->given;
    of->size = map_create_attr_size;
}

} // namespace
} // namespace barebpf

using namespace barebpf;

extern "C" int barebpf_explain(const struct barebpf_map_spec *spec, int error,
                               const struct barebpf_explain_opts *opts,
                               struct barebpf_explanation *explanation)
{
    inquiry of;
    bool name_cut = false;
    start(&of);
    if (const int refused = read_spec(&of.given, &name_cut, spec))
        return with_errno(refused);
    pass_attr(&of);
    if (name_cut && (error == 0 || error == ENAMETOOLONG || error == -ENAMETOOLONG))
        refuse_here(&of, cause::name_too_long, field::map_name);
    return with_errno(explain_inquiry(&of, error, opts, explanation));
}

extern "C" int barebpf_explain_create(uint32_t map_type, const char *map_name, uint32_t key_size,
                                      uint32_t value_size, uint32_t max_entries,
                                      const struct bpf_map_create_opts *map_opts, int error,
                                      const struct barebpf_explain_opts *opts,
                                      struct barebpf_explanation *explanation)
{
    inquiry of;
    bpf_log_opts *log = nullptr;
    common_attr common;
    start(&of);
    clear(&of.given);
    bool served = read_opts(&of.given, &log, map_opts);
    if (served && log)
        served = read_members<log_places, 0, offsetof(common_attr, padding)>(&common, log);
    of.given.map_type = map_type;
    of.given.key_size = key_size;
    of.given.value_size = value_size;
    of.given.max_entries = max_entries;
    encode_name(of.given.map_name, map_name);
    pass_attr(&of);
    if (!served)
        refuse_here(&of, cause::bad_opts, field::none);
    return with_errno(explain_inquiry(&of, error, opts, explanation));
}

extern "C" int barebpf_explain_attr(const void *attr, uint32_t size, int error,
                                    const struct barebpf_explain_opts *opts,
                                    struct barebpf_explanation *explanation)
{
    inquiry of;
    constexpr uint32_t largest = 1 << 20;
    if (!attr || size > largest)
        return with_errno(-EINVAL);
    start(&of);
    clear(&of.given);
    copy(&of.given, attr, size < map_create_attr_size ? size : map_create_attr_size);
    of.passed = attr;
    of.size = size;
    return with_errno(explain_inquiry(&of, error, opts, explanation));
}
