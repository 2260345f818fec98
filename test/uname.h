// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_TEST_UNAME_H
#define BAREBPF_TEST_UNAME_H

#include <cstdio>
#include <sys/utsname.h>

namespace barebpf::test
{

// A kernel release as uname(2) writes it: 5, 10 and 223 of "5.10.223-1-amd64". A missing number is 0.
struct release_numbers {
    unsigned int major = 0, minor = 0, patch = 0;
};

inline release_numbers read_release(const char *text)
{
    release_numbers read;
    std::sscanf(text, "%u.%u.%u", &read.major, &read.minor, &read.patch);
    return read;
}

inline release_numbers running_release_numbers()
{
    utsname name{};
    uname(&name);
    return read_release(name.release);
}

} // namespace barebpf::test

#endif
