// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_TEST_REQUESTS_SESSION_H
#define BAREBPF_TEST_REQUESTS_SESSION_H

#include "caller.h"
#include "objects.h"

namespace barebpf::test
{

struct stream {
    uint64_t seed;
    unsigned int count;
};

// Makes `count` requests to the kernel raw, and as many through the library, as the caller this process has
// become. Prints every answer that is not as the rules say, and a line about all of them. Returns true if
// there was none.
bool requests_agree(const kernel &running, const open_objects &open, const caller &as, const stream &wanted);

} // namespace barebpf::test

#endif
