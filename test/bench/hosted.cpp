// SPDX-License-Identifier: BSD-2-Clause
#include "test/bare/process.h"

// Lets the C library start a program that can also start without one: see test/bare/process.cpp.
int main()
{
    return run();
}
