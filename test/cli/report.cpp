// SPDX-License-Identifier: BSD-2-Clause
#include "report.h"

#include <cerrno>
#include <cstring>

#include "barebpf/barebpf.hpp"
#include "test/catch.h"
#include "test/numbers.h"

using namespace barebpf::tool;
using barebpf::report;
using list = std::vector<std::string>;

namespace
{

barebpf_map_spec wanted()
{
    barebpf_map_spec spec{};
    spec.sz = sizeof(spec);
    spec.name = "a-bcdefghijklmnopq";
    spec.map_flags = BAREBPF_F_NO_PREALLOC | BAREBPF_F_RDONLY;
    spec.max_entries = 5000;
    return spec;
}

// As after giving up `what`, each after an error of its own.
report after(uint32_t what)
{
    const int errors[] = {EINVAL, E2BIG, EINVAL, E2BIG, barebpf::test::enotsupp, ENAMETOOLONG};
    report done;
    done.calls = 2;
    done.given_up = what;
    for (size_t bit = 0; what >> bit; bit++)
        done.barebpf_report::why[bit] = what >> bit & 1 ? errors[bit] : 0;
    done.map_flags = what & BAREBPF_GIVE_UP_FLAGS ? BAREBPF_F_RDONLY : wanted().map_flags;
    done.max_entries = what & BAREBPF_GIVE_UP_SIZE ? 8192 : 5000;
    std::strcpy(done.name, what & BAREBPF_GIVE_UP_NAME_CHARS ? "a_bcdefghijklmn" : "");
    return done;
}

} // namespace

TEST_CASE("report: nothing is noted for a map as requested")
{
    json document = {{"id", 1}};
    CHECK(report_notes(wanted(), after(0)).empty());
    add_report(&document, after(0));
    CHECK(document == json{{"id", 1}});
}

TEST_CASE("report: each part given up is a note with its replacement and the reason")
{
    CHECK(report_notes(wanted(), after(BAREBPF_GIVE_UP_FLAGS)) ==
          list{"flags: rdonly instead of no_prealloc,rdonly (EINVAL)"});
    CHECK(report_notes(wanted(), after(BAREBPF_GIVE_UP_NAME)) ==
          list{"name: none instead of 'a-bcdefghijklmn' (E2BIG)"});
    CHECK(report_notes(wanted(), after(BAREBPF_GIVE_UP_BTF)) ==
          list{"btf: none instead of the types given (ENOTSUPP)"});
    CHECK(report_notes(wanted(),
                       after(BAREBPF_GIVE_UP_SIZE | BAREBPF_GIVE_UP_NAME_CHARS | BAREBPF_GIVE_UP_NAME_END)) ==
          list{"entries: 8192 instead of 5000 (E2BIG)",
               "name: 'a_bcdefghijklmn' instead of 'a-bcdefghijklmn' (EINVAL)",
               "name: 'a-bcdefghijklmn' instead of 'a-bcdefghijklmnopq' (ENAMETOOLONG)"});
}

TEST_CASE("report: no flags are called none, and an unknown reason is left out")
{
    report done = after(BAREBPF_GIVE_UP_FLAGS);
    done.map_flags = 0;
    done.barebpf_report::why[0] = 0;
    CHECK(report_notes(wanted(), done) == list{"flags: none instead of no_prealloc,rdonly"});
    json document;
    add_report(&document, done);
    CHECK(document["given_up"] == json{{{"what", "flags"}}});
}

TEST_CASE("report: a raised RLIMIT_MEMLOCK, a wait and guessed CPUs are noted")
{
    report done = after(BAREBPF_GIVE_UP_SIZE);
    done.raised = 1;
    done.waited_ms = 15;
    done.guessed_cpus = 1;
    CHECK(report_notes(wanted(), done) ==
          list{"entries: 8192 instead of 5000 (E2BIG)",
               "entries: one for each CPU barebpf may run on; the possible CPUs could not be read from /sys",
               "RLIMIT_MEMLOCK: raised (EPERM)", "waited 15 ms for room under RLIMIT_MEMLOCK"});
    json document;
    add_report(&document, done);
    CHECK(document.dump() == R"({"given_up":[{"what":"size","error":"E2BIG"}],"guessed_cpus":true,)"
                             R"("memlock_raised":true,"waited_ms":15})");
    SECTION("but not CPUs that were not needed")
    {
        done.given_up = 0;
        CHECK(report_notes(wanted(), done).size() == 2);
    }
}

TEST_CASE("report: a refusal has its errno, and the first one if that differs")
{
    const std::string start = "the kernel refused to make the map: ";
    report done;
    done.calls = 1;
    done.first_error = EINVAL;
    CHECK(refusal(-EINVAL, done) == start + "EINVAL (22): Invalid argument");
    CHECK(refusal(-EINVAL, report()) == start + "EINVAL (22): Invalid argument");
    done.calls = 3;
    CHECK(refusal(-ENOMEM, done) == start + "ENOMEM (12): Cannot allocate memory; the first attempt failed "
                                            "with EINVAL (22): Invalid argument");
}

TEST_CASE("report: the kernel's words come on one line")
{
    CHECK(folded("Invalid map_name.\n") == "Invalid map_name.");
    CHECK(folded("one\ntwo\n\n") == "one two");
}

TEST_CASE("report: a map that was created but got no descriptor is not called refused by the kernel")
{
    const std::string message = "no descriptor above 2 is free for the map: EMFILE (24): Too many open files";
    report done;
    done.calls = 1;
    CHECK(was_made(done));
    CHECK(refusal(-EMFILE, done) == message);
    SECTION("nor is one that was refused at first")
    {
        done.calls = 2;
        done.first_error = EINVAL;
        CHECK_FALSE(was_made(done));
        CHECK(refusal(-EMFILE, done) == message);
    }
}
