// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_TEST_EXPLAIN_EXPLAINED_H
#define BAREBPF_TEST_EXPLAIN_EXPLAINED_H

#include <string>

#include "barebpf/explain.h"
#include "test/samples/samples.h"
#include "test/model/kernel.h"

namespace barebpf::test
{

struct explained {
    int result;
    barebpf_explanation explanation;
    std::string text;
    std::string remedy;

    std::string cause() const { return barebpf_cause_name(explanation.cause); }
};

// What the library says to a kernel's refusal of a request, with a kernel that may be asked `calls` times.
explained explain_request(const request &wanted, int error, uint32_t calls,
                          const barebpf_surroundings *surroundings = nullptr);

// A kernel with the surroundings of a sample, files of /proc and /sys included.
class sample_kernel : public model_kernel
{
public:
    sample_kernel(release number, const environment &machine);
};

// The errno with which a kernel refuses a sample; 0 when it takes it.
int errno_of(release version, const sample &given);

// Whether two rules are one and the same to a caller.
bool are_one(rule a, rule b);

} // namespace barebpf::test

#endif
