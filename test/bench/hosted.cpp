// SPDX-License-Identifier: BSD-2-Clause
#include "test/bare/process.h"

// The C library starts a program that the kernel could also start by itself: see test/bare/process.cpp.
int main()
{
    return run();
}
