// SPDX-License-Identifier: BSD-2-Clause
#include <sstream>

#include <unistd.h>

#include "output.h"
#include "program.h"
#include "test/catch.h"

using namespace barebpf::test;
using barebpf::tool::json;

TEST_CASE("barebpf: a wrong command line is reported, with exit code 2")
{
    struct row {
        const char *line;
        const char *message;
    };
    const row one = GENERATE(values<row>({
        {"", "no command given; see barebpf help"},
        {"craete", "unknown command 'craete' (did you mean create?); see barebpf help"},
        {"zzz", "unknown command 'zzz'; see barebpf help"},
        {"map", "unknown command 'map'; see barebpf help"},
        {"map show", "unknown command 'map'; see barebpf help"},
        {"craete --help", "unknown command 'craete' (did you mean create?); see barebpf help"},
        {"attr --jsn", "unknown option '--jsn' (did you mean --json?); see barebpf help"},
        {"create --giveup=all", "unknown option '--giveup=all' (did you mean --give-up?); see barebpf help"},
        {"attr -xj", "unknown option '-xj'; see barebpf help"},
        {"help nothing",
         "help: unknown topic 'nothing'; there are types, flags, create, explain, check, attr, matrix, "
         "probe, apply, diff, show, unpin, help and version"},
        {"help typs",
         "help: unknown topic 'typs' (did you mean types?); there are types, flags, create, explain, "
         "check, attr, matrix, probe, apply, diff, show, unpin, help and version"},
        {"help types extra", "help: unexpected argument 'extra'"},
        {"version extra", "version: unexpected argument 'extra'"},
        {"matrix extra", "matrix: unexpected argument 'extra'"},
        {"create type hash --", "'--' must be followed by a command to run"},
        {"attr type hash -v", "'-v' applies to probe only"},
        {"probe type",
         "probe: unknown argument 'type' (did you mean types?); known are types, flags, fields, "
         "features and the names of map types"},
        {"probe unspec",
         "probe: unknown argument 'unspec'; known are types, flags, fields, features and the names "
         "of map types"},
        {"attr type hash -- true", "'--' applies to create only"},
        {"attr --give-up=all type hash", "'--give-up=all' applies to create only"},
        {"--memlock=never help", "'--memlock=never' applies to create only"},
        {"attr --dry-run type hash", "'--dry-run' applies to create and apply only"},
        {"explain --no-explain type hash", "'--no-explain' applies to create only"},
        {"create --kernel 4.19 type hash", "'--kernel' applies to check only"},
        {"explain --as=user type hash", "'--as=user' applies to check only"},
        {"check --kernel", "--kernel needs a value"},
        {"check --kernel=4", "--kernel: '4' is not a release such as 5.10 or 5.10.200"},
        {"check --kernel=5.x", "--kernel: '5.x' is not a release such as 5.10 or 5.10.200"},
        {"check --kernel=5.10.", "--kernel: '5.10.' is not a release such as 5.10 or 5.10.200"},
        {"check --kernel=5.20", "--kernel: the rules of Linux '5.20' are not known; those of 4.4 to 7.3 are"},
        {"check --kernel=4.3", "--kernel: the rules of Linux '4.3' are not known; those of 4.4 to 7.3 are"},
        {"check --kernels=5.4", "--kernels: '5.4' is not a range such as 5.4..7.2"},
        {"check --kernels=5.4.1..5.6", "--kernels: '5.4.1' is not a release such as 5.10"},
        {"check --kernels=5.4..5.3", "--kernels: '5.4..5.3': the first release is the newer one"},
        {"check --as=roto", "--as: unknown value 'roto' (did you mean root?); known are root, user, "
                            "cap_sys_admin, cap_bpf, cap_net_admin, cap_perfmon"},
        {"check", "check: give a file, or the words of a map"},
        {"check /nonexistent", "check: cannot read '/nonexistent': ENOENT (2): No such file or directory"},
        {"check type hash key 4 value 4 entries 4 dev lo",
         "offload_dev: what a device takes depends on its driver and cannot be checked"},
        {"explain", "explain: give the words of a map, or the name of a rule"},
        {"explain ringbuf_entry",
         "explain: 'ringbuf_entry' is no rule (did you mean ringbuf_entries?); give the words of a map, or "
         "a rule as create and explain name it with -j"},
        {"create --backoff type hash", "--backoff needs a value: --backoff=VALUE"},
        {"create --give-up=size,nothing",
         "--give-up: unknown value 'nothing'; known are flags, size, name_chars, "
         "name, btf, name_end, all, none"},
        {"create --give-up=none type hash key 4 value 8 entries 1 name sixteen_bytes_ab",
         "name: 'sixteen_bytes_ab' has more than 15 bytes; --give-up=name_end allows cutting it"},
        {"attr tpye hash", "unknown keyword 'tpye' (did you mean type?); see barebpf help create"},
        {"attr type hash 4", "unknown keyword '4'; see barebpf help create"},
        {"create type hash key_size 4",
         "unknown keyword 'key_size' (did you mean key?); see barebpf help create"},
        {"create type hash value_size 4",
         "unknown keyword 'value_size' (did you mean value?); see barebpf help create"},
        {"create type hash max_entries 4",
         "unknown keyword 'max_entries' (did you mean entries?); see barebpf help create"},
        {"create type hash map_flags 4",
         "unknown keyword 'map_flags' (did you mean flags?); see barebpf help create"},
        {"create type hash key 4 value 8 entries 1 /sys/fs/bpf/x",
         "unexpected '/sys/fs/bpf/x'; if it is the PIN, it must come before the keywords"},
        {"create key 4 key 4", "key is given twice"},
        {"create type hash key", "key needs a value"},
        {"create type hash key 4 value 8", "entries is missing"},
        {"create /pin", "type is missing"},
        {"create type hsah", "type: unknown map type 'hsah' (did you mean hash?); see barebpf help types"},
        {"create type lru",
         "type: unknown map type 'lru' (did you mean lru_hash or lru_percpu_hash?); see barebpf help types"},
        {"create type 1x", "type: unknown map type '1x'; see barebpf help types"},
        {"create type 4294967296", "type: '4294967296' is too large; the maximum is 4294967295"},
        {"create type zzzzzz", "type: unknown map type 'zzzzzz'; see barebpf help types"},
        {"create flags 1,no_preallco,2",
         "flags: unknown flag 'no_preallco' (did you mean no_prealloc?); see barebpf help flags"},
        {"create flags rdonly,", "flags: unknown flag ''; see barebpf help flags"},
        {"create flags 1,0x100000000", "flags: '0x100000000' is too large; the maximum is 4294967295"},
        {"create flags 1x", "flags: '1x' is not a number (such as 12 or 0x10)"},
        {"create key 4x", "key: '4x' is not a size (such as 12, 0x10, 64K, 1M or page)"},
        {"create entries 1e6", "entries: '1e6' is not a size (such as 12, 0x10, 64K, 1M or page)"},
        {"create numa 1K", "numa: '1K' is not a number (such as 12 or 0x10)"},
        {"create key -1", "key: '-1' is negative"},
        {"create numa -1", "numa: '-1' is negative"},
        {"create entries 4G", "entries: '4G' is too large; the maximum is 4294967295"},
        {"create extra 99999999999999999999",
         "extra: '99999999999999999999' is too large; the maximum is 18446744073709551615"},
        {"create inner_map id 0", "inner_map: '0' is not the id of a map; ids begin at 1"},
        {"create type hash key 4 value 4 entries 1 btf x", "value_type is missing"},
        {"create type hash key 4 value 4 entries 1 value_type x", "btf is missing"},
    }));
    CAPTURE(one.line);
    SECTION("as a sentence on standard error")
    {
        const outcome got = run_barebpf(one.line);
        CHECK(got.code == 2);
        CHECK(got.out.empty());
        CHECK(got.err == std::string("barebpf: ") + one.message + "\n");
    }
    SECTION("as JSON on standard output")
    {
        const outcome got = run_barebpf(std::string("-j ") + one.line);
        CHECK(got.code == 2);
        CHECK(json::parse(got.out) == json{{"error", one.message}});
        CHECK(got.err.empty());
    }
}

