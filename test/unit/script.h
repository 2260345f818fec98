// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_TEST_UNIT_SCRIPT_H
#define BAREBPF_TEST_UNIT_SCRIPT_H

#include <deque>
#include <functional>
#include <string>
#include <vector>

#include "test/model/system_call.h"

// A scripted kernel: gives prepared answers and records every system call.
namespace barebpf::test
{

// An answer may read the call, and write where its pointers point.
using answer = std::function<long(const system_call &)>;

// Resets everything, including what the library has learned, and answers the next system calls with these, in
// turn.
// A call beyond the last fails the test.
void script(std::vector<answer> answers);

// The same, with one answer to all of them.
void script_all(answer always);

// A fixed result, -errno for a failure.
answer result(long value);

// The system calls since script().
const std::vector<system_call> &recorded_calls();

// Leaves set bytes on the stack where the next function called has its variables.
void dirty_stack();

} // namespace barebpf::test

#endif
