// SPDX-License-Identifier: BSD-2-Clause
// Every case of the command line in test/explain/catalogue.md: what the program prints must be what the page
// says.
#include <fstream>
#include <string>
#include <vector>

#include <unistd.h>

#include "bpffs.h"
#include "program.h"
#include "test/catch.h"

using namespace barebpf::test;

namespace
{

struct command_case {
    std::string line;
    std::string printed; // with its exit status as the last line
    bool for_root;
};

// A case begins with "$ barebpf LINE"; it and what is printed are indented by four spaces.
std::vector<command_case> read_cases(const char *path)
{
    const std::string indent = "    ", prompt = indent + "$ barebpf ";
    std::vector<command_case> all;
    std::ifstream file(path);
    std::string line;
    bool inside = false, for_root = false;
    while (std::getline(file, line)) {
        for_root = for_root || line == "# On the command line, as root";
        inside = inside && line.starts_with(indent);
        if (line.starts_with(prompt)) {
            all.push_back({line.substr(prompt.size()), "", for_root});
            inside = true;
        } else if (inside) {
            all.back().printed += line.substr(indent.size()) + "\n";
        }
    }
    return all;
}

// The page's bpffs is at /sys/fs/bpf, the test's elsewhere.
std::string with_bpffs(std::string text, const bpffs &mounted)
{
    const std::string usual = "/sys/fs/bpf/";
    for (size_t at = 0; (at = text.find(usual, at)) != text.npos;)
        text.replace(at, usual.size(), mounted.path(""));
    return text;
}

void check_lines(const std::string &line, const std::string &printed)
{
    CAPTURE(line);
    const outcome got = run_barebpf(line);
    CHECK(got.out + got.err + "exit status " + std::to_string(got.code) + "\n" == printed);
}

} // namespace

TEST_CASE("barebpf: what is printed is what the catalogue says")
{
    const std::vector<command_case> all = read_cases(BAREBPF_CATALOGUE);
    CHECK(all.size() >= 30);
    for (const command_case &one : all)
        if (!one.for_root)
            check_lines(one.line, one.printed);
}

TEST_CASE("barebpf: what is printed for root is what the catalogue says")
{
    if (geteuid() != 0)
        SKIP_BECAUSE("needs root: CAP_BPF to make maps, CAP_SYS_ADMIN to mount a bpffs");
    const bpffs mounted;
    unsigned int count = 0;
    for (const command_case &one : read_cases(BAREBPF_CATALOGUE))
        if (one.for_root && ++count)
            check_lines(with_bpffs(one.line, mounted), with_bpffs(one.printed, mounted));
    CHECK(count >= 9);
    CHECK(mounted.is_empty());
}
