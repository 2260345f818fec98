// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_TEST_TALLY_H
#define BAREBPF_TEST_TALLY_H

#include <cstdio>

namespace barebpf::test
{

// Counts the checks of a program, and prints the line that tools/check adds up.
struct tally {
    unsigned int passed = 0, failed = 0, skipped = 0;

    void count(bool passes) { (passes ? passed : failed)++; }

    // Prints the line; the exit status of the program.
    int end() const
    {
        std::printf("%u passed, %u failed, %u skipped\n", passed, failed, skipped);
        std::fflush(stdout);
        return failed ? 1 : 0;
    }
};

} // namespace barebpf::test

#endif
