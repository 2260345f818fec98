// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_TEST_REQUESTS_REQUEST_H
#define BAREBPF_TEST_REQUESTS_REQUEST_H

#include <string>

#include "lib/core/attr.h"
#include "lib/facts/types.h"

namespace barebpf::test
{

// Arguments of one BPF_MAP_CREATE.
struct request {
    map_create_attr attr;
    uint32_t size;
    int stray; // a byte beyond the attr that is set to 1; -1: none
};

// The most bytes of a request that are ever read: a page of the largest size there is.
inline constexpr size_t most_bytes = 65536;

// The bytes to pass, zero beyond what is set. Valid until the next call.
const unsigned char *bytes_of(const request &req);

// A command line that makes such a request, and as its comment what its words cannot express.
std::string words_of(const request &req);

// The request as test/recordings/README.md writes it.
std::string row_of(const request &req, unsigned int number);

} // namespace barebpf::test

#endif
