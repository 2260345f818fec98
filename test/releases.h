// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_TEST_RELEASES_H
#define BAREBPF_TEST_RELEASES_H

#include <vector>

#include "lib/facts/types.h"
#include "uname.h"

// Kernel releases as the library compares them.
namespace barebpf::test
{

inline release release_in(const char *text)
{
    const release_numbers read = read_release(text);
    return release_of(read.major, read.minor, read.patch);
}

inline release running_release()
{
    const release_numbers running = running_release_numbers();
    return release_of(running.major, running.minor, running.patch);
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