TEST_CASE("barebpf: an option after the mistake still makes the error JSON")
{
    const char *line =
        GENERATE("craete -j", "--jsn create --json", "create --give-up=x -p", "create type x -vj");
    CAPTURE(line);
    const outcome got = run_barebpf(line);
    CHECK(got.code == 2);
    CHECK(got.err.empty());
    CHECK(json::parse(got.out).contains("error"));
}

TEST_CASE("barebpf: help works anywhere on the command line")
{
    const char *line = GENERATE("help", "--help", "-h", "help -h");
    CAPTURE(line);
    const outcome got = run_barebpf(line);
    CHECK(got.code == 0);
    CHECK(got.out.starts_with("Usage: barebpf [OPTIONS] create [PIN] MAP "));
    CHECK(got.err.empty());
    const outcome in_json = run_barebpf(std::string("-j ") + line);
    CHECK(in_json.code == 0);
    CHECK(json::parse(in_json.out) == json{{"help", got.out}});
}

TEST_CASE("barebpf: each command's help has two correct examples")
{
    const std::string command = GENERATE("create", "explain", "check", "attr", "matrix", "probe", "apply",
                                         "diff", "show", "unpin", "version");
    CAPTURE(command);
    const outcome got = run_barebpf("help " + command);
    CHECK(got.code == 0);
    CHECK(got.out.starts_with("Usage: barebpf [OPTIONS] " + command));
    const size_t examples = got.out.find("\nExamples:\n");
    REQUIRE(examples != std::string::npos);
    std::istringstream lines(got.out.substr(examples + 11));
    size_t count = 0;
    for (std::string line; std::getline(lines, line); count++) {
        REQUIRE(line.starts_with("  barebpf "));
        // What would create a map is only parsed.
        line = line.substr(10, line.find(" -- ") - 10);
        for (const std::string taken : {"--give-up=size ", "create "})
            if (const size_t at = line.find(taken); at != std::string::npos)
                line.replace(at, taken.size(), taken == "create " ? "attr " : "");
        // Nor are maps of this machine made or unpinned.
        if (line == "apply")
            line = "diff";
        if (line.starts_with("unpin "))
            line.replace(0, 5, "show");
        const outcome tried = run_barebpf(line);
        CAPTURE(line, tried.err);
        const bool refused = command == "explain" && geteuid() != 0 && tried.code == 1;
        // What is in files and pinned is this machine's own affair.
        const bool differs =
            command == "apply" || command == "diff" || command == "show" || command == "unpin";
        CHECK((tried.code == 0 || refused || (command == "probe" && tried.code == 3) ||
               (differs && tried.code == 1)));
    }
    CHECK(count == 2);
    CHECK(run_barebpf(command + " help").out == got.out);
    CHECK(run_barebpf(command + " --help").out == got.out);
    CHECK(run_barebpf("-h " + command + " type hash -- true").out == got.out);
    CHECK(json::parse(run_barebpf("-j help " + command).out) == json{{"help", got.out}});
}

