// SPDX-License-Identifier: BSD-2-Clause
#include "output.h"
#include "program.h"
#include "test/catch.h"

using namespace barebpf::test;
using barebpf::tool::json;

TEST_CASE("barebpf: what is wrong with the command line is said, with exit code 2")
{
    struct row {
        const char *line;
        const char *said;
    };
    const row one = GENERATE(values<row>({
        {"", "a command is needed (all: barebpf help)"},
        {"craete", "'craete' is no command; near it: create (all: barebpf help)"},
        {"attr --jsn", "'--jsn' is no option (all: barebpf help)"},
        {"attr -xj", "'-xj' is no option (all: barebpf help)"},
        {"help nothing", "'nothing' is no topic of help; there are types and flags"},
        {"create type hash --", "'--' is followed by a command to run"},
        {"attr type hash -v", "'-v' goes with probe only"},
        {"probe type",
         "'type' is nothing to probe for; near it: types; there are types, flags, fields, features"},
        {"attr type hash -- true", "'--' goes with create only"},
        {"attr --give-up=all type hash", "'--give-up=all' goes with create only"},
        {"--memlock=never help", "'--memlock=never' goes with create only"},
        {"create --backoff type hash", "'--backoff' has no value; it is written --backoff=VALUE"},
        {"create --give-up=size,nothing",
         "--give-up: 'nothing' is none of its words (all: flags, size, name_chars, name, btf, name_end, all, "
         "none)"},
        {"create --give-up=none type hash key 4 value 8 entries 1 name sixteen_bytes_ab",
         "name: 'sixteen_bytes_ab' has more than 15 bytes; name_end in --give-up lets it be cut"},
        {"attr tpye hash", "'tpye' is no keyword; near it: type (all: barebpf help)"},
        {"attr type hash 4", "'4' is no keyword (all: barebpf help)"},
        {"create key 4 key 4", "key is given twice"},
        {"create type hash key", "key has no value"},
        {"create type hash key 4 value 8", "entries is missing"},
        {"create /pin", "type is missing"},
        {"create type hsah", "type: 'hsah' is no map type; near it: hash (all: barebpf help types)"},
        {"create type lru",
         "type: 'lru' is no map type; near it: lru_hash, lru_percpu_hash (all: barebpf help types)"},
        {"create type zzzzzz", "type: 'zzzzzz' is no map type (all: barebpf help types)"},
        {"create flags 1,no_preallco,2",
         "flags: 'no_preallco' is no flag; near it: no_prealloc (all: barebpf help flags)"},
        {"create flags rdonly,", "flags: '' is no flag (all: barebpf help flags)"},
        {"create flags 1,0x100000000", "flags: '0x100000000' is too large, 4294967295 is the most"},
        {"create key 4x", "key: '4x' is not a number"},
        {"create entries 4G", "entries: '4G' is too large, 4294967295 is the most"},
        {"create extra 99999999999999999999",
         "extra: '99999999999999999999' is too large, 18446744073709551615 is the most"},
        {"create inner_map id 5", "inner_map: 'id' is no pin; an inner map is given by its path in a bpffs"},
    }));
    CAPTURE(one.line);
    SECTION("as a sentence on standard error")
    {
        const outcome got = run_barebpf(one.line);
        CHECK(got.code == 2);
        CHECK(got.out.empty());
        CHECK(got.err == std::string("barebpf: ") + one.said + "\n");
    }
    SECTION("as JSON on standard output")
    {
        const outcome got = run_barebpf(std::string("-j ") + one.line);
        CHECK(got.code == 2);
        CHECK(json::parse(got.out) == json{{"error", one.said}});
        CHECK(got.err.empty());
    }
}

TEST_CASE("barebpf: help and the version can be asked for anywhere")
{
    const char *line = GENERATE("help", "--help", "-h", "create type -h", "--help create -- true");
    CAPTURE(line);
    const outcome got = run_barebpf(line);
    CHECK(got.code == 0);
    CHECK(got.out.starts_with("Usage: barebpf "));
    CHECK(got.err.empty());
    CHECK(run_barebpf("--version").out == "barebpf 0.1.0\n");
    CHECK(run_barebpf("attr -V").out == "barebpf 0.1.0\n");
    CHECK(run_barebpf("version").out == "barebpf 0.1.0\n");
}

TEST_CASE("barebpf: help lists every type and flag")
{
    const outcome types = run_barebpf("help types");
    CHECK(types.code == 0);
    CHECK(types.out.starts_with(" 0  unspec\n 1  hash\n"));
    CHECK(types.out.ends_with("35  rhash\n"));
    const outcome flags = run_barebpf("help flags");
    CHECK(flags.out.starts_with("    0x1  no_prealloc\n"));
    CHECK(flags.out.ends_with("0x80000  rb_overwrite\n"));
}

TEST_CASE("barebpf: output that does not arrive is a failure")
{
    const char *line = GENERATE("help", "version", "attr type arena entries 1",
                                "-j attr type arena entries 1", "-j attr type nothing");
    CAPTURE(line);
    const outcome got = run_barebpf(line, "/dev/full");
    CHECK(got.code == (std::string(line).ends_with("nothing") ? 2 : 1));
    CHECK(got.err.starts_with("barebpf: "));
}

TEST_CASE("barebpf: closed streams are a failure too, and nothing worse")
{
    CHECK(run({"sh", "-c", BAREBPF_PROGRAM " help >&-"}).err ==
          "barebpf: standard output: EBADF (9): Bad file descriptor\n");
    CHECK(run({"sh", "-c", BAREBPF_PROGRAM " help >&-"}).code == 1);
    CHECK(run({"sh", "-c", BAREBPF_PROGRAM " help <&- >&- 2>&-"}).code == 1);
    CHECK(run({"sh", "-c", BAREBPF_PROGRAM " nothing <&- >&- 2>&-"}).code == 2);
}
