// SPDX-License-Identifier: BSD-2-Clause
// Every case of the command line in test/explain/catalogue.md: what the program prints must be what the page
// says.
#include <fstream>
#include <string>
#include <vector>

#include "program.h"
#include "test/catch.h"

using namespace barebpf::test;

namespace
{

struct command_case {
    std::string line;
    std::string printed; // with its exit status as the last line
};

// A case begins with "$ barebpf LINE"; it and what is printed are indented by four spaces.
std::vector<command_case> read_cases(const char *path)
{
    const std::string indent = "    ", prompt = indent + "$ barebpf ";
    std::vector<command_case> all;
    std::ifstream file(path);
    std::string line;
    bool inside = false;
    while (std::getline(file, line)) {
        inside = inside && line.starts_with(indent);
        if (line.starts_with(prompt)) {
            all.push_back({line.substr(prompt.size()), ""});
            inside = true;
        } else if (inside) {
            all.back().printed += line.substr(indent.size()) + "\n";
        }
    }
    return all;
}

} // namespace

TEST_CASE("barebpf: what is printed is what the catalogue says")
{
    const std::vector<command_case> all = read_cases(BAREBPF_CATALOGUE);
    CHECK(all.size() >= 20);
    for (const command_case &one : all) {
        CAPTURE(one.line);
        const outcome got = run_barebpf(one.line);
        CHECK(got.out + got.err + "exit status " + std::to_string(got.code) + "\n" == one.printed);
    }
}
