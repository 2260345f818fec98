// SPDX-License-Identifier: BSD-2-Clause
#include <algorithm>
#include <asm/unistd.h>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <map>
#include <sstream>

#include "any_kernel.h"
#include "barebpf/barebpf.h"
#include "barebpf/bpf.h"
#include "lib/core/known.h"
#include "script.h"
#include "test/catch.h"
#include "test/numbers.h"

using namespace barebpf;
using namespace barebpf::test;

// Runs docs/fallback.md line by line.
namespace
{

const std::string arrow = " → ";

std::vector<std::string> split(const std::string &text, const std::string &by)
{
    std::vector<std::string> parts;
    size_t begin = 0, end;
    while ((end = text.find(by, begin)) != std::string::npos) {
        parts.push_back(text.substr(begin, end - begin));
        begin = end + by.size();
    }
    parts.push_back(text.substr(begin));
    return parts;
}

std::string trimmed(const std::string &text)
{
    const size_t begin = text.find_first_not_of(" `"), end = text.find_last_not_of(" `");
    return begin == std::string::npos ? "" : text.substr(begin, end - begin + 1);
}

std::string page()
{
    std::ifstream file(BAREBPF_FALLBACK_PAGE);
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

struct step {
    std::string call, answer;
};

struct line {
    std::string request, known;
    std::vector<step> steps;
    std::string result, then_known;
};

line parse(const std::string &text)
{
    const std::vector<std::string> cells = split(text, "|");
    REQUIRE(cells.size() == 7);
    line parsed{trimmed(cells[1]), trimmed(cells[2]), {}, trimmed(cells[4]), trimmed(cells[5])};
    for (const std::string &part : split(cells[3], ", ")) {
        const std::vector<std::string> sides = split(part, arrow);
        REQUIRE(sides.size() == 2);
        parsed.steps.push_back({trimmed(sides[0]), trimmed(sides[1])});
    }
    return parsed;
}

std::vector<line> lines_of_page()
{
    std::vector<line> lines;
    for (const std::string &text : split(page(), "\n"))
        if (text.starts_with("|") && text.find("`create") != std::string::npos)
            lines.push_back(parse(text));
    return lines;
}

uint64_t bytes(const std::string &word)
{
    return word == "max" ? UINT64_MAX : std::stoull(word);
}

std::string word(uint64_t bytes)
{
    return bytes == UINT64_MAX ? "max" : std::to_string(bytes);
}

std::string words_of_limit(long address)
{
    const auto *limit = reinterpret_cast<const sys::rlimit *>(address);
    return word(limit->soft) + "/" + word(limit->hard);
}

// A system call in the page's words.
std::string words(const system_call &call)
{
    if (call.nr == __NR_close)
        return "close";
    if (call.nr == __NR_prlimit64)
        return call.arguments[2] ? "limit " + words_of_limit(call.arguments[2]) : "limit";
    if (call.nr == fcntl_number)
        return "move";
    if (call.nr != __NR_bpf)
        return "?";
    const std::string name = call.attr.map_name;
    return "create" + (name.empty() ? "" : " " + name) + (call.arguments[0] ? " +log" : "");
}

const std::map<std::string, int> errors = {{"EINVAL", EINVAL}, {"E2BIG", E2BIG},   {"EPERM", EPERM},
                                           {"ENOMEM", ENOMEM}, {"EBADF", EBADF},   {"ENOSYS", ENOSYS},
                                           {"ENOSPC", ENOSPC}, {"EMFILE", EMFILE}, {"ENOTSUPP", enotsupp}};

long number(const std::string &answer)
{
    const auto found = errors.find(answer);
    return found == errors.end() ? std::stol(answer) : -found->second;
}

// Answers one step. The limit that is read, or replaced, is the one set last, or that of an answer
// "soft/hard". The call is recorded in words, because what it points to is gone later.
answer answer_to(const step &expected, std::vector<std::string> *made, sys::rlimit *limit)
{
    return [&expected, made, limit](const system_call &call) -> long {
        made->push_back(words(call));
        const std::vector<std::string> limits = split(expected.answer, "/");
        if (limits.size() == 2)
            *limit = {bytes(limits[0]), bytes(limits[1])};
        const long result = limits.size() == 2 ? 0 : number(expected.answer);
        if (call.nr != __NR_prlimit64 || result < 0)
            return result;
        REQUIRE(call.arguments[3]);
        *reinterpret_cast<sys::rlimit *>(call.arguments[3]) = *limit;
        if (call.arguments[2])
            *limit = *reinterpret_cast<const sys::rlimit *>(call.arguments[2]);
        return 0;
    };
}

void learn(const std::string &known)
{
    for (const std::string &one : split(known, ", ")) {
        const auto what = one.starts_with("no ") ? known::no : known::yes;
        if (one.ends_with("names"))
            learned.names.learn(what);
        if (one.ends_with("logs"))
            learned.common_attrs.learn(what);
    }
}

std::string words(const fact &known, const std::string &what)
{
    switch (known.recall()) {
    case known::unknown:
        return "";
    case known::no:
        return "no " + what;
    case known::yes:
        return what;
    }
    return "?";
}

std::string known_now()
{
    const std::string names = words(learned.names, "names"), logs = words(learned.common_attrs, "logs");
    return names + (names.empty() || logs.empty() ? "" : ", ") + logs;
}

int create(const std::string &request)
{
    char buf[16];
    LIBBPF_OPTS(bpf_log_opts, log, .buf = buf, .size = sizeof(buf), .level = 1);
    const bool logged = request.ends_with(" +log");
    LIBBPF_OPTS(bpf_map_create_opts, opts, .log_opts = logged ? &log : nullptr);
    const std::string name = logged ? request.substr(0, request.size() - 5) : request;
    return bpf_map_create(BPF_MAP_TYPE_ARRAY, name.c_str(), 4, 4, 1, &opts);
}

void run(const line &tested)
{
    std::vector<answer> answers;
    std::vector<std::string> expected, made;
    sys::rlimit limit{};
    for (const step &one : tested.steps) {
        answers.push_back(answer_to(one, &made, &limit));
        expected.push_back(one.call);
    }
    script(answers);
    learn(tested.known);
    CHECK(create(tested.request) == number(tested.result));
    CHECK(made == expected);
    CHECK(known_now() == tested.then_known);
}

} // namespace

TEST_CASE("fallback: every line of the page is what happens")
{
    const std::vector<line> lines = lines_of_page();
    CHECK(lines.size() > 40);
    for (const line &one : lines) {
        INFO(one.request << ", known " << one.known << ", " << one.steps.size() << " calls");
        run(one);
    }
}

namespace
{

struct bounds {
    size_t ways = 0, calls_of_bpf = 0, calls = 0;
};

void create_in_every_way(const std::string &request, known names, bounds *found)
{
    any_kernel kernel;
    do {
        kernel.start();
        script_all([&kernel](const system_call &call) { return kernel.call(call); });
        learned.names.learn(names);
        const int result = create(request);
        const bool restored =
            kernel.limit.soft == kernel.found.soft && kernel.limit.hard == kernel.found.hard;
        CHECK(kernel.open == (result >= 0));
        CHECK((result >= 0 || restored));
        CHECK(!kernel.lowered);
        const auto is_bpf = [](const system_call &call) { return call.nr == __NR_bpf; };
        const auto of_bpf = std::count_if(recorded_calls().begin(), recorded_calls().end(), is_bpf);
        found->calls_of_bpf = std::max(found->calls_of_bpf, static_cast<size_t>(of_bpf));
        found->calls = std::max(found->calls, recorded_calls().size());
        found->ways++;
    } while (kernel.ways.advance());
}

} // namespace

TEST_CASE("fallback: RLIMIT_MEMLOCK is raised as far as libbpf_set_memlock_rlim() allows, and never lowered")
{
    const auto make = [](size_t most, std::vector<step> steps) {
        std::vector<std::string> made;
        std::vector<answer> answers;
        sys::rlimit limit{};
        for (const step &one : steps)
            answers.push_back(answer_to(one, &made, &limit));
        script(answers);
        CHECK(libbpf_set_memlock_rlim(most) == 0);
        create("");
        CHECK(libbpf_set_memlock_rlim(SIZE_MAX) == 0);
        REQUIRE(made.size() == steps.size());
        for (size_t i = 0; i < made.size(); i++)
            CHECK(made[i] == steps[i].call);
    };
    make(100, {{"create", "EPERM"}, {"limit", "64/128"}, {"limit 100/128", "0"}, {"create", "3"}});
    make(200, {{"create", "EPERM"}, {"limit", "64/64"}, {"limit 200/200", "0"}, {"create", "3"}});
    make(200, {{"create", "EPERM"},
               {"limit", "64/128"},
               {"limit 128/128", "0"},
               {"create", "EPERM"},
               {"limit 200/200", "0"},
               {"create", "EPERM"},
               {"limit 64/128", "0"}});
    make(64, {{"create", "EPERM"}, {"limit", "64/128"}, {"create", "EPERM"}});
    make(10, {{"create", "EPERM"}, {"limit", "64/64"}, {"create", "EPERM"}});
    make(0, {{"create", "EPERM"}, {"limit", "64/128"}, {"create", "EPERM"}});
}

TEST_CASE(
    "fallback: whatever the answers, nothing leaks, limits are restored, and the calls are as few as the "
    "page says")
{
    bounds found;
    for (const char *request : {"", "name", "a.b", " +log", "name +log", "a.b +log"})
        for (const known names : {known::unknown, known::no, known::yes})
            create_in_every_way(request, names, &found);
    INFO(found.ways << " ways of answering, " << found.calls_of_bpf << " of bpf(2), " << found.calls
                    << " calls");
    CHECK(found.ways > 1000);
    CHECK(page().find("at most " + std::to_string(found.calls_of_bpf) + " calls of bpf(2) and " +
                      std::to_string(found.calls) + " system calls") != std::string::npos);
}

TEST_CASE("fallback: a name of one character is a name, and a map's descriptor may be 0")
{
    for (const char *text : {
             "| x | | `create x` → 3 | 3 | names |",
             "| x | | `create x` → EINVAL, `create` → 3 | 3 | no names |",
             "| x | no names | `create` → 3 | 3 | no names |",
             "| - | | `create -` → EINVAL, `create _` → 3, `close` → 0 | EINVAL | names |",
             "| a.b | | `create a.b` → EINVAL, `create a_b` → 0, `close` → 0 | EINVAL | names |",
             "| name | | `create name` → EINVAL, `create` → 0, `move` → 3, `close` → 0 | 3 | no names |",
             "| name | | `create name` → 0, `move` → 3, `close` → 0 | 3 | names |",
         }) {
        INFO(text);
        run(parse(text));
    }
}