TEST_CASE("barebpf: version works anywhere on the command line")
{
    const char *line = GENERATE("version", "--version", "-V", "attr -V");
    CAPTURE(line);
    CHECK(run_barebpf(line).out == "barebpf 0.1.0\n");
    CHECK(run_barebpf(std::string("-j ") + line).out == "{\"version\":\"0.1.0\"}\n");
    CHECK(run_barebpf(line).code == 0);
}

TEST_CASE("barebpf: a line of bpftool may be pasted with its `map`")
{
    const std::string words = "/sys/fs/bpf/x type hash key 4 value 8 entries 16 name foo flags 0";
    const outcome got = run_barebpf("map create " + words + " --help");
    CHECK(got.code == 0);
    CHECK(got.out == run_barebpf("help create").out);
    CHECK(run_barebpf("map create").err == "barebpf: type is missing\n");
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
    const json in_json = json::parse(run_barebpf("-j help types").out);
    CHECK(in_json["types"].size() == 36);
    CHECK(in_json["types"][1] == json{{"number", 1}, {"name", "hash"}});
    const json of_flags = json::parse(run_barebpf("help -p flags").out);
    CHECK(of_flags["flags"].size() == 19);
    CHECK(of_flags["flags"][18] == json{{"value", 0x80000}, {"name", "rb_overwrite"}});
}

TEST_CASE("barebpf: output that cannot be written is a failure")
{
    const char *line = GENERATE("help", "version", "attr type arena entries 1",
                                "-j attr type arena entries 1", "-j attr type nothing");
    CAPTURE(line);
    const outcome got = run_barebpf(line, "/dev/full");
    CHECK(got.code == (std::string(line).ends_with("nothing") ? 2 : 1));
    CHECK(got.err.starts_with("barebpf: "));
}

TEST_CASE("barebpf: closed streams are an ordinary failure too")
{
    CHECK(run({"sh", "-c", BAREBPF_PROGRAM " help >&-"}).err ==
          "barebpf: standard output: EBADF (9): Bad file descriptor\n");
    CHECK(run({"sh", "-c", BAREBPF_PROGRAM " help >&-"}).code == 1);
    CHECK(run({"sh", "-c", BAREBPF_PROGRAM " help <&- >&- 2>&-"}).code == 1);
    CHECK(run({"sh", "-c", BAREBPF_PROGRAM " nothing <&- >&- 2>&-"}).code == 2);
}
