// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_TEST_MATRIX_RELEASES_H
#define BAREBPF_TEST_MATRIX_RELEASES_H

#include <vector>

#include "lib/types.h"

namespace barebpf::test
{

// 3.18 to 7.3.
inline std::vector<release> all_releases()
{
    constexpr unsigned int last_minor[] = {19, 20, 19, 19, 3}; // of 3, 4, 5, 6, 7
    std::vector<release> releases;
    for (unsigned int major = 3; major <= 7; major++)
        for (unsigned int minor = major == 3 ? 18 : 0; minor <= last_minor[major - 3]; minor++)
            releases.push_back(release_of(major, minor));
    return releases;
}

} // namespace barebpf::test

#endif
