// SPDX-License-Identifier: BSD-2-Clause
#include "explanation.h"

#include <cstring>
#include <fcntl.h>

#include "child.h"
#include "privileges.h"

namespace barebpf::test
{
namespace
{

constexpr uint32_t every_call = 40;

barebpf_map_spec spec_of(const request &wanted)
{
    barebpf_map_spec spec{};
    spec.sz = sizeof(spec);
    spec.map_type = wanted.type;
    spec.key_size = wanted.key_size;
    spec.value_size = wanted.value_size;
    spec.max_entries = wanted.max_entries;
    spec.map_flags = wanted.flags;
    return spec;
}

uint64_t open_descriptors()
{
    uint64_t found = 0;
    for (int i = 0; i < 64; i++)
        found |= uint64_t{fcntl(i, F_GETFD) >= 0} << i;
    return found;
}

} // namespace

explained explain(const request &wanted)
{
    explained done{};
    const outcome seen = outcome_of(make_by_syscall(wanted));
    done.error = -seen.refused;
    const uint64_t open_before = open_descriptors();
    const limits before = memlock();
    const barebpf_map_spec spec = spec_of(wanted);
    barebpf_explain_opts opts{};
    opts.sz = sizeof(opts);
    opts.calls = every_call;
    barebpf_explanation explanation{};
    explanation.sz = sizeof(explanation);
    explanation.text = done.text;
    explanation.text_size = sizeof(done.text);
    explanation.remedy = done.remedy;
    explanation.remedy_size = sizeof(done.remedy);
    demand(barebpf_explain(&spec, done.error, &opts, &explanation) == 0, "barebpf_explain");
    done.cause = explanation.cause;
    done.confidence = explanation.confidence;
    done.calls = explanation.calls;
    done.needed = explanation.needed;
    done.left = explanation.left;
    done.possible_count = explanation.possible_count;
    std::memcpy(done.possible, explanation.possible, sizeof(done.possible));
    done.nothing_left = open_descriptors() == open_before && memlock() == before;
    return done;
}

std::string name_of(const explained &done)
{
    return barebpf_cause_name(done.cause);
}

} // namespace barebpf::test
