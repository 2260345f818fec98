// SPDX-License-Identifier: BSD-2-Clause
#include <cstdio>
#include <iterator>

#include "explained.h"
#include "lib/explain/mend.h"
#include "test/catch.h"

using namespace barebpf;
using namespace barebpf::test;

namespace
{

constexpr uint32_t every_call = 40;

// Those of test/recordings.
constexpr release recorded[] = {v(4, 4, 178),  v(4, 9, 154), v(4, 14, 67),  v(4, 15, 11),
                                v(4, 19, 108), v(5, 4, 286), v(5, 10, 223), v(6, 1, 192),
                                v(6, 12, 107), v(6, 18, 44), v(7, 2, 12),   v(7, 3)};

// Every rule a kernel would refuse the request by, once what it says before is mended.
bool is_broken(rule named, release kernel, const sample &given)
{
    request changed = given.wanted;
    surroundings seen;
    assume_common_machine(&seen, changed.attr);
    for (int step = 0; step < 24; step++) {
        const verdict truth = decide(kernel, given.machine, &changed.attr, changed.size);
        remedy how;
        if (are_one(truth.why, named))
            return true;
        if (truth.why == rule::none || !mend(&changed.attr, &how, seen, truth))
            return false;
        changed.size = changed.size < 92 ? changed.size : 92;
    }
    return false;
}

rule rule_named(const std::string &cause)
{
    for (size_t i = 1; i < rule_count; i++)
        if (cause == name_of(static_cast<rule>(i)))
            return static_cast<rule>(i);
    return rule::none;
}

struct tally {
    unsigned int refusals, proved, predicted, unknown, member, wrong;
};

void explain_one(tally &all, const sample &given, release claimed, release real)
{
    const int error = errno_of(real, given);
    if (!error)
        return;
    sample_kernel kernel(real, given.machine);
    kernel.claims(claimed);
    const explained done = explain_request(given.wanted, error, every_call);
    all.refusals++;
    CHECK(done.explanation.calls <= every_call);
    const bool sure = done.explanation.confidence >= BAREBPF_SURE_PROVED;
    const rule named = rule_named(done.cause());
    all.unknown += done.explanation.cause == BAREBPF_CAUSE_UNKNOWN;
    all.member += done.explanation.cause == BAREBPF_CAUSE_REFUSED_MEMBER;
    all.predicted += done.explanation.confidence == BAREBPF_SURE_PREDICTED;
    all.proved += sure;
    if (!sure || named == rule::none || is_broken(named, real, given))
        return;
    all.wrong++;
    const verdict truth = decide(real, given.machine, &given.wanted.attr, given.wanted.size);
    INFO("claims " << major_of(claimed) << "." << minor_of(claimed) << ", is " << major_of(real) << "."
                   << minor_of(real) << ": " << name_of(truth.why) << " is said to be " << done.cause()
                   << ": " << done.text);
    CHECK(false);
}

} // namespace

TEST_CASE("explain: a kernel that is not what it says never has a wrong cause proved")
{
    tally all{};
    for (const release claimed : recorded)
        for (const release real : recorded)
            for (size_t i = 1; i < rule_count; i++)
                explain_one(all, sample_of(static_cast<rule>(i)), claimed, real);
    std::printf(
        "patched kernels: %u refusals, %u proved, %u predicted, %u cannot be told, %u by member alone, "
        "%u wrong\n",
        all.refusals, all.proved, all.predicted, all.unknown, all.member, all.wrong);
    CHECK(all.refusals > 1000);
    CHECK(all.wrong == 0);
}
