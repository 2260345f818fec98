// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_TEST_EXPLAIN_HPP_H
#define BAREBPF_TEST_EXPLAIN_HPP_H

#include <string>

// The remedy for a ring buffer of 5000 bytes, as barebpf::explain() tells it; what else it says when it is
// wrong.
std::string explained_by_hpp();

#endif
