// SPDX-License-Identifier: BSD-2-Clause
#include "failure.h"

#include <new>
#include <stdexcept>

#include "test/catch.h"

using namespace barebpf::tool;

namespace
{

template <typename T> failure after(const T &thrown)
{
    return failure_of(std::make_exception_ptr(thrown));
}

} // namespace

TEST_CASE("failure: whatever is thrown becomes an exit status and a sentence")
{
    const failure ours = after(failure{usage, "text", true});
    CHECK(ours.code == 2);
    CHECK(ours.text == "text");
    CHECK(ours.answered);
    CHECK(after(std::bad_alloc()).code == 4);
    CHECK(after(std::bad_alloc()).text == "out of memory");
    CHECK(after(std::out_of_range("std\x1bol")).code == 4);
    CHECK(after(std::out_of_range("std\x1bol")).text == "unexpected error: std\\x1bol");
    CHECK_FALSE(after(std::out_of_range("")).answered);
    CHECK(after(7).code == 4);
    CHECK(after(7).text == "unexpected error");
}
