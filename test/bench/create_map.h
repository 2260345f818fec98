// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_TEST_BENCH_CREATE_MAP_H
#define BAREBPF_TEST_BENCH_CREATE_MAP_H

// Creates one small named map, in the way the program was built for: a descriptor, or -errno. A function of
// its own, so that callgrind can count from its first instruction to its last.
extern "C" int create_map();

#endif
