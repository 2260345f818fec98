// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_TEST_PARITY_CALL_H
#define BAREBPF_TEST_PARITY_CALL_H

#include <stddef.h>
#include <stdint.h>

namespace barebpf::parity
{

// One call of bpf_map_create(), in types that are neither library's: their opts differ.
struct call {
    uint32_t map_type;
    const char *name;
    uint32_t key_size;
    uint32_t value_size;
    uint32_t max_entries;
    const void *opts;
};

// The same call made of each library: of barebpf as by a process that has made a map with a name before, but
// none with a log, or as by one that has made none.
int create_with_libbpf(const call &made);
int create_with_barebpf(const call &made);
int create_first_with_barebpf(const call &made);

// libbpf_probe_bpf_map_type() of each library.
int probe_with_libbpf(uint32_t map_type, const void *opts);
int probe_with_barebpf(uint32_t map_type, const void *opts);

// Where the last member of bpf_map_create_opts ends that the installed libbpf knows: 48 for 1.0 to 1.3, 56
// for 1.4 to 1.6, 68 for 1.7.
extern const size_t libbpf_known_end;

// libbpf explains each refusal on stderr; returns how many explanations it would have printed until now.
unsigned int libbpf_warnings();

} // namespace barebpf::parity

#endif
