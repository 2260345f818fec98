// SPDX-License-Identifier: BSD-2-Clause
// Every case of catalogue.md, on the model kernel: the lines a person is told must be those of the page.
// With BAREBPF_PRINT_CATALOGUE in the environment they are printed as they would be right.
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "explained.h"
#include "test/catch.h"
#include "test/releases.h"

namespace barebpf::test
{
namespace
{

// "# title", then "kernel 6.12 [as CALLER] [claims 5.10]", "map WORDS", and what is told: "why ...", "try
// ...".
struct one_case {
    std::string title, situation, map, why, remedy;
};

std::vector<one_case> read(const char *path)
{
    std::vector<one_case> all;
    std::ifstream file(path);
    std::string line;
    while (std::getline(file, line)) {
        if (line.starts_with("## "))
            all.push_back({line.substr(3), "", "", "", ""});
        if (all.empty())
            continue;
        one_case &last = all.back();
        const auto take = [&](const char *word, std::string *to) {
            const std::string beginning = std::string("    ") + word + " ";
            if (line.starts_with(beginning))
                *to = line.substr(beginning.size());
        };
        take("kernel", &last.situation);
        take("map", &last.map);
        take("why:", &last.why);
        take("try:", &last.remedy);
    }
    return all;
}

struct situation {
    release kernel = 0, claimed = 0;
    environment machine;
    uint64_t memlock = unlimited;
    int module = 0, lockdown = 0; // the errno with which they refuse bpf(2)
    std::vector<std::pair<std::string, std::string>> files;

    // The process is in a memory cgroup with a limit.
    void limit_cgroup(const std::string &line, const std::string &file, const std::string &limit)
    {
        machine.memory = std::stoull(limit);
        files = {{"/proc/self/cgroup", line}, {file, limit}};
    }
};

int errno_named(const std::string &name)
{
    for (int number = 1; number < 1024; number++)
        if (const char *known = barebpf_errno_name(number); known && name == known)
            return number;
    return 0;
}

situation read_situation(const std::string &text)
{
    situation given;
    std::istringstream words(text);
    std::string word, value;
    words >> word;
    given.kernel = given.claimed = release_in(word.c_str());
    while (words >> word >> value) {
        if (word == "claims")
            given.claimed = release_in(value.c_str());
        if (word == "as")
            given.machine.caller = {value == "admin", value == "bpf", value == "net", false};
        if (word == "memlock")
            given.memlock = std::stoull(value);
        if (word == "sysctl")
            given.machine.unprivileged_bpf_disabled = static_cast<uint32_t>(std::stoul(value));
        if (word == "module")
            given.module = errno_named(value);
        if (word == "locked-down")
            given.lockdown = errno_named(value);
        if (word == "cgroup")
            given.limit_cgroup("0::/app\n", "/sys/fs/cgroup/app/memory.max", value);
        if (word == "cgroup-v1")
            given.limit_cgroup("4:memory:/app\n0::/\n", "/sys/fs/cgroup/memory/app/memory.limit_in_bytes",
                               value);
        if (word == "memory")
            given.machine.memory = std::stoull(value);
        if (word == "without" && value == "jit-arenas")
            given.machine.arena_in_jit = false;
        if (word == "without" && value == "xdp-sockets")
            given.machine.config &= ~static_cast<uint32_t>(config_xdp_sockets);
        if (word == "without" && value == "bpf-lsm")
            given.machine.lsm_active = false;
    }
    return given;
}

// Words of the command line, and members for which it has none as NAME=NUMBER.
barebpf_map_spec read_map(const std::string &text, std::vector<std::string> *words)
{
    barebpf_map_spec spec{};
    spec.sz = sizeof(spec);
    std::istringstream stream(text);
    std::string word;
    words->clear();
    std::vector<std::string> members;
    while (stream >> word)
        (word.find('=') == std::string::npos ? *words : members).push_back(word);
    std::vector<const char *> pointers;
    for (const std::string &one : *words)
        pointers.push_back(one.c_str());
    barebpf_map_words read{};
    read.sz = sizeof(read);
    if (barebpf_map_words_parse(&read, &spec, pointers.data(), static_cast<uint32_t>(pointers.size()), 4096))
        std::printf("cannot read: %s\n", text.c_str());
    for (const std::string &one : members) {
        const std::string name = one.substr(0, one.find('='));
        const auto number = static_cast<uint32_t>(std::stoul(one.substr(one.find('=') + 1), nullptr, 0));
        const std::pair<const char *, uint32_t *> known[] = {
            {"btf_fd", &spec.btf_fd},
            {"btf_key_type_id", &spec.btf_key_type_id},
            {"btf_value_type_id", &spec.btf_value_type_id},
            {"btf_vmlinux_value_type_id", &spec.btf_vmlinux_value_type_id},
            {"inner_map_fd", &spec.inner_map_fd},
            {"map_ifindex", &spec.map_ifindex},
            {"token_fd", &spec.token_fd},
            {"excl_prog_hash_size", &spec.excl_prog_hash_size},
        };
        for (const auto &[word_of, member] : known)
            if (name == word_of)
                *member = number;
    }
    return spec;
}

struct lines {
    std::string why, remedy;
    int error;
};

lines explain(const one_case &given)
{
    static char text[400], remedy[400];
    const situation where = read_situation(given.situation);
    std::vector<std::string> words;
    const barebpf_map_spec spec = read_map(given.map, &words);
    model_kernel kernel(where.kernel, where.machine);
    kernel.claims(where.claimed);
    kernel.shows_files();
    for (const auto &[path, contents] : where.files)
        kernel.has_file(path, contents);
    kernel.has_module(where.module);
    kernel.is_locked_down(where.lockdown);
    kernel.limits_memlock(where.memlock, where.memlock, false);
    barebpf_explain_opts opts{};
    opts.sz = sizeof(opts);
    opts.calls = 40;
    opts.words = 1;
    barebpf_explanation explanation{};
    explanation.sz = sizeof(explanation);
    explanation.text = text;
    explanation.text_size = sizeof(text);
    explanation.remedy = remedy;
    explanation.remedy_size = sizeof(remedy);
    barebpf_explain(&spec, 0, &opts, &explanation);
    const char *name = barebpf_errno_name(explanation.error);
    std::string why = std::string(name ? name : "made") + ", " + barebpf_cause_name(explanation.cause) +
                      ", " + barebpf_confidence_name(explanation.confidence) + ": " + text;
    return {why, remedy, explanation.error};
}

void print(const one_case &given, const lines &explanation)
{
    std::printf("## %s\n\n    kernel %s\n    map %s\n    why: %s\n", given.title.c_str(),
                given.situation.c_str(), given.map.c_str(), explanation.why.c_str());
    if (!explanation.remedy.empty())
        std::printf("    try: %s\n", explanation.remedy.c_str());
    std::printf("\n");
}

} // namespace
} // namespace barebpf::test

using namespace barebpf::test;

TEST_CASE("explain: what people are told is what the catalogue says")
{
    const std::vector<one_case> all = read(BAREBPF_CATALOGUE);
    const bool printing = std::getenv("BAREBPF_PRINT_CATALOGUE") != nullptr;
    CHECK(all.size() >= 80);
    for (const one_case &given : all) {
        const lines explanation = explain(given);
        if (printing)
            print(given, explanation);
        INFO(given.title);
        CHECK(explanation.why == given.why);
        CHECK(explanation.remedy == given.remedy);
    }
}
