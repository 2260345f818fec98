// SPDX-License-Identifier: BSD-2-Clause
#define CATCH_CONFIG_MAIN
#include "catch.h"

#include <cstdio>

#include "tally.h"

// Ends each run with the line that tools/check reads: "N passed, N failed, N skipped".
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

class counter : public listener
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
        if (skipping && !stats.totals.assertions.failed)
            checks.skipped++;
        else
            checks.count(!stats.totals.assertions.failed);
    }

    void testRunEnded(const Catch::TestRunStats &) override { checks.end(); }

private:
    tally checks;
};

CATCH_REGISTER_LISTENER(counter)

} // namespace

void skipped(const std::string &why)
{
    skipping = true;
    std::printf("skipped: %s: %s\n", running.c_str(), why.c_str());
}

} // namespace barebpf::test
