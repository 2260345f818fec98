// SPDX-License-Identifier: BSD-2-Clause
#include "explained.h"

#include <cstring>
#include <set>
#include <vector>

namespace barebpf::test
{

explained explain_request(const request &wanted, int error, uint32_t calls,
                          const barebpf_surroundings *surroundings)
{
    static char text[400], remedy[400], scratch[8192];
    std::vector<char> bytes(8192);
    std::memcpy(bytes.data(), &wanted.attr, sizeof(wanted.attr));
    barebpf_explain_opts opts{};
    opts.sz = sizeof(opts);
    opts.calls = calls;
    opts.surroundings = surroundings;
    opts.scratch = scratch;
    opts.scratch_size = sizeof(scratch);
    explained done{};
    done.explanation.sz = sizeof(done.explanation);
    done.explanation.text = text;
    done.explanation.text_size = sizeof(text);
    done.explanation.remedy = remedy;
    done.explanation.remedy_size = sizeof(remedy);
    done.result = barebpf_explain_attr(bytes.data(), wanted.size, error, &opts, &done.explanation);
    done.text = text;
    done.remedy = remedy;
    return done;
}

sample_kernel::sample_kernel(release number, const environment &machine) : model_kernel(number, machine)
{
    shows_files();
    limits_memlock(machine.memlock, machine.memlock, false);
}

int errno_of(release version, const sample &given)
{
    return decide(version, given.machine, &given.wanted.attr, given.wanted.size).error;
}

bool are_one(rule a, rule b)
{
    const std::set<rule> lone_id = {rule::key_id_without_value_id, rule::btf_needs_value_id,
                                    rule::btf_needs_both_ids};
    return std::strcmp(sentence_of(a), sentence_of(b)) == 0 || (lone_id.contains(a) && lone_id.contains(b));
}

} // namespace barebpf::test
