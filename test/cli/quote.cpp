// SPDX-License-Identifier: BSD-2-Clause
#include "quote.h"

#include <sstream>

#include "program.h"
#include "test/catch.h"

using namespace barebpf::test;
using namespace barebpf::tool;

TEST_CASE("quote: printable text is unchanged")
{
    const std::string text =
        GENERATE("", "hash", "/sys/fs/bpf/my map", "\xc3\xa9t\xc3\xa9", "\"", "'", "a\"b'c");
    CAPTURE(text);
    CHECK(visible(text) == text);
    CHECK(in_quotes(text) == "'" + text + "'");
}

TEST_CASE("quote: all other text is escaped")
{
    CHECK(visible("a\nb\tc\r") == "a\\nb\\tc\\r");
    CHECK(visible("\x1b[31mred") == "\\x1b[31mred");
    CHECK(visible("\x7f") == "\\x7f");
    CHECK(visible(std::string_view("\0x", 2)) == "\\x00x");
    CHECK(visible("\\") == "\\\\");
    CHECK(visible("\\\"\\n") == "\\\\\"\\\\n");
    SECTION("also where it is not UTF-8")
    {
        CHECK(visible("\xe9t\xe9") == "\\xe9t\\xe9");
        CHECK(visible("\xc3") == "\\xc3");
    }
    SECTION("also where it would change how the rest is read")
    {
        CHECK(visible("\xe2\x80\xae") == "\\u202e"); // right-to-left override
        CHECK(visible("\xc2\x9b") == "\\x9b");       // the control sequence introducer in one character
    }
}

TEST_CASE("barebpf: whatever the arguments are, no control character of theirs reaches the terminal")
{
    const std::string bad = "a\x1b[2J\nb\x9b";
    const std::vector<std::string> map = {"type", "hash", "key", "4", "value", "8", "entries", "1"};
    const auto line = [&](std::vector<std::string> words, std::vector<std::string> tail = {}) {
        words.insert(words.begin(), BAREBPF_PROGRAM);
        words.insert(words.end(), tail.begin(), tail.end());
        return words;
    };
    const auto words = GENERATE_COPY(values<std::vector<std::string>>({
        line({bad}),
        line({"-" + bad}),
        line({"--" + bad}),
        line({"--" + bad, "create"}),
        line({"help", bad}),
        line({"matrix", bad}),
        line({"version", bad}),
        line({"probe", bad}),
        line({"--give-up=" + bad, "create"}),
        line({"--memlock=" + bad, "create"}),
        line({"--memlock=never:" + bad, "create"}),
        line({"--memlock=scoped:" + bad, "create"}),
        line({"--backoff=" + bad, "create"}),
        line({"--give-up=" + bad, "attr"}),
        line({"create", bad}),
        line({"create", "type", bad}),
        line({"create", "key", bad}),
        line({"create", "entries", "9999999999" + bad}),
        line({"create", "flags", bad}),
        line({"create", "flags", "rdonly," + bad + ",wronly"}),
        line({"create", "extra", bad}),
        line({"create"}, {"type", "hash", "inner_map", "id", bad}),
        line({"create"}, {"type", "hash", "key", "4", "value", "8", "entries", "1", bad}),
        line({"create"}, {"type", "hash", "key", "4", "value", "8", "entries", "1", "/" + bad}),
        line({"create", "/tmp/" + bad}, map),
        line({"create", "/no" + bad + "/x"}, map),
        line({"create", "inner_map", "/" + bad}, map),
        line({"create", "dev", bad}, map),
        line({"create", "--give-up=none", "name", "sixteen_bytes_ab" + bad}, map),
        line({"attr", "name", bad}, map),
        line({"attr", "name", "sixteen_bytes_ab" + bad}, map),
        line({"attr", "name", bad + "sixteen_bytes_ab"}, map),
        line({"attr", "inner_map", bad, "dev", bad}, map),
        line({"create", "name", bad}, map),
        line({"create", "name", bad, "--give-up=all"}, map),
        line({"create"}, {"type", "hash", "key", "4", "value", "8", "entries", "1", "--", "/" + bad}),
    }));
    const outcome got = run(words);
    CAPTURE(got.out, got.err);
    for (const char c : got.out + got.err) {
        const auto byte = static_cast<unsigned char>(c);
        CHECK((c == '\n' || c == '\t' || (byte >= 0x20 && byte < 0x7f)));
    }
    std::istringstream errors(got.err);
    for (std::string message; std::getline(errors, message);)
        CHECK((message.starts_with("barebpf: ") || message.starts_with("  why: ") ||
               message.starts_with("  try: ")));
}
