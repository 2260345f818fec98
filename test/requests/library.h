// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_TEST_REQUESTS_LIBRARY_H
#define BAREBPF_TEST_REQUESTS_LIBRARY_H

#include "random.h"

namespace barebpf::test
{

// What a caller passes to the library besides the members of a request.
struct library_call {
    enum class door : uint8_t {
        libbpf_name, // bpf_map_create()
        spec,        // barebpf_map_create()
    };
    enum class log : uint8_t {
        none,
        good,
        wrong_level, // no kernel accepts it
        wrong_sz,    // the library refuses it
    };

    door through;
    log wanted;
    bool opts_given;
    size_t sz;     // of the caller's struct
    int stray;     // a byte of the caller's struct that is set to 1; -1: none
    char name[24]; // longer than the kernel's, now and then
};

library_call random_call(random_numbers &numbers, const request &req);

// The bytes that must be passed to the kernel for such a call; false if the library itself must refuse, with
// *error.
bool expected_attr(const request &req, const library_call &call, map_create_attr *attr, int *error);

// The library's result: a descriptor or -errno.
int ask_library(const request &req, const library_call &call);

// How the call differs from a plain one, in words.
std::string words_of(const library_call &call);

} // namespace barebpf::test

#endif
