// SPDX-License-Identifier: BSD-2-Clause
#include "explained.h"

#include <cstring>
#include <set>
#include <vector>

namespace barebpf::test
{

explained explain_request(const request &asked, int error, uint32_t calls, const barebpf_surroundings *around)
{
    static char text[400], remedy[400], scratch[8192];
    std::vector<char> bytes(8192);
    std::memcpy(bytes.data(), &asked.attr, sizeof(asked.attr));
    barebpf_explain_opts opts{};
    opts.sz = sizeof(opts);
    opts.calls = calls;
    opts.around = around;
    opts.scratch = scratch;
    opts.scratch_size = sizeof(scratch);
    explained done{};
    done.told.sz = sizeof(done.told);
    done.told.text = text;
    done.told.text_size = sizeof(text);
    done.told.remedy = remedy;
    done.told.remedy_size = sizeof(remedy);
    done.result = barebpf_explain_attr(bytes.data(), asked.size, error, &opts, &done.told);
    done.text = text;
    done.remedy = remedy;
    return done;
}

sample_kernel::sample_kernel(release number, const environment &around) : model_kernel(number, around)
{
    shows_files();
    limits_memlock(around.memlock, around.memlock, false);
}

int errno_of(release version, const sample &given)
{
    return decide(version, given.around, &given.asked.attr, given.asked.size).error;
}

bool are_one(rule a, rule b)
{
    const std::set<rule> lone_id = {rule::key_id_without_value_id, rule::btf_needs_value_id,
                                    rule::btf_needs_both_ids};
    return std::strcmp(sentence_of(a), sentence_of(b)) == 0 || (lone_id.contains(a) && lone_id.contains(b));
}

} // namespace barebpf::test
