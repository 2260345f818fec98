// SPDX-License-Identifier: BSD-2-Clause
#ifndef BAREBPF_TEST_CATCH_H
#define BAREBPF_TEST_CATCH_H

// Catch2 2.13 (Debian 12) or 3.x (newer).
#if __has_include(<catch2/catch_all.hpp>)
#include <catch2/catch_all.hpp>
#else
#include <catch2/catch.hpp>

namespace Catch::Matchers
{
inline auto ContainsSubstring(const std::string &text)
{
    return Contains(text);
}
} // namespace Catch::Matchers
#endif

#include <string>

namespace barebpf::test
{
// Counts the running test case as skipped and says why: the missing permission or kernel version.
void skipped(const std::string &why);
} // namespace barebpf::test

// Leaves a test case. Only for something this machine lacks and a test may not require of it.
#define SKIP_BECAUSE(why) \
    do { \
        barebpf::test::skipped(why); \
        return; \
    } while (0)

#endif
