// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_TEST_REQUESTS_RANDOM_H
#define BAREBPF_TEST_REQUESTS_RANDOM_H

#include <random>

#include "objects.h"
#include "request.h"

namespace barebpf::test
{

// Numbers from a seed, the same everywhere: the distributions of <random> are not.
class random_numbers
{
public:
    explicit random_numbers(uint64_t seed) : engine_(seed) {}

    uint64_t bits() { return engine_(); }
    uint32_t below(uint64_t limit) { return static_cast<uint32_t>(engine_() % limit); }
    bool one_in(uint32_t count) { return below(count) == 0; }
    template <typename T> const auto &pick(const T &from) { return from[below(std::size(from))]; }

private:
    std::mt19937_64 engine_;
};

// Requests near what a kernel accepts: an example of a map type, with none to four of its members changed.
class random_requests
{
public:
    random_requests(uint64_t seed, const kernel &running, const open_objects &open);

    request next();

    // The random numbers, for whatever else a call needs.
    random_numbers &numbers() { return numbers_; }

private:
    uint32_t near(uint32_t landmark);
    uint32_t near_size();
    uint32_t near_entries();
    uint32_t type();
    uint32_t descriptor();
    uint32_t type_id_of_size(uint32_t size);

    void change_sizes(request &made);
    void change_entries(request &made);
    void change_flag(request &made);
    void change_flags_wholly(request &made);
    void change_access(request &made);
    void change_inner_map(request &made);
    void change_node(request &made);
    void change_name(request &made);
    void change_device(request &made);
    void change_btf(request &made);
    void change_btf_aptly(request &made);
    void change_kernel_type(request &made);
    void change_extra(request &made);
    void change_descriptors(request &made);
    void change_hash(request &made);
    void change_attr_size(request &made);
    void change_tail(request &made);

    using change = void (random_requests::*)(request &);
    static const change changes[];

    random_numbers numbers_;
    const kernel &running_;
    const open_objects &open_;
    std::vector<uint32_t> sizes_;
    std::vector<uint32_t> entries_;
    std::vector<int32_t> descriptors_;
};

} // namespace barebpf::test

#endif
