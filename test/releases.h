// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_TEST_RELEASES_H
#define BAREBPF_TEST_RELEASES_H

#include <cstdio>
#include <sys/utsname.h>
#include <vector>

#include "lib/facts/types.h"

// Kernel releases as people and uname(2) write them.
namespace barebpf::test
{

// 5.10.223 of "5.10.223-1-amd64". A number that is missing is 0.
inline release release_in(const char *text)
{
    unsigned int major = 0, minor = 0, patch = 0;
    std::sscanf(text, "%u.%u.%u", &major, &minor, &patch);
    return release_of(major, minor, patch);
}

// The release of the running kernel, as uname(2) has it.
inline release running_release()
{
    utsname name{};
    uname(&name);
    return release_in(name.release);
}

// The newest mainline release that the library knows.
inline constexpr release newest_release = release_of(7, 3);

// Every mainline release from 3.18 to that, in order.
inline std::vector<release> all_releases()
{
    constexpr unsigned int last_minor[] = {19, 20, 19, 19, minor_of(newest_release)}; // of 3, 4, 5, 6, 7
    std::vector<release> releases;
    for (unsigned int major = 3; major <= major_of(newest_release); major++)
        for (unsigned int minor = major == 3 ? 18 : 0; minor <= last_minor[major - 3]; minor++)
            releases.push_back(release_of(major, minor));
    return releases;
}

} // namespace barebpf::test

#endif
