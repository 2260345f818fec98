// SPDX-License-Identifier: BSD-2-Clause
#define CATCH_CONFIG_MAIN
#include "catch.h"

#include <cstdio>

// Ends each run with the line every part of tools/check ends with: "N passed, N failed, N skipped".
namespace barebpf::test
{
namespace
{

#if CATCH_VERSION_MAJOR < 3
using listener = Catch::TestEventListenerBase;
#else
using listener = Catch::EventListenerBase;
#endif

std::string running;
bool skipping;

class tally : public listener
{
public:
    using listener::listener;

    void testCaseStarting(const Catch::TestCaseInfo &test) override
    {
        running = test.name;
        skipping = false;
    }

    void testCaseEnded(const Catch::TestCaseStats &stats) override
    {
        if (stats.totals.assertions.failed)
            failed++;
        else if (skipping)
            skips++;
        else
            passed++;
    }

    void testRunEnded(const Catch::TestRunStats &) override
    {
        std::printf("%d passed, %d failed, %d skipped\n", passed, failed, skips);
        std::fflush(stdout);
    }

private:
    int passed = 0;
    int failed = 0;
    int skips = 0;
};

CATCH_REGISTER_LISTENER(tally)

} // namespace

void skipped(const std::string &why)
{
    skipping = true;
    std::printf("skipped: %s: %s\n", running.c_str(), why.c_str());
}

} // namespace barebpf::test
