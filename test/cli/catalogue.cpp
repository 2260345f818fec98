// SPDX-License-Identifier: BSD-2-Clause
// Every case of the command line in test/explain/catalogue.md: what the program prints must be what the page
// says.
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/seccomp.h>
#include <sys/mount.h>
#include <unistd.h>

#include "barebpf/barebpf.h"
#include "bpffs.h"
#include "program.h"
#include "test/catch.h"
#include "test/sandbox/delegation.h"

using namespace barebpf::test;

namespace
{

struct command_case {
    std::string line;
    std::string where;   // what is special about its surroundings
    std::string printed; // with its exit status as the last line
    std::string section; // of the page
};

// Reads a page line by line. A case begins with "$ barebpf LINE", or with "with SURROUNDINGS" above that; all
// of it is indented by four spaces.
class case_reader
{
public:
    std::vector<command_case> all;

    void take(const std::string &line)
    {
        if (line.starts_with("# "))
            section = line.substr(2);
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
            all.push_back({text.substr(prompt.size()), where, "", section});
            where.clear();
            inside = true;
        } else if (inside) {
            all.back().printed += std::string(empty_lines, '\n') + text + "\n";
        }
    }

    const std::string indent = "    ";
    std::string where, section;
    size_t empty_lines = 0;
    bool inside = false;
};

// The cases of one section.
std::vector<command_case> read_cases(const std::string &section)
{
    case_reader reader;
    std::ifstream file(BAREBPF_CATALOGUE);
    for (std::string line; std::getline(file, line);)
        reader.take(line);
    std::erase_if(reader.all, [&](const command_case &one) { return one.section != section; });
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
std::string with_bpffs(std::string text, const std::string &mounted_at)
{
    const std::string usual = "/sys/fs/bpf";
    for (size_t at = 0; (at = text.find(usual, at)) != text.npos; at += mounted_at.size())
        text.replace(at, usual.size(), mounted_at);
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

std::string text_of(const outcome &got)
{
    return got.out + got.err + "exit status " + std::to_string(got.code) + "\n";
}

void check_text(const command_case &one, const std::string &printed)
{
    INFO(one.where << "\n$ barebpf " << one.line << "\n" << printed << "instead of\n" << one.printed);
    CHECK(agrees(one.printed, printed));
}

void check_for_root(command_case one, const bpffs &mounted)
{
    if (one.where == "a sysfs, but no bpffs") {
        const bare_sysfs bare;
        return check_text(one, text_of(run_barebpf(one.line)));
    }
    const std::string directory = std::filesystem::path(mounted.path("")).parent_path();
    one.line = with_bpffs(one.line, directory);
    one.printed = with_bpffs(one.printed, directory);
    check_text(one, text_of(run_case(one)));
}

struct printed_text {
    char bytes[2000];
};

// As root of a user namespace with a bpffs that delegates hash maps.
std::string run_in_namespace(const std::string &line, const std::string &directory)
{
    // Bits: BPF_MAP_CREATE is command 0, HASH map type 1.
    const delegation hashes = {"map_create and hash", "0x1", "0x2"};
    const auto run_there = [&](int mounted) {
        demand(move_mount(mounted, "", AT_FDCWD, directory.c_str(), MOVE_MOUNT_F_EMPTY_PATH) == 0,
               "move_mount");
        printed_text text{};
        text_of(run_barebpf(line)).copy(text.bytes, sizeof(text.bytes) - 1);
        return text;
    };
    return in_user_namespace(hashes, run_there).bytes;
}

} // namespace

TEST_CASE("barebpf: what is printed is what the catalogue says")
{
    const std::vector<command_case> all = read_cases("On the command line");
    CHECK(all.size() >= 30);
    for (const command_case &one : all)
        check_text(one, text_of(run_case(one)));
}

TEST_CASE("barebpf: what is printed for root is what the catalogue says")
{
    if (geteuid() != 0)
        SKIP_BECAUSE("needs root: CAP_BPF to make maps, CAP_SYS_ADMIN to mount a bpffs");
    const bpffs mounted;
    const std::vector<command_case> all = read_cases("On the command line, as root");
    CHECK(all.size() >= 30);
    for (const command_case &one : all)
        check_for_root(one, mounted);
    CHECK(mounted.is_empty());
}

TEST_CASE("barebpf: what is printed in a user namespace is what the catalogue says")
{
    if (const std::string missing = missing_tokens(); !missing.empty())
        SKIP_BECAUSE(missing);
    char directory[] = "/tmp/barebpf-test-XXXXXX";
    REQUIRE(mkdtemp(directory));
    const std::vector<command_case> all = read_cases("On the command line, in a user namespace");
    CHECK(all.size() >= 3);
    for (command_case one : all) {
        one.printed = with_bpffs(one.printed, directory);
        check_text(one, run_in_namespace(with_bpffs(one.line, directory), directory));
    }
    std::filesystem::remove(directory);
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
