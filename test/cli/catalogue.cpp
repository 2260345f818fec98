// SPDX-License-Identifier: BSD-2-Clause
// Every case of the command line in test/explain/catalogue.md: what the program prints must be what the page
// says.
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

#include <linux/bpf.h>
#include <linux/seccomp.h>
#include <unistd.h>

#include "barebpf/barebpf.h"
#include "bpffs.h"
#include "program.h"
#include "test/catch.h"

using namespace barebpf::test;

namespace
{

struct command_case {
    std::string line;
    std::string where;   // what is special about its surroundings
    std::string printed; // with its exit status as the last line
    bool for_root;
};

// Reads a page line by line. A case begins with "$ barebpf LINE", or with "with SURROUNDINGS" above that; all
// of it is indented by four spaces.
class case_reader
{
public:
    std::vector<command_case> all;

    void take(const std::string &line)
    {
        for_root = for_root || line == "# On the command line, as root";
        if (line.empty()) {
            empty_lines++;
            return;
        }
        if (!line.starts_with(indent))
            inside = false;
        else
            take_indented(line.substr(indent.size()));
        empty_lines = 0;
    }

private:
    void take_indented(const std::string &text)
    {
        const std::string prompt = "$ barebpf ", with = "with ";
        if (text.starts_with(with)) {
            where = text.substr(with.size());
            inside = false;
        } else if (text.starts_with(prompt)) {
            all.push_back({text.substr(prompt.size()), where, "", for_root});
            where.clear();
            inside = true;
        } else if (inside) {
            all.back().printed += std::string(empty_lines, '\n') + text + "\n";
        }
    }

    const std::string indent = "    ";
    std::string where;
    size_t empty_lines = 0;
    bool inside = false, for_root = false;
};

std::vector<command_case> read_cases(const char *path)
{
    case_reader reader;
    std::ifstream file(path);
    for (std::string line; std::getline(file, line);)
        reader.take(line);
    return reader.all;
}

constexpr std::string_view omission = "\u2026";

// Whether a text is what the page shows. An omission sign that is a whole line stands for one line or more,
// any other for what is left out of its line.
bool agrees(std::string_view shown, std::string_view printed)
{
    const size_t at = shown.find(omission);
    if (at == shown.npos)
        return shown == printed;
    if (printed.substr(0, at) != shown.substr(0, at))
        return false;
    const std::string_view rest = shown.substr(at + omission.size());
    const bool whole_line = (at == 0 || shown[at - 1] == '\n') && rest.starts_with('\n');
    for (size_t end = at; end < printed.size(); end++) {
        const bool line_ends = printed[end] == '\n';
        if ((!whole_line || line_ends) && agrees(rest, printed.substr(end)))
            return true;
        if (line_ends && !whole_line)
            return false;
    }
    return false;
}

// The page's bpffs is at /sys/fs/bpf, the test's elsewhere.
std::string with_bpffs(std::string text, const bpffs &mounted)
{
    const std::string usual = "/sys/fs/bpf/";
    for (size_t at = 0; (at = text.find(usual, at)) != text.npos;)
        text.replace(at, usual.size(), mounted.path(""));
    return text;
}

// Hides the bpffs at /sys/fs/bpf below another sysfs, as long as it exists. The tmpfs is in between because
// the kernel mounts nothing on itself.
class bare_sysfs
{
public:
    bare_sysfs()
    {
        REQUIRE(mount("tmpfs", "/sys", "tmpfs", 0, nullptr) == 0);
        REQUIRE(mount("sysfs", "/sys", "sysfs", 0, nullptr) == 0);
    }
    ~bare_sysfs()
    {
        umount("/sys");
        umount("/sys");
    }
    bare_sysfs(const bare_sysfs &) = delete;
    bare_sysfs &operator=(const bare_sysfs &) = delete;
};

int errno_named(const std::string &name)
{
    for (int number = 1; number < 1024; number++)
        if (const char *known = barebpf_errno_name(number); known && name == known)
            return number;
    return 0;
}

// "a seccomp filter that answers COMMAND with ERRNO"
outcome run_with_filter(const command_case &one)
{
    const std::vector<std::string> words = split(one.where);
    REQUIRE(words.size() == 8);
    const std::string &command = words[5];
    const int error = errno_named(words[7]);
    REQUIRE((command == "bpf(2)" || command == "BPF_MAP_CREATE" || command == "BPF_OBJ_GET_INFO_BY_FD"));
    REQUIRE(error > 0);
    const uint32_t refused = command == "bpf(2)"           ? any_command
                             : command == "BPF_MAP_CREATE" ? uint32_t{BPF_MAP_CREATE}
                                                           : uint32_t{BPF_OBJ_GET_INFO_BY_FD};
    return run_filtered(one.line, refused, SECCOMP_RET_ERRNO | static_cast<uint32_t>(error));
}

outcome run_case(const command_case &one)
{
    if (one.where.empty())
        return run_barebpf(one.line);
    if (one.where.starts_with("a seccomp filter that answers "))
        return run_with_filter(one);
    if (one.where == "RLIMIT_NOFILE 3")
        return run_limited(one.line, 3, true);
    if (one.where == "RLIMIT_NOFILE 3, without a standard input")
        return run_limited(one.line, 3, false);
    FAIL("no such surroundings: " << one.where);
    return {};
}

void check_case(const command_case &one)
{
    const outcome got = run_case(one);
    const std::string printed = got.out + got.err + "exit status " + std::to_string(got.code) + "\n";
    INFO(one.where << "\n$ barebpf " << one.line << "\n" << printed << "instead of\n" << one.printed);
    CHECK(agrees(one.printed, printed));
}

void check_for_root(command_case one, const bpffs &mounted)
{
    if (one.where == "a sysfs, but no bpffs") {
        const bare_sysfs bare;
        one.where.clear();
        return check_case(one);
    }
    one.line = with_bpffs(one.line, mounted);
    one.printed = with_bpffs(one.printed, mounted);
    check_case(one);
}

} // namespace

