// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_TEST_EXPLAIN_BROKEN_H
#define BAREBPF_TEST_EXPLAIN_BROKEN_H

#include <set>
#include <string>

#include "test/requests/objects.h"
#include "test/requests/random.h"

namespace barebpf::test
{

// A request a kernel should take, and the same with one thing broken.
struct broken_request {
    map_create_attr whole;
    map_create_attr attr;
    std::set<std::string> causes; // what this may rightly be called
    bool needs_what_is_dropped;   // it cannot do without the member that was broken
    std::string words;
};

class broken_requests
{
public:
    broken_requests(uint64_t seed, const kernel &running, const open_objects &open)
        : numbers_(seed), running_(running), open_(open)
    {
    }

    broken_request next();

private:
    random_numbers numbers_;
    const kernel &running_;
    const open_objects &open_;
};

} // namespace barebpf::test

#endif
