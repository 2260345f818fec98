// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_TEST_BARE_PROCESS_H
#define BAREBPF_TEST_BARE_PROCESS_H

// What a program without a C library has. Each program defines run(), whose result is the exit code.
int run();

// Writes a line to standard error.
void say(const char *line);

// Says so and exits with 1 unless a statement about the library is true.
void check(bool holds, const char *statement);

#endif
