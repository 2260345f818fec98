// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_TEST_PARITY_RANDOM_CALLS_H
#define BAREBPF_TEST_PARITY_RANDOM_CALLS_H

#include <random>

#include "barebpf/bpf.h"
#include "kernel.h"

namespace barebpf::parity
{

// Writable memory whose end nobody may read beyond.
class guarded_memory
{
public:
    guarded_memory();
    ~guarded_memory();
    guarded_memory(const guarded_memory &) = delete;
    guarded_memory &operator=(const guarded_memory &) = delete;

    // The last bytes of it, so many.
    unsigned char *last(size_t count) const { return end - count; }

private:
    unsigned char *end;
};

// A repeatable sequence of calls, and of what the kernel shall answer to each. What next_call() points at
// lives until the one after.
class random_calls
{
public:
    explicit random_calls(uint64_t seed) : random(seed) {}

    call next_call();
    kernel next_kernel();

private:
    uint64_t below(uint64_t bound) { return random() % bound; }
    bool one_in(uint64_t bound) { return below(bound) == 0; }
    uint32_t value();
    long refusal();
    const char *name();
    size_t opts_sz();
    size_t cut();
    void fill(unsigned char *bytes, size_t size);
    const void *opts();
    bpf_log_opts *log();

    std::mt19937_64 random;
    guarded_memory name_memory;
    guarded_memory opts_memory;
    guarded_memory log_memory;
};

} // namespace barebpf::parity

#endif