TEST_CASE("barebpf: what is printed is what the catalogue says")
{
    const std::vector<command_case> all = read_cases(BAREBPF_CATALOGUE);
    CHECK(all.size() >= 60);
    for (const command_case &one : all)
        if (!one.for_root)
            check_case(one);
}

TEST_CASE("barebpf: what is printed for root is what the catalogue says")
{
    if (geteuid() != 0)
        SKIP_BECAUSE("needs root: CAP_BPF to make maps, CAP_SYS_ADMIN to mount a bpffs");
    const bpffs mounted;
    unsigned int count = 0;
    for (const command_case &one : read_cases(BAREBPF_CATALOGUE))
        if (one.for_root && ++count)
            check_for_root(one, mounted);
    CHECK(count >= 30);
    CHECK(mounted.is_empty());
}

TEST_CASE("catalogue: what is shown must be printed, and only an omission stands for anything else")
{
    CHECK(agrees("a\nb\n", "a\nb\n"));
    CHECK(!agrees("a\nb\n", "a\nb\nc\n"));
    SECTION("a whole line")
    {
        CHECK(agrees("a\n\u2026\nz\n", "a\nb\nc\nz\n"));
        CHECK(!agrees("a\n\u2026\nz\n", "a\nz\n"));
        CHECK(!agrees("a\n\u2026\nz\n", "a\nb\nc\n"));
        CHECK(!agrees("a\n\u2026\nz\n", "a\nb\nxz\n"));
    }
    SECTION("a part of a line")
    {
        CHECK(agrees("\u2026: hash \u2026 4\u2026\n", "17: hash x 4 y\n"));
        CHECK(!agrees("a\u2026z\n", "a\nz\n"));
        CHECK(!agrees("a\u2026z\n", "a\nb\n"));
        CHECK(!agrees("a\u2026\n", "b\n"));
    }
}
